from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from app.http.bodies import Patch
from app.text import PLAIN_TEXT
from app.tickets.filters import SavedFilter

Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=PLAIN_TEXT)]
Shared = Annotated[bool, Meta(description="Everyone may use it; for agents and admins to say")]


class CreateView(Struct, frozen=True, forbid_unknown_fields=True):
    name: Name
    filter: SavedFilter
    shared: Shared = False


class PatchView(Patch, frozen=True):
    name: Name | UnsetType = UNSET
    filter: SavedFilter | UnsetType = UNSET
    shared: Shared | UnsetType = UNSET


class ViewResponse(Struct, frozen=True, rename="camel"):
    """A saved filter; `GET /api/tickets?view=<id>` lists what it matches at that moment."""

    id: UUID
    owner_id: UUID
    name: str
    filter: SavedFilter
    shared: bool
    created_at: datetime
    updated_at: datetime


class ViewPage(Struct, frozen=True, rename="camel"):
    views: list[ViewResponse]
    next_cursor: str | None
