from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from sqlalchemy import TIMESTAMP, Boolean, CheckConstraint, Column, ForeignKey, String, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from app.database import metadata
from app.deliveries.models import Status
from app.events.names import SENTENCES, Name

DisabledReason = Literal["by_hand", "gone", "failing"]

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


class Webhook(msgspec.Struct, frozen=True):
    """Where events are sent, of those that there are now. Its secrets are not in it: they stay with what signs."""

    id: UUID
    url: str
    description: str
    events: list[Name]
    items: bool
    old_secret_until: datetime | None
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    disabled_at: datetime | None
    disabled_reason: DisabledReason | None
    failing_since: datetime | None
    rests_until: datetime | None

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "events", [name for name in self.events if name in SENTENCES])

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
