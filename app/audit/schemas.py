from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from app.audit.models import Action


class EntryResponse(Struct, frozen=True, rename="camel"):
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


class EntryPage(Struct, frozen=True, rename="camel"):
    entries: list[EntryResponse]
    next_cursor: str | None
