from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy import Column, ForeignKey, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from app.accounts.models import Person
from app.database import metadata
from app.deliveries.models import Channel, Reason, Status
from app.notifications.topics import Topic

PersonChannel = Literal["email", "sms"]
Channels = Annotated[tuple[PersonChannel, ...], Meta(max_length=2)]

BY_EMAIL: Final[Channels] = ("email",)

# What people have chosen; without a row, and for what a row does not name, it is as `Preferences` has it.
notification_preferences = Table(
    "notification_preferences",
    metadata,
    Column("user_id", Uuid, ForeignKey("users.id"), primary_key=True),
    Column("preferences", JSONB, nullable=False),
)


class Preferences(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """What someone is told of and how, by topic; an empty list is not at all."""

    assigned: Channels = BY_EMAIL
    commented: Channels = BY_EMAIL
    breached: Channels = BY_EMAIL
    answered: Channels = BY_EMAIL
    solved: Channels = BY_EMAIL
    to_decide: Channels = BY_EMAIL
    decided: Channels = BY_EMAIL
    job_ended: Channels = BY_EMAIL
    requested: Channels = BY_EMAIL
    low_stock: Channels = BY_EMAIL
    created: Channels = ()

    def of(self, topic: Topic) -> set[PersonChannel]:
        return set(getattr(self, topic))


class Letter(msgspec.Struct, frozen=True):
    """A message to one person: an e-mail, as text and as HTML, or a text message, which has no HTML."""

    id: UUID
    to: str  # an address, or a phone number in E.164
    subject: str  # one line
    text: str
    html: str | None
    thread: str  # what messages on the same subject have in common
    choose: str | None = None  # where one says not to be told; of an address it is a setting that says so

    @property
    def headers(self) -> dict[str, str]:
        """Return what an e-mail has for programs (RFC 2369), without the one click of RFC 8058: that is for lists."""
        return {"List-Unsubscribe": f"<{self.choose}>"} if self.choose else {}


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What one person is told of an event, how it went so far, and what came of the last attempt.

    user: None where it is for an address that a setting names.
    """

    id: UUID
    user: Person | None
    address: str | None
    channel: Channel
    topic: Topic
    type: str
    status: Status
    reason: Reason | None
    attempts: int
    next_at: datetime
    created_at: datetime
    ended_at: datetime | None
    status_code: int | None
    error: str | None
