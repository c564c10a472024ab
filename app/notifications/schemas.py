from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from app.accounts.models import Person
from app.deliveries.models import Channel, Reason, Status
from app.deliveries.schemas import AttemptResponse
from app.notifications.topics import Topic


class MessageResponse(Struct, frozen=True, kw_only=True, rename="camel"):
    """What one person is told of one event."""

    id: UUID
    user: Annotated[Person | None, Meta(description="null where it is for an address that a setting names")]
    address: Annotated[str | None, Meta(description="Of ADMIN_EMAIL or OPTICS_ALERT_EMAILS; else null")]
    channel: Channel
    topic: Annotated[Topic, Meta(description="What of the event concerns this person")]
    type: Annotated[str, Meta(description="Of the event")]
    status: Status
    reason: Annotated[
        Reason | None,
        Meta(description="Why it was skipped; not_configured: there is no provider"),
    ]
    attempts: int
    next_at: Annotated[datetime | None, Meta(description="When it is tried next; null unless it is pending")]
    created_at: datetime
    ended_at: datetime | None
    status_code: Annotated[int | None, Meta(description="Of the last attempt, as SMTP or HTTP has it")]
    error: Annotated[str | None, Meta(description="Of the last attempt: why there was no answer")]


class MessagePage(Struct, frozen=True, rename="camel"):
    messages: list[MessageResponse]
    next_cursor: str | None


class LetterResponse(Struct, frozen=True):
    """What is sent, written of what is true now."""

    to: str
    subject: str
    text: str
    html: Annotated[str | None, Meta(description="null for a text message")]


class MessageAttempt(AttemptResponse, frozen=True, kw_only=True):
    provider: str


class MessageDetails(MessageResponse, frozen=True, kw_only=True):
    """A message with its words, and what came of the latest attempts, 100 at most, the last one first."""

    letter: Annotated[LetterResponse | None, Meta(description="null where there is nothing to tell any more")]
    tried: list[MessageAttempt]
