from datetime import datetime
from typing import Any, Literal
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
    String,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.database import metadata

DisabledReason = Literal["by_hand", "gone", "failing"]
Status = Literal["pending", "delivered", "failed", "skipped"]

# The secrets are stored as they are, as signing needs them. Encrypted, they would be as open to whoever has this
# process, and what they guard, that nobody else tells a receiver of our tickets, is all in this database anyway.
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("url", Text, nullable=False),
    Column("description", String(255), nullable=False, server_default=""),
    Column("events", ARRAY(Text), nullable=False),
    Column("items", Boolean, nullable=False, server_default=text("false")),  # whether a job's end brings its items
    Column("secret", Text, nullable=False),
    Column("old_secret", Text),  # signs as well until `old_secret_until`
    Column("old_secret_until", TIMESTAMP(timezone=True)),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
    Column("updated_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
    Column("disabled_at", TIMESTAMP(timezone=True)),
    Column("disabled_reason", String(16)),
    Column("failing_since", TIMESTAMP(timezone=True)),  # null once anything has been delivered again
    Column("rests_until", TIMESTAMP(timezone=True)),  # nothing is sent before
    CheckConstraint("(disabled_at is null) = (disabled_reason is null)", name="disabled"),
)

# One event for one webhook. No foreign key to webhooks: what was sent is on record until its event goes, and a webhook
# that is deleted need not wait for thousands of rows.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("event_id", Uuid, ForeignKey("events.id", ondelete="CASCADE"), nullable=False),
    Column("webhook_id", Uuid, nullable=False),
    Column("page", Integer, nullable=False, server_default=text("0")),  # from 1: of the items of the job that ended
    Column("status", String(16), nullable=False, server_default="pending"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("failures", Integer, nullable=False, server_default=text("0")),  # attempts, since it was last replayed
    Column("next_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("given_up_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now() + interval '3 days'")),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("ended_at", TIMESTAMP(timezone=True)),
    CheckConstraint("status in ('pending', 'delivered', 'failed', 'skipped')", name="status"),
)
Index("uq_deliveries_event", deliveries.c.event_id, deliveries.c.webhook_id, deliveries.c.page, unique=True)
Index("ix_deliveries_webhook", deliveries.c.webhook_id, deliveries.c.id)
Index(
    "ix_deliveries_due",
    deliveries.c.webhook_id,
    deliveries.c.next_at,
    postgresql_where=text("status = 'pending'"),
)
Index(
    "ix_deliveries_lost",
    deliveries.c.webhook_id,
    deliveries.c.id,
    postgresql_where=text("status in ('failed', 'skipped')"),
)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    Column("delivery_id", Uuid, ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True),
    Column("at", TIMESTAMP(timezone=True), primary_key=True),
    Column("took_ms", Integer, nullable=False),
    Column("status_code", Integer),  # null where there was no answer
    Column("error", Text),
    Column("answer", Text),  # the beginning of it
)


class Webhook(msgspec.Struct, frozen=True):
    """Where events are sent. Its secrets are not in it: they stay with what signs."""

    id: UUID
    url: str
    description: str
    events: list[str]
    items: bool
    old_secret_until: datetime | None
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    disabled_at: datetime | None
    disabled_reason: DisabledReason | None
    failing_since: datetime | None
    rests_until: datetime | None

    @property
    def enabled(self) -> bool:
        return self.disabled_at is None


class Receiver(msgspec.Struct, frozen=True):
    """What a lane needs to know of a webhook; its secrets are those that are valid now."""

    id: UUID
    url: str
    secrets: list[str]
    failing_seconds: float | None  # how long nothing has been delivered; None while it is well

    def at_once(self, most: int) -> int:
        """Return how many deliveries to try at the same time: one that fails is only asked whether it still does."""
        return most if self.failing_seconds is None else 1


class Due(msgspec.Struct, frozen=True):
    """A delivery that a lane has in hand, with its event."""

    id: UUID
    page: int
    failures: int
    given_up_at: datetime
    type: str
    at: datetime
    actor_id: UUID | None
    data: dict[str, Any]


class Attempt(msgspec.Struct, frozen=True):
    """What came of sending a delivery once."""

    at: datetime
    took_ms: int
    status_code: int | None = None
    error: str | None = None
    answer: str | None = None

    @property
    def is_delivered(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300  # noqa: PLR2004 - RFC 9110, 15.3

    @property
    def is_gone(self) -> bool:
        return self.status_code == 410  # noqa: PLR2004 - RFC 9110, 15.5.11


class Answered(msgspec.Struct, frozen=True):
    """An attempt, and how long its receiver wants to be left alone."""

    attempt: Attempt
    retry_after_seconds: float | None = None


class Outcome(msgspec.Struct, frozen=True):
    """An attempt, and what it makes of its delivery; one that stays pending is due again after a delay."""

    delivery_id: UUID
    attempt: Attempt
    status: Status
    delay_seconds: float


class Delivery(msgspec.Struct, frozen=True):
    """One event for one webhook, how it went so far, and what came of the last attempt."""

    id: UUID
    webhook_id: UUID
    type: str
    page: int
    status: Status
    attempts: int
    next_at: datetime
    created_at: datetime
    ended_at: datetime | None
    status_code: int | None
    error: str | None
