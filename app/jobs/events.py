"""The contract with socket clients: the events' names, their one payload, and the rooms they go to."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from app.jobs.models import Job
from app.jobs.status import Status

CHANNEL: Final = "bulkhead:events"  # the Redis channel between those who change jobs and the API's feeds
ADMINS_ROOM: Final = "admins"

Name = Literal[
    "jobs:created",
    "jobs:progress",
    "jobs:paused",
    "jobs:resumed",
    "jobs:completed",
    "jobs:failed",
    "jobs:canceled",
]

_NAME_OF: Final[dict[Status, Name]] = {
    Status.QUEUED: "jobs:created",
    Status.RUNNING: "jobs:progress",
    Status.PAUSED: "jobs:paused",
    Status.COMPLETED: "jobs:completed",
    Status.FAILED: "jobs:failed",
    Status.CANCELED: "jobs:canceled",
}


class Payload(msgspec.Struct, frozen=True, rename="camel"):
    """Where a job stands, in absolute figures. Of two payloads of one job the one with the higher `seq` is newer."""

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


class Event(msgspec.Struct, frozen=True):
    name: Name
    owner_id: UUID
    payload: Payload
    traceparent: str | None = None  # of the job

    @property
    def is_progress(self) -> bool:
        return self.name == "jobs:progress"

    @property
    def rooms(self) -> list[str]:
        """Also the room of the job that this one was made of: who watches that one learns of its retry or undo."""
        jobs = [job_id for job_id in (self.payload.job_id, self.payload.parent_job_id) if job_id is not None]
        return [user_room(self.owner_id), ADMINS_ROOM, *map(job_room, jobs)]


def of(job: Job, name: Name | None = None) -> Event:
    """Return the event that tells of `job` as it is; its status gives the name unless one is given."""
    return Event(name or _NAME_OF[job.status], job.requested_by, payload_of(job), job.traceparent)


def payload_of(job: Job) -> Payload:
    return Payload(
        job_id=job.id,
        parent_job_id=job.parent_job_id,
        type=job.type,
        status=job.status,
        progress=job.progress,
        total=job.total,
        processed=job.processed,
        succeeded=job.succeeded,
        failed=job.failed,
        unprocessed=job.unprocessed,
        seq=job.revision,
        at=job.updated_at,
        rate_per_second=job.rate_per_second,
        eta_seconds=job.eta_seconds,
    )


def user_room(user_id: UUID) -> str:
    return f"user:{user_id}"


def job_room(job_id: UUID) -> str:
    return f"job:{job_id}"
