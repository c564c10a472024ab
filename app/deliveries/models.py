from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import TIMESTAMP, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, Uuid, text

from app.database import metadata

Status = Literal["pending", "delivered", "failed", "skipped"]
Channel = Literal["webhook", "email", "sms"]
Reason = Literal["not_configured", "inactive", "no_phone", "nothing_to_tell"]  # why something was skipped

# One event for one webhook, or for one person through one channel: a user, or an address that a setting names. No
# foreign key to webhooks and users: what was sent is on record until its event goes, and a webhook that is deleted need
# not wait for thousands of rows.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("event_id", Uuid, ForeignKey("events.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(16), nullable=False, server_default="webhook"),
    Column("webhook_id", Uuid),
    Column("user_id", Uuid),
    Column("address", String(320)),
    Column("topic", String(32)),  # what of the event concerns this person
    Column("page", Integer, nullable=False, server_default=text("0")),  # from 1: of the items of the job that ended
    Column("status", String(16), nullable=False, server_default="pending"),
    Column("reason", String(32)),  # of what was skipped, and was for a person
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("failures", Integer, nullable=False, server_default=text("0")),  # in a row, since it was last replayed
    Column("next_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("given_up_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now() + interval '3 days'")),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("ended_at", TIMESTAMP(timezone=True)),
    CheckConstraint("status in ('pending', 'delivered', 'failed', 'skipped')", name="status"),
    CheckConstraint(
        "case channel when 'webhook' then num_nonnulls(webhook_id) = 1 and num_nonnulls(user_id, address, topic) = 0"
        " else num_nonnulls(user_id, address) = 1 and topic is not null and webhook_id is null end",
        name="recipient",
    ),
)
_OF_PEOPLE = deliveries.c.user_id.is_not(None)
Index("uq_deliveries_event", deliveries.c.event_id, deliveries.c.webhook_id, deliveries.c.page, unique=True)
Index(
    "uq_deliveries_person",
    deliveries.c.event_id,
    deliveries.c.user_id,
    deliveries.c.channel,
    unique=True,
    postgresql_where=_OF_PEOPLE,
)
Index(
    "uq_deliveries_address",
    deliveries.c.event_id,
    deliveries.c.address,
    unique=True,
    postgresql_where=deliveries.c.address.is_not(None),
)
# Those of people are in these three, too: without a webhook.
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
    Column("provider", String(32)),  # of a message to a person
)


class Due(msgspec.Struct, frozen=True):
    """A delivery that a lane has in hand, with its event."""

    id: UUID
    user_id: UUID | None
    address: str | None
    topic: str | None
    page: int
    failures: int
    given_up_at: datetime
    type: str
    at: datetime
    actor_id: UUID | None
    data: dict[str, Any]


class Attempt(msgspec.Struct, frozen=True):
    """What came of sending a delivery once. Codes are those of HTTP, or of SMTP, which agree on what success is."""

    at: datetime
    took_ms: int
    status_code: int | None = None
    error: str | None = None
    answer: str | None = None
    provider: str | None = None

    @property
    def is_delivered(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300  # noqa: PLR2004 - RFC 9110, 15.3

    @property
    def is_gone(self) -> bool:
        return self.status_code == 410  # noqa: PLR2004 - RFC 9110, 15.5.11


class Answered(msgspec.Struct, frozen=True):
    """An attempt, how long its receiver wants to be left alone, and whether it is of no use to ask again."""

    attempt: Attempt
    retry_after_seconds: float | None = None
    is_final: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What was tried, and what it makes of a delivery; one that stays pending is due again after a delay."""

    delivery_id: UUID
    attempts: list[Attempt]
    status: Status
    delay_seconds: float = 0
    reason: Reason | None = None
