from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.accounts.models import Role
from app.database import metadata
from app.tickets.models import Sort

ListColumn = Literal[
    "number", "title", "status", "priority", "assignee", "requester", "contact", "tags", "due", "created", "updated"
]

views = Table(
    "views",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("owner_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("filter", JSONB, nullable=False),  # of tickets, as GET /api/tickets and bulk jobs take it
    Column("shared_with", ARRAY(String(16)), nullable=False, server_default="{}"),  # roles that may use it, too
    Column("columns", ARRAY(String(16))),  # what a list shows of it; null: what lists show anyway
    Column("sort", String(16)),
    Column("position", Integer, nullable=False, server_default=text("0")),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
    Column("updated_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
    CheckConstraint("position >= 0", name="position"),
)
Index("uq_views_name", views.c.owner_id, func.lower(views.c.name), unique=True)
Index("ix_views_shared", views.c.id, postgresql_where=views.c.shared_with != text("'{}'"))


class View(msgspec.Struct, frozen=True):
    """A filter with a name, and how a list of it looks. Its owner changes it; one without an owner comes with us."""

    id: UUID
    owner_id: UUID | None
    name: str
    filter: dict[str, Any]
    shared_with: list[Role]
    columns: list[ListColumn] | None
    sort: Sort | None
    position: int
    created_at: datetime
    updated_at: datetime

    @property
    def place(self) -> "Place":
        return Place(self.position, self.name.lower(), self.id)


class Place(NamedTuple):
    """Where a view stands among others."""

    position: int
    name: str
    id: UUID


class Count(msgspec.Struct, frozen=True):
    """How many tickets a view matches: `count`, or more than that; None if counting would have taken too long."""

    view_id: UUID
    count: int | None
    is_more: bool = False
