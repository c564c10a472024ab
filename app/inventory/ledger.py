"""How stock moves: by one statement, whether one movement is wanted or a thousand; nothing here commits.

Whoever moves stock holds its item until the transaction ends, so `on_hand` is the sum of an item's movements for
everybody, and nobody takes what is not there. When there comes to be too little of it, that is an event, and on record.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import Integer, String, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import NotFound
from app.inventory import store
from app.inventory.errors import OutOfStock
from app.inventory.models import ItemKey, Kind, Movement

# Common table expressions that do what `stock_wanted` before them says, which has the columns `position`, `item_id`,
# `kind`, `quantity`, `reason`, `ticket_id` and `actor_id`; `stock_moved (id, ticket_id)` has what could be done. Items
# are locked in the order of their ids, so that two who want several of them never wait for each other. What is wanted
# of an item is done in the order of positions; what there is not enough for is passed over, and those after it may take
# what is left.
MOVING: Final = """
    stock_held as materialized (
        select id, on_hand from inventory_items
        where id = any(array(select item_id from stock_wanted)) order by id for no key update
    ),
    stock_counted as (
        select stock_wanted.*, stock_held.on_hand as at_first,
               stock_in_turn(stock_held.on_hand, quantity) over (partition by item_id order by position) as on_hand
        from stock_wanted join stock_held on stock_held.id = item_id
    ),
    stock_followed as (
        select *, lag(on_hand, 1, at_first) over (partition by item_id order by position) as before from stock_counted
    ),
    stock_granted as (
        select * from stock_followed where on_hand = before + quantity
    ),
    stock_moved as (
        insert into inventory_movements (item_id, kind, quantity, on_hand, reason, ticket_id, actor_id)
        select item_id, kind, quantity, on_hand, reason, ticket_id, actor_id from stock_granted order by position
        returning id, ticket_id
    ),
    stock_changed as (
        update inventory_items as item
        set on_hand = item.on_hand + granted.quantity, updated_at = clock_timestamp()
        from (select item_id, sum(quantity) as quantity from stock_granted group by item_id) as granted
        where item.id = item_id
        returning new.*, old.on_hand as before
    ),
    stock_low as (
        select * from stock_changed where on_hand <= low_at and low_at < before
    ),
    stock_warned as (
        insert into audit_log (action, subject_id, details)
        select 'inventory.low', id, jsonb_build_object(
            'name', concat_ws(' ', cable_type, cable_gauge, cable_length), 'onHand', on_hand, 'lowAt', low_at
        )
        from stock_low
    ),
    stock_told as (
        insert into events (type, data)
        select 'inventory.low', jsonb_build_object('item', jsonb_build_object(
            'id', id, 'cableType', cable_type, 'cableGauge', cable_gauge, 'cableLength', cable_length,
            'onHand', on_hand, 'lowAt', low_at
        ))
        from stock_low
    )
"""
_MOVE: Final = text(f"""
    with stock_wanted as materialized (
        select 0 as position, :item_id as item_id, :kind as kind, :quantity as quantity, :reason as reason,
               :ticket_id as ticket_id, :actor_id as actor_id
    ),
    {MOVING}
    select stock_held.on_hand, stock_moved.id from stock_held left join stock_moved on true
""").bindparams(
    bindparam("item_id", type_=Uuid),
    bindparam("kind", type_=String),
    bindparam("quantity", type_=Integer),
    bindparam("reason", type_=Text),
    bindparam("ticket_id", type_=Uuid),
    bindparam("actor_id", type_=Uuid),
)


async def receive(connection: AsyncConnection, key: ItemKey, quantity: int, *, actor_id: UUID) -> Movement:
    """Put so many of an item into stock, whether there ever were any of it or not."""
    return await _move(connection, await store.item_id_of(connection, key), "received", quantity, actor_id=actor_id)


async def issue(
    connection: AsyncConnection, key: ItemKey, quantity: int, *, ticket_id: UUID, actor_id: UUID
) -> Movement:
    """Take so many of an item out of stock for a ticket, in the transaction that fulfils it.

    Raises:
        OutOfStock: there are fewer, or there never were any.
    """
    item_id = await store.find_item_id(connection, key)
    if item_id is None:
        raise OutOfStock(0)
    return await _move(connection, item_id, "issued", -quantity, ticket_id=ticket_id, actor_id=actor_id)


async def adjust(connection: AsyncConnection, item_id: UUID, quantity: int, reason: str, *, actor_id: UUID) -> Movement:
    """Say that there are so many more of an item than was known, or fewer where it is below 0.

    Raises:
        NotFound: there is no such item.
        OutOfStock: less than nothing would be left.
    """
    return await _move(connection, item_id, "adjusted", quantity, reason=reason, actor_id=actor_id)


async def _move(
    connection: AsyncConnection,
    item_id: UUID,
    kind: Kind,
    quantity: int,
    *,
    actor_id: UUID,
    reason: str | None = None,
    ticket_id: UUID | None = None,
) -> Movement:
    wanted = {"item_id": item_id, "kind": kind, "quantity": quantity, "reason": reason, "ticket_id": ticket_id}
    row = (await connection.execute(_MOVE, wanted | {"actor_id": actor_id})).one_or_none()
    if row is None:
        raise NotFound("There is no item with this id.")
    if row.id is None:
        raise OutOfStock(row.on_hand)
    return await store.get_movement(connection, row.id)
