"""Jobs and events for tests to bend."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from app import client
from app.jobs import events
from app.jobs.models import Job
from app.jobs.schemas import JobResponse
from app.jobs.status import Status

STARTED = datetime(2026, 1, 1, 12, tzinfo=UTC)

_JOB = Job(
    id=UUID("01980000-0000-7000-8000-000000000001"),
    type="bulk-delete",
    params={},
    requested_by=UUID("01980000-0000-7000-8000-00000000000a"),
    status=Status.RUNNING,
    total=100,
    succeeded=0,
    failed=0,
    duplicates=0,
    revision=1,
    reason=None,
    error=None,
    created_at=STARTED,
    started_at=STARTED,
    finished_at=None,
    updated_at=STARTED,
    parent_job_id=None,
    retried_by=None,
    undone_by=None,
    undo_days=30,
    priority="normal",
    run_at=None,
    max_items_per_second=None,
    not_before=None,
    paused_at=None,
    paused_by=None,
    paused_seconds=0.0,
)


def job(**changes: Any) -> Job:
    """Return a running job of 100 items at its first revision, but for `changes`."""
    return msgspec.structs.replace(_JOB, **changes)


def event(seq: int, status: Status = Status.RUNNING, **changes: Any) -> events.Event:
    return events.of(job(revision=seq, status=status, **changes))


def as_told(**changes: Any) -> client.Job:
    """Return a job as clients read it, with these fields."""
    told = msgspec.json.encode(JobResponse.of(job()))
    return msgspec.structs.replace(client.models.read(told, client.Job), **changes)
