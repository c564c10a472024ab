from uuid import UUID

import msgspec
from sqlalchemy import TIMESTAMP, BigInteger, Column, ForeignKey, Index, LargeBinary, String, Table, Uuid, text

from app.database import metadata

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("owner_id", Uuid, ForeignKey("users.id"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    # Checked at commit: the key is written first, so that requests with the same one queue up behind it.
    Column("job_id", Uuid, ForeignKey("jobs.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED")),
    Column("movement_id", BigInteger),  # no foreign key: movements stay for good
    Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
)
Index("ix_idempotency_keys_job_id", idempotency_keys.c.job_id)
Index("ix_idempotency_keys_created_at", idempotency_keys.c.created_at)


class Claimed(msgspec.Struct, frozen=True):
    """A key, what came of the request that it was first used for, and whether that is this one."""

    job_id: UUID | None
    movement_id: int | None
    is_new: bool
