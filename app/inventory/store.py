"""The SQL that reads stock, and describes it; what moves it is in ledger.py. Nothing here commits."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import ColumnElement, Numeric, Select, and_, cast, func, literal, not_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import Person, users
from app.inventory.models import Item, ItemKey, Movement, inventory_items, inventory_movements, plain
from app.inventory.queries import MovementQuery, StockQuery

_item, _movement = inventory_items.c, inventory_movements.c
_ITEM = [_item[name] for name in Item.__struct_fields__]
_IS_LOW = and_(_item.low_at.is_not(None), _item.on_hand <= _item.low_at)
_OF_MOVEMENT = [_movement[name] for name in ("at", "kind", "quantity", "on_hand", "reason", "ticket_id", "item_id")]
_OF_ITEM = [_item[name] for name in ItemKey._fields]


def _key(key: ItemKey) -> ColumnElement[bool]:
    return and_(
        plain(_item.cable_type) == plain(literal(key.cable_type)),
        plain(_item.cable_gauge) == plain(literal(key.cable_gauge)),
        _item.cable_length == key.cable_length,
    )


def _place(
    cable_type: ColumnElement[str], cable_gauge: ColumnElement[str], cable_length: ColumnElement[str]
) -> list[ColumnElement[Any]]:
    """Say where an item stands in a list: by its type and its gauge, from short to long."""
    number, unit = (func.split_part(cable_length, " ", part) for part in (1, 2))
    return [plain(cable_type), plain(cable_gauge), unit, cast(number, Numeric)]


_ORDER = _place(_item.cable_type, _item.cable_gauge, _item.cable_length)


async def find_items(connection: AsyncConnection, query: StockQuery, *, after: ItemKey | None) -> list[Item]:
    """Return items in the order of their keys, and one more than the query's limit."""
    statement = select(*_ITEM).order_by(*_ORDER).limit(query.limit + 1)
    if query.low is not UNSET:
        statement = statement.where(_IS_LOW if query.low else not_(_IS_LOW))
    if after is not None:
        statement = statement.where(tuple_(*_ORDER) > tuple_(*_place(*map(literal, after))))
    return [Item(*row) for row in await connection.execute(statement)]


async def find_item(connection: AsyncConnection, item_id: UUID) -> Item | None:
    row = (await connection.execute(select(*_ITEM).where(_item.id == item_id))).one_or_none()
    return Item(*row) if row else None


async def find_item_id(connection: AsyncConnection, key: ItemKey) -> UUID | None:
    return await connection.scalar(select(_item.id).where(_key(key)))


async def item_id_of(connection: AsyncConnection, key: ItemKey) -> UUID:
    """Return the id of the item that is known by a key; add one, of which there is nothing, where there is none."""
    await connection.execute(insert(inventory_items).values(**key._asdict()).on_conflict_do_nothing())
    item_id: UUID = (await connection.execute(select(_item.id).where(_key(key)))).scalar_one()
    return item_id


async def lock_item(connection: AsyncConnection, item_id: UUID) -> Item | None:
    """Find an item that nobody else changes until the transaction ends."""
    statement = select(*_ITEM).where(_item.id == item_id).with_for_update(key_share=True)
    row = (await connection.execute(statement)).one_or_none()
    return Item(*row) if row else None


async def set_low_at(connection: AsyncConnection, item_id: UUID, low_at: int | None) -> Item:
    values = {"low_at": low_at, "updated_at": func.clock_timestamp()}
    statement = update(inventory_items).where(_item.id == item_id).values(**values).returning(*_ITEM)
    return Item(*(await connection.execute(statement)).one())


async def find_movements(connection: AsyncConnection, query: MovementQuery, *, below_id: int | None) -> list[Movement]:
    """Return the newest movements, or those whose id is below `below_id`, and one more than the query's limit."""
    statement = _movements().order_by(_movement.id.desc()).limit(query.limit + 1)
    for column, given in (
        (_movement.item_id, query.item_id),
        (_movement.kind, query.kind),
        (_movement.ticket_id, query.ticket_id),
    ):
        if given is not UNSET:
            statement = statement.where(column == given)
    if below_id is not None:
        statement = statement.where(_movement.id < below_id)
    return [_as_movement(row) for row in await connection.execute(statement)]


async def get_movement(connection: AsyncConnection, movement_id: int) -> Movement:
    return _as_movement((await connection.execute(_movements().where(_movement.id == movement_id))).one())


def _movements() -> Select[Any]:
    return (
        select(_movement.id, users.c.id, users.c.username, *_OF_MOVEMENT, *_OF_ITEM)
        .join(inventory_items, _item.id == _movement.item_id)
        .join(users, users.c.id == _movement.actor_id)
    )


def _as_movement(row: Sequence[Any]) -> Movement:
    id_, actor_id, username, *others = row
    return Movement(id_, Person(actor_id, username), *others)
