from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import msgspec
from sqlalchemy import (
    TIMESTAMP,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
    func,
    text,
)

from app.audit.models import Origin
from app.database import metadata

Role = Literal["requester", "agent", "admin"]
MAX_USERNAME, MAX_EMAIL, MAX_PHONE = 64, 254, 16  # characters
MIN_PASSWORD, MAX_PASSWORD = 12, 1024  # with a longer one nobody could log in

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("username", String(MAX_USERNAME), nullable=False),
    Column("email", String(MAX_EMAIL), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("role", String(16), nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
    Column("phone", String(MAX_PHONE)),  # E.164
    Column("token_version", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("role in ('requester', 'agent', 'admin')", name="role"),
    # A name with an @ could be another user's e-mail, and both log in through one field.
    CheckConstraint("position('@' in username) = 0", name="username"),
)
Index("uq_users_username", func.lower(users.c.username), unique=True)
Index("uq_users_email", func.lower(users.c.email), unique=True)

# At most one of a user: a newer link takes the place of an older one. Of its token only a hash is known.
password_resets = Table(
    "password_resets",
    metadata,
    Column("user_id", Uuid, ForeignKey("users.id"), primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
)


class User(msgspec.Struct, frozen=True):
    """Who acts. The password hash stays in the database."""

    id: UUID
    username: str
    email: str
    role: Role
    active: bool
    created_at: datetime
    phone: str | None = None
    token_version: int = 0  # counts the changes of the password: tokens of an earlier one are worth nothing

    @property
    def is_staff(self) -> bool:
        return self.role != "requester"

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    @property
    def rights(self) -> tuple[Role, bool]:
        return self.role, self.active


class NewUser(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to be added."""

    username: str
    email: str
    phone: str | None
    role: Role


class Person(msgspec.Struct, frozen=True):
    """What everyone may know of a user whom they meet on a ticket, a requester of an agent too: the name, no more."""

    id: UUID
    username: str


class Caller(msgspec.Struct, frozen=True):
    """Who acts, and with which request: what the audit log wants to know."""

    user: User
    origin: Origin

    @property
    def actor_id(self) -> UUID | None:
        """None for the operator, who acts without an account."""
        return None if self.user.id == OPERATOR.user.id else self.user.id


# Whoever may run commands on the servers; allowed to do all that an admin is.
OPERATOR = Caller(
    User(UUID(int=0), "", "", role="admin", active=True, created_at=datetime.fromtimestamp(0, UTC)), Origin()
)


class ResetLink(msgspec.Struct, frozen=True):
    """What someone without a password, or with a forgotten one, chooses a new one with, once and until it expires."""

    token: str
    expires_at: datetime
