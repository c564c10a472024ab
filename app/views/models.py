from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import TIMESTAMP, Boolean, Column, ForeignKey, Index, String, Table, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB

from app.database import metadata

views = Table(
    "views",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("owner_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("filter", JSONB, nullable=False),  # of tickets, as GET /api/tickets and bulk jobs take it
    Column("shared", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
    Column("updated_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
)
Index("uq_views_name", views.c.owner_id, func.lower(views.c.name), unique=True)
Index("ix_views_shared", func.lower(views.c.name), views.c.id, postgresql_where=views.c.shared)


class View(msgspec.Struct, frozen=True):
    """A filter with a name. Its owner changes it; one that is shared can be used by everyone."""

    id: UUID
    owner_id: UUID
    name: str
    filter: dict[str, Any]
    shared: bool
    created_at: datetime
    updated_at: datetime
