from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from app.deliveries.models import Due
from app.jobs import items
from app.jobs.models import Result
from app.jobs.queries import ExportQuery
from app.webhooks.deliveries import ITEMS, PAGE_SIZE

ALL: Final = ExportQuery()


class Content(msgspec.Struct, frozen=True):
    """What is sent: the event, as Standard Webhooks has it."""

    type: str
    timestamp: datetime
    data: dict[str, Any]

    @property
    def body(self) -> str:
        return msgspec.json.encode(self).decode()


class SentItem(msgspec.Struct, frozen=True, rename="camel"):
    position: int
    ticket_id: UUID
    result: Result
    code: str | None
    at: datetime | None


async def content_of(connection: AsyncConnection, due: Due) -> Content:
    """Return what is sent; a page of a job's items is read now, and is the same whenever that is."""
    if due.page == 0:
        return Content(due.type, due.at, {**due.data, "actorId": due.actor_id})
    job_id = UUID(due.data["jobId"])
    positions = range((due.page - 1) * PAGE_SIZE, due.page * PAGE_SIZE)
    found = await items.export(connection, job_id, positions, ALL)
    sent = msgspec.convert(found, list[SentItem], from_attributes=True)
    return Content(ITEMS, due.at, {"jobId": job_id, "page": due.page, "items": sent})
