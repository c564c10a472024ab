from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from app.http.bodies import Patch
from app.http.paging import Pagination
from app.tickets.models import Description, Priority, Tag, Title
from app.tickets.status import Status


class CreateTicket(Struct, frozen=True, forbid_unknown_fields=True):
    title: Title
    description: Description = ""
    status: Status = "open"
    priority: Priority = "normal"


class ReplaceTicket(Patch, frozen=True):
    """What its requester may write; assignee and tags stay as they are, and so does the priority if it is left out."""

    title: Title
    description: Description
    status: Status
    priority: Priority | UnsetType = UNSET


class PatchTicket(Patch, frozen=True):
    """Assignee and tags are for agents and admins."""

    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    assignee_id: UUID | UnsetType | None = UNSET
    tags: Annotated[list[Tag], Meta(max_length=50)] | UnsetType = UNSET


class TicketResponse(Struct, frozen=True, rename="camel"):
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
    contact_id: UUID | None
    due_at: datetime | None
    breached: bool
    external_id: str | None
    merged_into: Annotated[UUID | None, Meta(description="The ticket that this one was a duplicate of; it is closed")]


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
