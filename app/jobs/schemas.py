from datetime import UTC, datetime
from typing import Any, Final, Self
from uuid import UUID

import msgspec
from msgspec import Struct

from app.http.paging import Pagination
from app.jobs.models import CodeCount, Item, Job, Priority, Result
from app.jobs.operations.operation import Operation
from app.jobs.operations.registry import OPERATIONS
from app.jobs.previews import Preview
from app.jobs.status import Status
from app.tickets.schemas import TicketResponse

_MESSAGES: Final[dict[tuple[str, str | None], str]] = {
    (operation.type, name): code.message
    for operation in OPERATIONS.values()
    for name, code in operation.all_codes.items()
}


class JobResponse(Struct, frozen=True, kw_only=True, rename="camel"):
    """A job as it is now; `seq` grows with each change, as in the socket's events.

    `total` and `unprocessed` are null until a worker has counted what a filter matches.
    """

    id: UUID
    type: str
    status: Status
    progress: int
    total: int | None
    processed: int
    succeeded: int
    failed: int
    unprocessed: int | None
    duplicates: int
    seq: int
    requested_by: UUID
    reason: str | None
    error: str | None
    priority: Priority
    run_at: datetime | None
    max_items_per_second: int | None
    parent_job_id: UUID | None
    retried_by: UUID | None
    undone_by: UUID | None
    undoable: bool
    undo_until: datetime | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime
    rate_per_second: float | None
    eta_seconds: float | None

    @classmethod
    def of(cls, job: Job, **more: Any) -> Self:
        undo_until = job.undo_until(datetime.now(UTC))
        same = {name: getattr(job, name) for name in _OF_THE_JOB}
        return cls(**same, seq=job.revision, undoable=undo_until is not None, undo_until=undo_until, **more)


_OF_THE_JOB: Final = [name for name in JobResponse.__struct_fields__ if name not in {"seq", "undoable", "undo_until"}]


class ItemResponse(Struct, frozen=True, rename="camel"):
    """What became of an item. Its ticket's number and title are null if that is gone, or not for you to see."""

    position: int
    ticket_id: UUID
    ticket_number: int | None
    ticket_title: str | None
    result: Result
    code: str | None
    message: str | None
    at: datetime | None

    @classmethod
    def of(cls, item: Item, job_type: str) -> "ItemResponse":
        return cls(
            position=item.position,
            ticket_id=item.ticket_id,
            ticket_number=item.ticket_number,
            ticket_title=item.ticket_title,
            result=item.result,
            code=item.code,
            message=message_of(job_type, item.code),
            at=item.at,
        )


class JobDetail(JobResponse, frozen=True, kw_only=True, rename="camel"):
    """A job with what it was posted with, and the first of its items; the others are at GET /api/jobs/{id}/items."""

    params: dict[str, Any]
    items: list[ItemResponse]

    @classmethod
    def with_items(cls, job: Job, items: list[Item]) -> Self:
        return cls.of(job, params=job.params, items=[ItemResponse.of(item, job.type) for item in items])


class JobPage(Struct, frozen=True, rename="camel"):
    jobs: list[JobResponse]
    pagination: Pagination
    next_cursor: str | None


class ItemPage(Struct, frozen=True, rename="camel"):
    items: list[ItemResponse]
    next_cursor: str | None


class PreviewResponse(Struct, frozen=True, rename="camel"):
    """What a job would do at this moment; `wouldFail` counts by code."""

    total: int
    by_status: dict[str, int]
    sample: list[TicketResponse]
    would_fail: dict[str, int]

    @classmethod
    def of(cls, preview: Preview) -> "PreviewResponse":
        return msgspec.convert(preview, cls, from_attributes=True)


class CodeResponse(Struct, frozen=True):
    result: Result
    code: str | None
    message: str | None
    count: int


class SummaryResponse(Struct, frozen=True, rename="camel"):
    """How many items ended with which code; `total` is null until the targets are counted."""

    job_id: UUID
    status: Status
    total: int | None
    succeeded: int
    failed: int
    unprocessed: int
    codes: list[CodeResponse]

    @classmethod
    def of(cls, job: Job, counts: list[CodeCount]) -> "SummaryResponse":
        def sum_of(*results: Result) -> int:
            return sum(entry.count for entry in counts if entry.result in results)

        codes = [
            CodeResponse(entry.result, entry.code, message_of(job.type, entry.code), entry.count) for entry in counts
        ]
        total = sum_of("succeeded", "failed", "unprocessed") or job.total
        return cls(job.id, job.status, total, sum_of("succeeded"), sum_of("failed"), sum_of("unprocessed"), codes)


class JobTypeCode(Struct, frozen=True):
    code: str
    result: Result
    message: str
    retryable: bool


class JobTypeResponse(Struct, frozen=True, rename="camel"):
    """A type of job: what it does, what its items can end as, and the JSON Schema of what to post."""

    type: str
    description: str
    undoable: bool
    codes: list[JobTypeCode]
    schema: dict[str, Any]

    @classmethod
    def of(cls, operation: Operation, description: str, schema: dict[str, Any]) -> "JobTypeResponse":
        codes = [
            JobTypeCode(name, code.result, code.message, code.is_retryable)
            for name, code in operation.all_codes.items()
        ]
        return cls(operation.type, description, operation.is_undoable, codes, schema)


class JobTypes(Struct, frozen=True, rename="camel"):
    job_types: list[JobTypeResponse]


def message_of(job_type: str, code: str | None) -> str | None:
    """Return the sentence for people that belongs to a code; None if the type or the code has been retired."""
    return _MESSAGES.get((job_type, code))
