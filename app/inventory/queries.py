from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from app.inventory.models import Kind
from app.lists import ListQuery


class StockQuery(ListQuery, frozen=True, kw_only=True):
    """What can be asked of what is on hand."""

    low: Annotated[bool, Meta(description="Whether there is too little of it")] | UnsetType = UNSET


class ReceivingQuery(ListQuery, frozen=True, kw_only=True):
    """What can be asked of what was received."""


class MovementQuery(ListQuery, frozen=True, kw_only=True):
    """Which movements someone asks for; all that is given must hold."""

    item_id: UUID | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    ticket_id: Annotated[UUID, Meta(description="The ticket that they were issued for")] | UnsetType = UNSET
