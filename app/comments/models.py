from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import TIMESTAMP, Boolean, Column, ForeignKey, Index, Table, Text, Uuid, text

from app.accounts.models import Person
from app.database import metadata

comments = Table(
    "comments",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("ticket_id", Uuid, ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False),  # a purge takes them along
    Column("author_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("body", Text, nullable=False),  # Markdown, as it was written
    Column("internal", Boolean, nullable=False, server_default=text("false")),  # for agents and admins alone
    Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
    Column("edited_at", TIMESTAMP(timezone=True)),
)
Index("ix_comments_ticket", comments.c.ticket_id, comments.c.id)


class Comment(msgspec.Struct, frozen=True):
    id: UUID
    author: Person
    body: str
    internal: bool
    created_at: datetime
    edited_at: datetime | None
