from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from app.accounts.models import Person
from app.http.bodies import Patch
from app.inventory.models import CableGauge, CableLength, CableType, ItemKey, Kind
from app.text import PLAIN_TEXT

MOST = 1_000_000  # of an item at once

Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=PLAIN_TEXT, description="What the ledger will say")]
LowAt = Annotated[int, Meta(ge=0, le=MOST, description="With so many left there is too little of it; null: never")]


class ReceiveCable(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    cable_type: CableType
    cable_gauge: CableGauge
    cable_length: CableLength
    quantity: Annotated[int, Meta(ge=1, le=MOST)]

    @property
    def key(self) -> ItemKey:
        return ItemKey.of(self.cable_type, self.cable_gauge, self.cable_length)


class AdjustStock(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    item_id: UUID
    quantity: Annotated[
        int,
        Meta(
            ge=-MOST,
            le=MOST,
            description="How many more there are; below 0: fewer",
            extra_json_schema={"not": {"const": 0}},
        ),
    ]
    reason: Reason


class PatchItem(Patch, frozen=True):
    low_at: LowAt | UnsetType | None = UNSET


class StockResponse(Struct, frozen=True, rename="camel"):
    """A kind of cable; `low` says whether there is too little of it."""

    id: UUID
    cable_type: str
    cable_gauge: str
    cable_length: str
    on_hand: int
    low_at: LowAt | None
    low: bool
    updated_at: datetime


class StockPage(Struct, frozen=True, rename="camel"):
    items: list[StockResponse]
    next_cursor: str | None


class MovementResponse(Struct, frozen=True, rename="camel"):
    """A line of the ledger: what was issued has a `quantity` below 0. `onHand` is what there was after it."""

    id: int
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
    actor: Person


class MovementPage(Struct, frozen=True, rename="camel"):
    movements: list[MovementResponse]
    next_cursor: str | None
