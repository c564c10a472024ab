from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from app.comments.models import Author
from app.text import PLAIN_TEXT

MAX_BODY = 20_000  # characters
Body = Annotated[str, Meta(min_length=1, max_length=MAX_BODY, pattern=PLAIN_TEXT, description="Markdown, kept as is")]


class CreateComment(Struct, frozen=True, forbid_unknown_fields=True):
    body: Body
    internal: Annotated[bool, Meta(description="For agents and admins to write, and for them alone to see")] = False


class PatchComment(Struct, frozen=True, forbid_unknown_fields=True):
    body: Body


class CommentResponse(Struct, frozen=True, rename="camel"):
    """What someone said of a ticket; whoever may see that is told their name, and nothing else of them."""

    id: UUID
    body: str
    internal: bool
    author: Author
    created_at: datetime
    edited_at: datetime | None


class CommentPage(Struct, frozen=True, rename="camel"):
    comments: list[CommentResponse]
    next_cursor: str | None
