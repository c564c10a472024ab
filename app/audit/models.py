from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import TIMESTAMP, BigInteger, Column, Identity, Index, Integer, String, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from app.database import metadata

Action = Literal[
    "job.submitted",
    "job.prepared",
    "job.paused",
    "job.resumed",
    "job.canceled",
    "job.retried",
    "job.undone",
    "user.registered",
    "user.created",
    "user.changed",
    "user.erased",
    "password.changed",
    "password_reset.issued",
    "password_reset.used",
    "session.started",
    "session.ended",
    "session.replayed",
    "login.failed",
    "ticket.breached",
    "ticket.approved",
    "ticket.rejected",
    "contact.merged",
    "sla_policy.created",
    "sla_policy.changed",
    "sla_policy.deleted",
    "calendar.created",
    "calendar.changed",
    "calendar.deleted",
    "webhook.created",
    "webhook.changed",
    "webhook.deleted",
    "webhook.rotated",
    "webhook.disabled",
    "inventory.changed",
    "inventory.low",
    "optics_parts.changed",
]

# Append-only: a trigger refuses updates. No foreign keys: a row says what was, whatever became of it. A partition's key
# has to be a part of the primary key; ids alone are unique all the same, as Postgres makes them.
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", TIMESTAMP(timezone=True), primary_key=True, server_default=text("clock_timestamp()")),
    Column("action", String(32), nullable=False),
    Column("actor_id", Uuid),
    Column("subject_id", Uuid),
    Column("items", Integer),
    Column("reason", Text),
    Column("request_id", String(64)),
    Column("address", String(64)),
    Column("details", JSONB, nullable=False, server_default="{}"),
    postgresql_partition_by="RANGE (at)",
)
Index("ix_audit_log_at", audit_log.c.at)
Index("ix_audit_log_actor", audit_log.c.actor_id, audit_log.c.id, postgresql_where=audit_log.c.actor_id.is_not(None))
Index(
    "ix_audit_log_subject",
    audit_log.c.subject_id,
    audit_log.c.id,
    postgresql_where=audit_log.c.subject_id.is_not(None),
)


class Origin(msgspec.Struct, frozen=True):
    """The request that an action came with; a worker acts without one."""

    request_id: str | None = None
    address: str | None = None

    @property
    def known_address(self) -> str:
        return self.address or "unknown"


class Entry(msgspec.Struct, frozen=True):
    """Who did what to which job, user or contact, to how many items, why, and from where."""

    id: int
    at: datetime
    action: Action
    actor_id: UUID | None
    subject_id: UUID | None
    items: int | None
    reason: str | None
    request_id: str | None
    address: str | None
    details: dict[str, Any]
