from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal, Self
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType

from app.http.paging import Pagination
from app.jobs.models import CodeCount, Item, Job, Priority, Result
from app.jobs.operations.operation import Operation
from app.jobs.operations.registry import OPERATIONS
from app.jobs.previews import Preview
from app.jobs.status import Status
from app.tickets import models as tickets
from app.tickets import status as ticket_status
from app.tickets.filters import SavedFilter
from app.tickets.schemas import TicketResponse

_MESSAGES: Final[dict[tuple[str, str | None], str]] = {
    (operation.type, name): code.message
    for operation in OPERATIONS.values()
    for name, code in operation.all_codes.items()
}


class JobParams(Struct, frozen=True, kw_only=True, rename="camel"):
    """What a job was posted with, but for ids of tickets; `excluded` says how many were left out of the filter."""

    filter: SavedFilter | UnsetType = UNSET
    all: Literal[True] | UnsetType = UNSET
    excluded: int | UnsetType = UNSET
    status: ticket_status.Status | UnsetType = UNSET
    priority: tickets.Priority | UnsetType = UNSET
    assignee_id: UUID | UnsetType | None = UNSET
    add_tags: list[str] | UnsetType = UNSET
    remove_tags: list[str] | UnsetType = UNSET
    force: bool | UnsetType = UNSET
    body: str | UnsetType = UNSET
    internal: bool | UnsetType = UNSET
    import_id: UUID | UnsetType = UNSET

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Show it as it was stored, unread: it can be of a time, or of a type of job, that had other values."""
        same = {_AS_STORED[key]: value for key, value in stored.items() if key in _AS_STORED}
        excluded = len(stored.get("excludeIds", ())) or UNSET
        return cls(**same, excluded=excluded, all=True if stored.get("filter") == {} else UNSET)


_AS_STORED: Final = {
    key: name
    for key, name in zip(JobParams.__struct_encode_fields__, JobParams.__struct_fields__, strict=True)
    if name not in {"all", "excluded"}
}


class JobResponse(Struct, frozen=True, kw_only=True, rename="camel"):
    """A job as it is now; `seq` grows with each change, as in the socket's events.

    `total` and `unprocessed` are null until a worker has counted what a filter matches.
    """

    id: UUID
    type: str
    params: JobParams
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
    paused_at: datetime | None
    paused_by: UUID | None
    rate_per_second: float | None
    eta_seconds: float | None

    @classmethod
    def of(cls, job: Job, **more: Any) -> Self:
        undo_until = job.undo_until(datetime.now(UTC))
        same = {name: getattr(job, name) for name in _OF_THE_JOB}
        return cls(
            **same,
            params=JobParams.of(job.params),
            seq=job.revision,
            undoable=undo_until is not None,
            undo_until=undo_until,
            **more,
        )


_MADE_OF_IT: Final = {"params", "seq", "undoable", "undo_until"}
_OF_THE_JOB: Final = [name for name in JobResponse.__struct_fields__ if name not in _MADE_OF_IT]


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
            message=". ".join(filter(None, (item.line, message_of(job_type, item.code)))) or None,
            at=item.at,
        )


class JobDetail(JobResponse, frozen=True, kw_only=True, rename="camel"):
    """A job with the first of its items; the others are at GET /api/jobs/{id}/items."""

    items: list[ItemResponse]

    @classmethod
    def with_items(cls, job: Job, items: list[Item]) -> Self:
        return cls.of(job, items=[ItemResponse.of(item, job.type) for item in items])


class JobPage(Struct, frozen=True, rename="camel"):
    jobs: list[JobResponse]
    pagination: Pagination
    next_cursor: str | None


class ItemPage(Struct, frozen=True, rename="camel"):
    items: list[ItemResponse]
    next_cursor: str | None


class PreviewResponse(Struct, frozen=True, rename="camel"):
    """What a job would do at this moment; `wouldFail` counts by code, `undoDays` is null if it cannot be undone."""

    total: int
    by_status: dict[str, int]
    sample: list[TicketResponse]
    would_fail: dict[str, int]
    undo_days: int | None

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
