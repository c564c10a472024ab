from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.database import metadata

# What was changed by hand; what bulk jobs change is in their items. Append-only: a trigger refuses updates, and a row
# goes with its ticket alone.
ticket_changes = Table(
    "ticket_changes",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("ticket_id", Uuid, ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False),
    Column("at", TIMESTAMP(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("actor_id", Uuid),  # null: nobody, but time
    Column("version", Integer),  # the ticket's after the change; null where the ticket itself stayed as it was
    Column("internal", Boolean, nullable=False, server_default=text("false")),  # for agents and admins alone
    Column("changes", JSONB, nullable=False),  # {field: [before, after]}
    Column("reason", Text),
)
Index("ix_ticket_changes_ticket", ticket_changes.c.ticket_id, ticket_changes.c.id)
