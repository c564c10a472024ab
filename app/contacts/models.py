from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import TIMESTAMP, Column, Index, String, Table, Text, Uuid, func, text

from app.database import metadata

contacts = Table(
    "contacts",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("name", String(200), nullable=False),
    Column("email", String(254)),
    Column("phone", String(16)),  # E.164
    Column("organization", String(200), nullable=False, server_default=""),
    Column("notes", Text, nullable=False, server_default=""),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
    Column("updated_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
)
Index("uq_contacts_email", func.lower(contacts.c.email), unique=True)
Index("ix_contacts_name", func.lower(contacts.c.name), contacts.c.id)


class Contact(msgspec.Struct, frozen=True):
    """Someone whom tickets are for, and who need not be a user."""

    id: UUID
    name: str
    email: str | None
    phone: str | None
    organization: str
    notes: str
    created_at: datetime
    updated_at: datetime
