from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from app.accounts.models import Role
from app.http.bodies import Patch
from app.text import PLAIN_TEXT
from app.tickets.filters import SavedFilter
from app.tickets.models import Sort
from app.views.models import ListColumn

Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=PLAIN_TEXT)]
SharedWith = Annotated[
    list[Role], Meta(max_length=3, description="Roles that may use it too; for agents and admins to say")
]
Columns = Annotated[list[ListColumn], Meta(min_length=1, max_length=11, description="What a list of it shows")]
Position = Annotated[int, Meta(ge=0, le=1_000_000, description="Lower ones come first")]


class CreateView(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    name: Name
    filter: SavedFilter
    shared_with: SharedWith = []
    columns: Columns | None = None
    sort: Sort | None = None
    position: Position = 0


class PatchView(Patch, frozen=True):
    name: Name | UnsetType = UNSET
    filter: SavedFilter | UnsetType = UNSET
    shared_with: SharedWith | UnsetType = UNSET
    columns: Columns | UnsetType | None = UNSET
    sort: Sort | UnsetType | None = UNSET
    position: Position | UnsetType = UNSET


class ViewResponse(Struct, frozen=True, rename="camel"):
    """A saved filter; `GET /api/tickets?view=<id>` lists what it matches at that moment.

    One by contact, or of deleted tickets, is for agents and admins, whoever it is shared with.
    `ownerId` is null for views that people have from the start.
    """

    id: UUID
    owner_id: UUID | None
    name: str
    filter: SavedFilter
    shared_with: list[Role]
    columns: list[ListColumn] | None
    sort: Sort | None
    position: int
    created_at: datetime
    updated_at: datetime


class ViewPage(Struct, frozen=True, rename="camel"):
    views: list[ViewResponse]
    next_cursor: str | None


class CountResponse(Struct, frozen=True, rename="camel"):
    """How many tickets a view matches: `count` of them, or more where `isMore`; null if that took too long to find."""

    view_id: UUID
    count: int | None
    is_more: bool


class CountList(Struct, frozen=True, rename="camel"):
    counts: list[CountResponse]
