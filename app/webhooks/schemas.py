from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from app.deliveries.models import Status
from app.deliveries.schemas import AttemptResponse
from app.events.names import Name
from app.http.bodies import Patch
from app.text import PLAIN_TEXT
from app.webhooks.contents import Content
from app.webhooks.models import DisabledReason

Url = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=2000,
        pattern=r"^https?://[!-~]+$",
        description="https alone, to what the internet at large can reach; in development http, and this machine",
        examples=["https://desk.example.com/hook"],
    ),
]
Names = Annotated[list[Name], Meta(min_length=1, max_length=100, description="What is sent")]
Description = Annotated[str, Meta(max_length=255, pattern=PLAIN_TEXT)]
Items = Annotated[
    bool, Meta(description="Whether the end of a bulk job brings its items, 1000 each, as events of type job.items")
]
Enabled = Annotated[bool, Meta(description="Nothing is sent to a webhook that is not; what waited is skipped")]
Page = Annotated[int, Meta(description="From 1: which 1000 of a job's items; 0 for all other events")]


class CreateWebhook(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    url: Url
    events: Names
    description: Description = ""
    items: Items = False


class PatchWebhook(Patch, frozen=True):
    url: Url | UnsetType = UNSET
    events: Names | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    items: Items | UnsetType = UNSET
    enabled: (
        Annotated[bool, Meta(description="Nothing is sent to a webhook that is not; what waited is skipped")]
        | UnsetType
    ) = UNSET


class WebhookResponse(Struct, frozen=True, kw_only=True, rename="camel"):
    """Where events are sent. `gone`: it answered 410; `failing`: for three days nothing could be delivered."""

    id: UUID
    url: str
    description: str
    events: list[Name]
    items: bool
    enabled: bool
    disabled_at: datetime | None
    disabled_reason: DisabledReason | None
    failing_since: Annotated[datetime | None, Meta(description="Since when nothing was delivered")]
    old_secret_until: Annotated[datetime | None, Meta(description="Until then the secret before signs as well")]
    created_by: UUID
    created_at: datetime
    updated_at: datetime


class WithSecret(WebhookResponse, frozen=True, kw_only=True):
    """A webhook, and the secret that its receiver knows us by, which no other answer tells."""

    secret: Annotated[str, Meta(description="As Standard Webhooks has it")]


class WebhookList(Struct, frozen=True):
    webhooks: list[WebhookResponse]


class DeliveryResponse(Struct, frozen=True, kw_only=True, rename="camel"):
    """One event for one webhook. Its id is the header `webhook-id`, the same at each attempt."""

    id: UUID
    webhook_id: UUID
    type: str
    page: Page
    status: Annotated[Status, Meta(description="skipped: the webhook was disabled or deleted before")]
    attempts: int
    next_at: Annotated[datetime | None, Meta(description="When it is tried next; null unless it is pending")]
    created_at: datetime
    ended_at: datetime | None
    status_code: Annotated[int | None, Meta(description="Of the last attempt; null where there was no answer")]
    error: Annotated[str | None, Meta(description="Of the last attempt: why there was no answer")]


class DeliveryPage(Struct, frozen=True, rename="camel"):
    deliveries: list[DeliveryResponse]
    next_cursor: str | None


class DeliveryDetails(DeliveryResponse, frozen=True, kw_only=True):
    """A delivery with what is sent, and what came of the latest attempts, 100 at most, the last one first."""

    body: Content
    tried: list[AttemptResponse]


class EventType(Struct, frozen=True):
    name: Name
    description: str


class EventTypeList(Struct, frozen=True, rename="camel"):
    event_types: list[EventType]
