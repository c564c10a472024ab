from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from app.jobs.models import Item, Job, Result
from app.jobs.operations.registry import OPERATIONS
from app.jobs.status import Status
from app.paging import Pagination


class JobResponse(Struct, frozen=True, kw_only=True, rename="camel"):
    """A job as it is now; `seq` grows with each change, as in the socket's events."""

    id: UUID
    type: str
    status: Status
    progress: int
    total: int
    processed: int
    succeeded: int
    failed: int
    unprocessed: int
    duplicates: int
    seq: int
    requested_by: UUID
    reason: str | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime
    rate_per_second: float | None
    eta_seconds: float | None

    @classmethod
    def of(cls, job: Job) -> "JobResponse":
        return cls(**_fields(job))


class ItemResponse(Struct, frozen=True, rename="camel"):
    position: int
    ticket_id: UUID
    result: Result
    code: str | None
    message: str | None
    at: datetime | None

    @classmethod
    def of(cls, item: Item, job_type: str) -> "ItemResponse":
        message = OPERATIONS[job_type].code(item.code).message if item.code else None
        return cls(item.position, item.ticket_id, item.result, item.code, message, item.at)


class JobDetail(JobResponse, frozen=True, kw_only=True, rename="camel"):
    """A job with the first of its items; the others are at GET /api/jobs/{id}/items."""

    items: list[ItemResponse]

    @classmethod
    def with_items(cls, job: Job, items: list[Item]) -> "JobDetail":
        return cls(**_fields(job), items=[ItemResponse.of(item, job.type) for item in items])


class JobPage(Struct, frozen=True):
    jobs: list[JobResponse]
    pagination: Pagination


class ItemPage(Struct, frozen=True, rename="camel"):
    items: list[ItemResponse]
    next_cursor: str | None


def _fields(job: Job) -> dict[str, Any]:
    fields = {name: getattr(job, name) for name in JobResponse.__struct_fields__ if name != "seq"}
    return fields | {"seq": job.revision}
