from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from sqlalchemy import TIMESTAMP, Boolean, CheckConstraint, Column, Index, String, Table, Uuid, func, text

from app.audit.models import Origin
from app.database import metadata

Role = Literal["requester", "agent", "admin"]

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("username", String(64), nullable=False),
    Column("email", String(254), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("role", String(16), nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
    CheckConstraint("role in ('requester', 'agent', 'admin')", name="role"),
    # A name with an @ could be another user's e-mail, and both log in through one field.
    CheckConstraint("position('@' in username) = 0", name="username"),
)
Index("uq_users_username", func.lower(users.c.username), unique=True)
Index("uq_users_email", func.lower(users.c.email), unique=True)


class User(msgspec.Struct, frozen=True):
    """Who acts. The password hash stays in the database."""

    id: UUID
    username: str
    email: str
    role: Role
    active: bool
    created_at: datetime

    @property
    def is_staff(self) -> bool:
        return self.role != "requester"

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"


class Person(msgspec.Struct, frozen=True):
    """What everyone may know of a user whom they meet on a ticket, a requester of an agent too: the name, no more."""

    id: UUID
    username: str


class Caller(msgspec.Struct, frozen=True):
    """Who acts, and with which request: what the audit log wants to know."""

    user: User
    origin: Origin
