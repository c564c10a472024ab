from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from app.accounts.models import User
from app.accounts.schemas import Email
from app.contacts.schemas import Name
from app.http.answers import answer
from app.http.bodies import Patch
from app.http.paging import Pagination
from app.tickets.models import Description, Priority, Tag, Ticket, Title
from app.tickets.status import Status


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
    due_at: datetime | None
    breached: bool
    external_id: str | None
    merged_into: Annotated[UUID | None, Meta(description="The ticket that this one was a duplicate of; it is closed")]
    contact_id: Annotated[UUID | None, Meta(description="For agents and admins; left out for others")] | UnsetType = (
        UNSET
    )

    @classmethod
    def of(cls, ticket: Ticket, *, seen_by: User) -> "TicketResponse":
        """Leave the contact out for requesters: its id would tell since when an e-mail that they named is known."""
        shown = answer(ticket, cls)
        return structs.replace(shown, contact_id=UNSET) if seen_by.role == "requester" else shown


class TagResponse(Struct, frozen=True):
    tag: str
    count: int


class TagList(Struct, frozen=True):
    tags: list[TagResponse]
    of: Annotated[int, Meta(description="So many of the newest tickets were looked at, if there are so many")]


class TicketPage(Struct, frozen=True, rename="camel"):
    tickets: list[TicketResponse]
    pagination: Pagination
    next_cursor: str | None
