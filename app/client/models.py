"""What the API says, as structs. Members that a newer API adds are passed over."""

from datetime import datetime
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from .errors import UnexpectedAnswer

Status = Literal["queued", "running", "paused", "completed", "failed", "canceled"]
Priority = Literal["low", "normal", "high"]
Result = Literal["succeeded", "failed", "unprocessed"]
Said = TypeVar("Said")
ENDED: Final = frozenset[Status]({"completed", "failed", "canceled"})


class JobRequest(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """A job to be. `payload` has `ticketIds`, or a `filter`, and what a type of job asks for beside that."""

    type: str
    payload: dict[str, Any]
    reason: str | None = None
    priority: Priority = "normal"
    run_at: datetime | None = None
    max_items_per_second: int | None = None
    expected_count: int | None = None


class Job(Struct, frozen=True, kw_only=True, rename="camel"):
    """A job as it was when it was read. `total` and `unprocessed` are None until its targets are counted."""

    id: UUID
    type: str
    params: dict[str, Any]
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

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED


class Update(Struct, frozen=True, kw_only=True, rename="camel"):
    """Where a job stands, in absolute figures. Of two updates of one job the one with the higher `seq` is newer."""

    job_id: UUID
    parent_job_id: UUID | None
    type: str
    status: Status
    progress: int
    total: int | None
    processed: int
    succeeded: int
    failed: int
    unprocessed: int | None
    seq: int
    at: datetime
    rate_per_second: float | None
    eta_seconds: float | None

    @classmethod
    def of(cls, job: Job) -> "Update":
        same = {name: getattr(job, name) for name in cls.__struct_fields__ if name not in {"job_id", "at"}}
        return cls(job_id=job.id, at=job.updated_at, **same)

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED


class Item(Struct, frozen=True, rename="camel"):
    """What became of one ticket of a job."""

    position: int
    ticket_id: UUID
    ticket_number: int | None
    ticket_title: str | None
    result: Result
    code: str | None
    message: str | None
    at: datetime | None


class Preview(Struct, frozen=True, rename="camel"):
    """What a job would do now. `would_fail` counts by code; `undo_days` is None if it could not be undone."""

    total: int
    by_status: dict[str, int]
    sample: list[dict[str, Any]]
    would_fail: dict[str, int]
    undo_days: int | None


class CodeCount(Struct, frozen=True):
    result: Result
    code: str | None
    message: str | None
    count: int


class Summary(Struct, frozen=True, rename="camel"):
    """How many items ended with which code."""

    job_id: UUID
    status: Status
    total: int | None
    succeeded: int
    failed: int
    unprocessed: int
    codes: list[CodeCount]


class User(Struct, frozen=True):
    id: UUID
    username: str
    role: str


class Submitted(Struct, frozen=True):
    """A job that the API has stored. `is_replay`: that it had stored before, for the same key."""

    job: Job
    is_replay: bool


class JobPage(Struct, frozen=True):
    jobs: list[Job]


class ItemPage(Struct, frozen=True):
    items: list[Item]


class Cursor(Struct, frozen=True, rename="camel"):
    """How a page of a list goes on."""

    next_cursor: str | None


class AccessToken(Struct, frozen=True):
    access_token: str


def read(content: bytes, type_: type[Said]) -> Said:
    """Read an answer; `UnexpectedAnswer` for one that is not of this API."""
    try:
        return msgspec.json.decode(content, type=type_)
    except msgspec.DecodeError as error:
        raise UnexpectedAnswer(f"The answer is not one of Bulkhead's: {error}") from error


def read_payload(payload: object) -> Update:
    """Read what a socket told; raises as `read`."""
    try:
        return msgspec.convert(payload, Update)
    except msgspec.ValidationError as error:
        raise UnexpectedAnswer(f"The event is not one of Bulkhead's: {error}") from error
