from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    func,
    literal_column,
    text,
)

from app.accounts.models import Person
from app.database import metadata
from app.text import ONE_LINE

LENGTH = r"^([1-9][0-9]{0,4}(\.[0-9]{1,2})?|0\.([1-9][0-9]?|0[1-9]))( ?([Ff][Tt]|[Mm]))?$(?!\n)"
MAX_TYPE, MAX_GAUGE, MAX_LENGTH = 64, 32, 16  # characters

CableType = Annotated[str, Meta(max_length=MAX_TYPE, pattern=ONE_LINE, examples=["Cat6"])]
CableGauge = Annotated[str, Meta(max_length=MAX_GAUGE, pattern=ONE_LINE, examples=["23AWG"])]
CableLength = Annotated[
    str,
    Meta(
        max_length=MAX_LENGTH,
        pattern=LENGTH,
        description="A number and its unit, ft or m; ft where none is given",
        examples=["100 ft"],
    ),
]
Kind = Literal["received", "issued", "adjusted"]


def plain(words: ColumnElement[str]) -> ColumnElement[str]:
    """Return words as they are compared: spaces, and upper and lower case, make no other type or gauge."""
    return func.lower(func.replace(words, literal_column("' '"), literal_column("''")))


inventory_items = Table(
    "inventory_items",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("cable_type", String(MAX_TYPE), nullable=False),
    Column("cable_gauge", String(MAX_GAUGE), nullable=False),
    Column("cable_length", String(MAX_LENGTH), nullable=False),  # as `ItemKey.of` writes it
    Column("on_hand", BigInteger, nullable=False, server_default=text("0")),  # the sum of its movements
    Column("low_at", Integer),  # null: there is never too little of it
    Column("updated_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    CheckConstraint("on_hand >= 0", name="on_hand"),
    CheckConstraint("low_at >= 0", name="low_at"),
)
Index(
    "uq_inventory_items_key",
    plain(inventory_items.c.cable_type),
    plain(inventory_items.c.cable_gauge),
    inventory_items.c.cable_length,
    unique=True,
)

# Append-only: a trigger refuses all else. No foreign key to tickets: what went out for one that is purged stays gone.
inventory_movements = Table(
    "inventory_movements",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", TIMESTAMP(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("item_id", Uuid, ForeignKey("inventory_items.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("quantity", Integer, nullable=False),  # what came in; what went out is negative
    Column("on_hand", BigInteger, nullable=False),  # of the item, after this
    Column("reason", Text),
    Column("ticket_id", Uuid),
    Column("actor_id", Uuid, ForeignKey("users.id"), nullable=False),
    CheckConstraint(
        "case kind when 'received' then quantity > 0 when 'issued' then quantity < 0"
        " when 'adjusted' then quantity <> 0 and reason is not null else false end",
        name="kind",
    ),
)
_movement = inventory_movements.c
Index("ix_inventory_movements_item", _movement.item_id, _movement.id)
Index("ix_inventory_movements_kind", _movement.kind, _movement.id)
Index(
    "ix_inventory_movements_ticket",
    _movement.ticket_id,
    _movement.id,
    postgresql_where=_movement.ticket_id.is_not(None),
)


class ItemKey(NamedTuple):
    """What an item is known by; types and gauges are compared as `plain` has them."""

    cable_type: str
    cable_gauge: str
    cable_length: str

    @classmethod
    def of(cls, cable_type: str, cable_gauge: str, cable_length: str) -> "ItemKey":
        """Make it of what someone wrote: a `CableLength` of "100", "100.0 FT" or "100ft" is one of "100 ft"."""
        lower = cable_length.lower()
        number, unit = Decimal(lower.rstrip(" ftm")).normalize(), "m" if lower.endswith("m") else "ft"
        return cls(cable_type, cable_gauge, f"{number:f} {unit}")


class Item(msgspec.Struct, frozen=True):
    """A kind of cable, and how many there are of it."""

    id: UUID
    cable_type: str
    cable_gauge: str
    cable_length: str
    on_hand: int
    low_at: int | None
    updated_at: datetime

    @property
    def low(self) -> bool:
        return self.low_at is not None and self.on_hand <= self.low_at

    @property
    def key(self) -> ItemKey:
        return ItemKey(self.cable_type, self.cable_gauge, self.cable_length)


class Movement(msgspec.Struct, frozen=True):
    """How many came in or went out of which item, and how many there were after that."""

    id: int
    actor: Person
    at: datetime
    kind: Kind
    quantity: int
    on_hand: int
    reason: str | None
    ticket_id: UUID | None
    item_id: UUID
    cable_type: str
    cable_gauge: str
    cable_length: str


class Received(msgspec.Struct, frozen=True):
    """What came in, now or by the same request before."""

    movement: Movement
    is_replay: bool = False
