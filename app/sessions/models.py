from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import TIMESTAMP, Column, ForeignKey, Index, LargeBinary, Table, Uuid, text

from app.database import metadata

# A session that has ended has no row. Of its refresh tokens only the one to come is known, and only as a hash.
sessions = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
)
Index("ix_sessions_user_id", sessions.c.user_id)
Index("ix_sessions_expires_at", sessions.c.expires_at)


class Session(msgspec.Struct, frozen=True):
    """What a browser began with a password, and carries on with one refresh token after the other."""

    id: UUID
    user_id: UUID
    secret_hash: bytes
    expires_at: datetime
