from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from app.accounts.models import Person
from app.text import PLAIN_TEXT

Body = Annotated[
    str, Meta(min_length=1, max_length=20_000, pattern=PLAIN_TEXT, description="Markdown, kept as it is written")
]
Internal = Annotated[bool, Meta(description="For agents and admins alone; requesters never learn of it")]


class CreateComment(Struct, frozen=True, forbid_unknown_fields=True):
    body: Body
    internal: Internal = False


class PatchComment(Struct, frozen=True, forbid_unknown_fields=True):
    """Who may read a comment stays as it is."""

    body: Body


class CommentResponse(Struct, frozen=True, rename="camel"):
    """Of its author everyone who may read a comment is told the name, and no more: a requester too, of an agent."""

    id: UUID
    body: Body
    internal: Internal
    author: Person
    created_at: datetime
    edited_at: datetime | None


class CommentPage(Struct, frozen=True, rename="camel"):
    comments: list[CommentResponse]
    next_cursor: str | None
