from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import TIMESTAMP, Column, Index, String, Table, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from app.database import metadata

# What happened, written in the transaction that did it: what was rolled back was never told. No foreign keys, whose
# checks would run for each event: a row says what was, whatever became of it.
events = Table(
    "events",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("type", String(64), nullable=False),
    Column("at", TIMESTAMP(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("actor_id", Uuid),  # null: nobody, but time
    Column("data", JSONB, nullable=False),
    Column("planned_at", TIMESTAMP(timezone=True)),  # null until it is settled who is to be told
)
Index("ix_events_unplanned", events.c.id, postgresql_where=events.c.planned_at.is_(None))


class Event(msgspec.Struct, frozen=True):
    id: UUID
    type: str
    actor_id: UUID | None
    data: dict[str, Any]
