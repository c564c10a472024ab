from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from app.accounts.models import User
from app.contacts.schemas import Email, Name
from app.http.answers import answer
from app.http.bodies import Patch
from app.http.paging import Pagination
from app.text import PLAIN_TEXT
from app.tickets.models import Priority, Status, Tag, Ticket

Title = Annotated[str, Meta(min_length=1, max_length=255, pattern=PLAIN_TEXT)]
Description = Annotated[str, Meta(max_length=20_000, pattern=PLAIN_TEXT)]


class NamedContact(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a ticket is for: who has this e-mail, in any case, and keeps the name; added where nobody has it."""

    name: Name
    email: Email


class CreateTicket(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """For agents and admins `contactId`, for everyone `contact`, not both."""

    title: Title
    description: Description = ""
    status: Status = "open"
    priority: Priority = "normal"
    contact_id: UUID | UnsetType = UNSET
    contact: NamedContact | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.contact_id is not UNSET and self.contact is not UNSET:
            raise ValueError("Give either `contactId` or `contact`")

    @property
    def values(self) -> dict[str, Any]:
        """Return the fields that were given."""
        return {name: value for name, value in structs.asdict(self).items() if value is not UNSET}


class ReplaceTicket(Patch, frozen=True):
    """What its requester may write; assignee and tags stay as they are, and so does the priority if it is left out."""

    title: Title
    description: Description
    status: Status
    priority: Priority | UnsetType = UNSET


class PatchTicket(Patch, frozen=True):
    """Assignee, tags and contact are for agents and admins."""

    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    assignee_id: UUID | UnsetType | None = UNSET
    tags: Annotated[list[Tag], Meta(max_length=50)] | UnsetType = UNSET
    contact_id: UUID | UnsetType | None = UNSET


class TicketResponse(Struct, frozen=True, kw_only=True, rename="camel"):
    id: UUID
    number: int
    title: str
    description: str
    status: Status
    priority: Priority
    requester_id: UUID
    version: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    assignee_id: UUID | None
    tags: list[str]
    contact_id: Annotated[UUID | None, Meta(description="For agents and admins; left out for others")] | UnsetType = (
        UNSET
    )

    @classmethod
    def of(cls, ticket: Ticket, *, seen_by: User) -> "TicketResponse":
        """Leave the contact out for requesters: its id would tell since when an e-mail that they named is known."""
        shown = answer(ticket, cls)
        return structs.replace(shown, contact_id=UNSET) if seen_by.role == "requester" else shown


class TagList(Struct, frozen=True):
    tags: list[str]


class TicketPage(Struct, frozen=True, rename="camel"):
    tickets: list[TicketResponse]
    pagination: Pagination
    next_cursor: str | None
