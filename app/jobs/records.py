"""What receivers of events are told of jobs: one event at a job's end, however many tickets it changed."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from app.events import store as outbox
from app.events.names import Name
from app.jobs.models import Job
from app.jobs.status import Status

NAMES: Final[dict[Status, Name]] = {
    Status.COMPLETED: "job.completed",
    Status.FAILED: "job.failed",
    Status.CANCELED: "job.canceled",
}


class EndRecord(msgspec.Struct, frozen=True, rename="camel"):
    """How a job ended, with its counts; its items are behind the link."""

    job_id: UUID
    link: str
    type: str
    status: Status
    total: int | None
    succeeded: int
    failed: int
    unprocessed: int | None
    reason: str | None
    error: str | None
    requested_by: UUID
    started_at: datetime | None
    finished_at: datetime | None


async def record_end(connection: AsyncConnection, job: Job, *, actor_id: UUID | None) -> None:
    """Record that a job has ended, in the transaction that ends it."""
    of_job = {name: getattr(job, name) for name in EndRecord.__struct_fields__ if name not in {"job_id", "link"}}
    told = EndRecord(job_id=job.id, link=f"/api/jobs/{job.id}", **of_job)
    await outbox.record(connection, NAMES[job.status], told, actor_id=actor_id)
