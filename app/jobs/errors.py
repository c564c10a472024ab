from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from app.errors import AppError, Conflict, Problem, TooManyRequests
from app.jobs.status import Status


class StateProblem(Problem, frozen=True, kw_only=True):
    """`state` is the job's at this moment."""

    state: Status


class LinkedJobProblem(Problem, frozen=True, kw_only=True, rename="camel"):
    """`jobId` is the job to look at instead."""

    job_id: UUID


class CountProblem(Problem, frozen=True, kw_only=True):
    """`count` is how many targets the job would have."""

    count: int


class LimitProblem(Problem, frozen=True, kw_only=True):
    """`limit` is how many targets a job may have: post several jobs, each of no more."""

    limit: int


class StateConflict(Conflict):
    """The state of the job does not allow this; `state` says what it is."""

    code = "job_state_conflict"
    problem = StateProblem
    example: Mapping[str, Any] = {"state": Status.COMPLETED}

    def __init__(self, state: Status, detail: str = "") -> None:
        super().__init__(detail, state=state)


class LinkedJobConflict(Conflict):
    """Another job was made of this one for that; `jobId` names it."""

    code = "job_linked"
    problem = LinkedJobProblem
    example: Mapping[str, Any] = {"job_id": UUID("01980000-0000-7000-8000-00000000000f")}

    def __init__(self, job_id: UUID) -> None:
        super().__init__(job_id=job_id)


class JobNotPausable(StateConflict):
    """Only a running job can be paused; `state` says what this one is."""

    code = "job_not_pausable"


class JobNotResumable(StateConflict):
    """Only a paused job can be resumed; `state` says what this one is."""

    code = "job_not_resumable"


class JobNotCancelable(StateConflict):
    """The job has already ended and cannot be canceled; `state` says how."""

    code = "job_not_cancelable"


class NothingToRetry(StateConflict):
    """No item of this job failed in a way that may pass now, and none was left undone; or the job has not ended."""

    code = "nothing_to_retry"


class AlreadyRetried(LinkedJobConflict):
    """The job has been retried; `jobId` is that retry, and what is left of it can be retried in turn."""

    code = "already_retried"


class JobTypeRetired(Conflict):
    """Jobs of this type cannot be run any more; post a job of a type at GET /api/job-types instead."""

    code = "job_type_retired"


class JobNotEnded(StateConflict):
    """Only a job that has ended can be undone; cancel it first. `state` says what it is."""

    code = "job_not_ended"
    example: Mapping[str, Any] = {"state": Status.RUNNING}


class NotUndoable(Conflict):
    """Jobs of this type cannot be undone; nor can those that fulfilled tickets, as what went out is not back."""

    code = "not_undoable"


class NothingToUndo(Conflict):
    """The job has changed nothing."""

    code = "nothing_to_undo"


class AlreadyUndone(LinkedJobConflict):
    """The job has been undone; `jobId` is the job that did. Retry that one, or undo it to redo."""

    code = "already_undone"


class UndoExpired(Conflict):
    """The days in which the job could be undone are over."""

    code = "undo_expired"


class CountChanged(Conflict):
    """The job would have another number of targets than expected; `count` is that number. Nothing was queued."""

    code = "count_changed"
    problem = CountProblem
    example: Mapping[str, Any] = {"count": 12431, "expected": 12400}

    def __init__(self, count: int, expected: int) -> None:
        super().__init__(f"The job would have {count} targets, not {expected}. Nothing was queued.", count=count)


class TooManyTargets(AppError):
    """The job names more targets than one job may have."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "too_many_targets"
    problem = LimitProblem
    example: Mapping[str, Any] = {"given": 300_000, "limit": 250_000}

    def __init__(self, given: int, limit: int) -> None:
        super().__init__(f"A job may have at most {limit} targets; this one names {given}.", limit=limit)


class TooManyJobs(TooManyRequests):
    """You have as many active jobs as one user may: wait until one ends, or cancel one."""

    code = "too_many_jobs"
