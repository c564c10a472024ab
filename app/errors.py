"""Every error a client can meet; problems.py makes answers of them."""

from http import HTTPStatus
from typing import Any

import msgspec
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

RETRY_AFTER_SECONDS = 2
# No connection, standing still for too long, no resources, no lock in time, no server.
UNAVAILABLE_SQLSTATES = ("08", "25P03", "25P04", "53", "55P03", "57P")
QUERY_CANCELED = "57014"  # what a statement time-out says


class FieldError(msgspec.Struct, frozen=True):
    """One thing that is wrong with a request; `path` is a JSON path into its body, or names a parameter."""

    path: str
    message: str


class AppError(Exception):
    """Something went wrong on our side; the request id helps to find out what."""

    # The base of all others: the class gives status and code, its docstring the message.

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "internal_error"

    def __init__(self, detail: str = "", *, errors: list[FieldError] | None = None, **extra: Any) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip()
        self.errors = errors or []
        self.extra = extra
        super().__init__(self.detail)

    @property
    def headers(self) -> dict[str, str]:
        return {}


class InvalidRequest(AppError):
    """The request is not valid; `errors` says where."""

    status = HTTPStatus.BAD_REQUEST
    code = "invalid_request"

    @classmethod
    def at(cls, path: str, message: str) -> "InvalidRequest":
        return cls(errors=[FieldError(path, message)])


class Unauthorized(AppError):
    """A valid bearer token is needed: log in at POST /api/login and send `Authorization: Bearer <access_token>`."""

    status = HTTPStatus.UNAUTHORIZED
    code = "unauthorized"

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class WrongCredentials(Unauthorized):
    """The user name or the password is wrong."""

    code = "wrong_credentials"


class Forbidden(AppError):
    """Your role does not allow this."""

    status = HTTPStatus.FORBIDDEN
    code = "forbidden"


class NotFound(AppError):
    """There is no such thing, or you may not see it."""

    status = HTTPStatus.NOT_FOUND
    code = "not_found"


class MethodNotAllowed(AppError):
    """This path does not take this method; the Allow header lists those it takes."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    code = "method_not_allowed"

    def __init__(self, allowed: str) -> None:
        super().__init__()
        self._allowed = allowed

    @property
    def headers(self) -> dict[str, str]:
        return {"Allow": self._allowed}


class Conflict(AppError):
    """The state of the resource does not allow this."""

    status = HTTPStatus.CONFLICT
    code = "conflict"


class JobNotPausable(Conflict):
    """Only a running job can be paused; `state` says what this one is."""

    code = "job_not_pausable"


class JobNotResumable(Conflict):
    """Only a paused job can be resumed; `state` says what this one is."""

    code = "job_not_resumable"


class JobNotCancelable(Conflict):
    """The job has already ended and cannot be canceled; `state` says how."""

    code = "job_not_cancelable"


class NothingToRetry(Conflict):
    """No item of this job failed in a way that may pass now, and none was left undone; or the job has not ended."""

    code = "nothing_to_retry"


class AlreadyRetried(Conflict):
    """The job has been retried; `jobId` is that retry, and what is left of it can be retried in turn."""

    code = "already_retried"


class JobTypeRetired(Conflict):
    """Jobs of this type cannot be run any more; post a job of a type at GET /api/job-types instead."""

    code = "job_type_retired"


class JobNotEnded(Conflict):
    """Only a job that has ended can be undone; cancel it first. `state` says what it is."""

    code = "job_not_ended"


class NotUndoable(Conflict):
    """Jobs of this type cannot be undone."""

    code = "not_undoable"


class NothingToUndo(Conflict):
    """The job has changed nothing."""

    code = "nothing_to_undo"


class AlreadyUndone(Conflict):
    """The job has been undone; `jobId` is the job that did. Retry that one, or undo it to redo."""

    code = "already_undone"


class UndoExpired(Conflict):
    """The days in which the job could be undone are over."""

    code = "undo_expired"


class CountChanged(Conflict):
    """The job would have another number of targets than expected; `count` is that number. Nothing was queued."""

    code = "count_changed"


class LastAdmin(Conflict):
    """This is the last active admin: make another one first."""

    code = "last_admin"


class VersionMismatch(AppError):
    """The ticket has changed since the version you named in If-Match: read it again, then decide."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "version_mismatch"


class TooManyTargets(AppError):
    """The job names more targets than one job may have."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "too_many_targets"


class IdempotencyKeyReused(AppError):
    """This Idempotency-Key was used with another request: send a new key, or the same request."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "idempotency_key_reused"


class BodyTooLarge(AppError):
    """The request body is larger than this server takes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "body_too_large"


class TooManyRequests(AppError):
    """Too many requests; try again later."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many_requests"

    def __init__(self, retry_after_seconds: int, detail: str = "") -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_seconds)}


class TooManyAttempts(TooManyRequests):
    """Too many attempts to log in; try again later."""

    code = "too_many_attempts"


class TooManyJobs(TooManyRequests):
    """You have as many active jobs as one user may: wait until one ends, or cancel one."""

    code = "too_many_jobs"


class Unavailable(AppError):
    """The database cannot be reached at the moment. Try again shortly; with an Idempotency-Key that is safe."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(RETRY_AFTER_SECONDS)}


def is_unavailable(error: BaseException) -> bool:
    """Tell whether `error` means that a server we depend on is away, rather than that someone is wrong."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if (sqlstate_of(error) or "").startswith(UNAVAILABLE_SQLSTATES):
        return True
    return isinstance(error, (PoolTimeoutError, RedisError, OSError, TimeoutError))


def sqlstate_of(error: BaseException) -> str | None:
    """Return the SQLSTATE of an error of Postgres, be it SQLAlchemy's or, while connecting, asyncpg's own."""
    return getattr(getattr(error, "orig", error), "sqlstate", None)
