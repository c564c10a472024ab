"""What a type of ticket is: the fields that it has, its states, and how it goes from one to another."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final

from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User
from app.text import PLAIN_TEXT
from app.tickets.models import Ticket
from app.tickets.status import Status

Note = Annotated[str, Meta(max_length=2_000, pattern=PLAIN_TEXT)]
Quantity = Annotated[int, Meta(ge=1, le=10_000)]

Arrows = Mapping[tuple[Status, Status], str]
Fulfill = Callable[[AsyncConnection, Ticket, User], Awaitable[None]]

# For changes by hand and for bulk updates. An undo restores what was before, whatever that is: it is not a move.
APPROVED_FIRST: Final[Arrows] = {
    ("pending_approval", "approved"): "whoever was asked agrees",
    ("pending_approval", "rejected"): "whoever was asked says no, and why",
    ("approved", "in_progress"): "someone begins with it",
    ("in_progress", "fulfilled"): "what was asked for is handed over",
    ("fulfilled", "closed"): "nothing more is to be done",
}


class Fields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """The base of what tickets of a type have of their own: texts and whole numbers, as filters look for them."""


class TicketType(Struct, frozen=True, kw_only=True):
    """One type of ticket.

    begins_as: the states that a new one may have; the first, if it is not said.
    title: makes a title of the fields where none is given; None where one must be.
    fulfill: what is done in the transaction that makes a ticket `fulfilled`; what it raises undoes that.
    stock: where that takes from stock, the same for bulk jobs: a query that makes `stock_wanted`, as `ledger.MOVING`
        has it, of `fulfilling (position, ticket_id, type, fields, actor_id)`.
    """

    name: str
    fields: type[Fields]
    begins_as: tuple[Status, ...]
    arrows: Arrows
    title: Callable[[Any], str] | None = None
    fulfill: Fulfill | None = None
    stock: str | None = None

    @property
    def needs_approval(self) -> bool:
        return "pending_approval" in self.begins_as

    @property
    def states(self) -> list[Status]:
        """Return every state that such a ticket can be in, those that it begins as first."""
        return list(dict.fromkeys((*self.begins_as, *(target for _, target in self.arrows))))

    def targets(self, source: Status) -> list[Status]:
        """Return the states that an arrow leads to from `source`."""
        return [target for start, target in self.arrows if start == source]
