"""What every error has in common, and those that any route can answer with; each slice has its own beside these."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

RETRY_AFTER_SECONDS = 2


class FieldError(msgspec.Struct, frozen=True):
    """One thing that is wrong with a request; `path` is a JSON path into its body, or names a parameter."""

    path: str
    message: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """The body of every error answer (RFC 9457); `code` is stable, the other texts are for people."""

    status: int
    title: str
    code: str
    detail: str
    type: str = msgspec.field(default="about:blank")
    errors: list[FieldError] = []
    request_id: str = ""


class AppError(Exception):
    """Something went wrong on our side; the request id helps to find out what."""

    # The base of all others. A class gives status and code, its docstring the message. An error that tells more than
    # that takes it as arguments by name (`members`) and declares them in a Problem of its own.

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "internal_error"
    problem: type[Problem] = Problem
    example: Mapping[str, Any] = {}  # what one may be made with, for the documents

    def __init__(self, detail: str = "", *, errors: Sequence[FieldError] = (), **members: Any) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip()
        self.errors = errors
        self.members = members
        super().__init__(self.detail)

    @property
    def headers(self) -> dict[str, str]:
        return {}


class InvalidRequest(AppError):
    """The request is not valid; `errors` says where."""

    status = HTTPStatus.BAD_REQUEST
    code = "invalid_request"
    example: Mapping[str, Any] = {"errors": (FieldError("$.title", "Must not be empty"),)}

    @classmethod
    def at(cls, path: str, message: str) -> "InvalidRequest":
        return cls(errors=(FieldError(path, message),))


class Unauthorized(AppError):
    """A valid bearer token is needed: log in at POST /api/login and send `Authorization: Bearer <access_token>`."""

    status = HTTPStatus.UNAUTHORIZED
    code = "unauthorized"

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


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
    example: Mapping[str, Any] = {"allowed": "GET"}

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


class BodyTooLarge(AppError):
    """The request body is larger than this server takes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "body_too_large"


class TooManyRequests(AppError):
    """Too many requests; try again later."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many_requests"
    example: Mapping[str, Any] = {"retry_after_seconds": 2}

    def __init__(self, retry_after_seconds: int, detail: str = "") -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_seconds)}


class Unavailable(AppError):
    """The database cannot be reached at the moment. Try again shortly; with an Idempotency-Key that is safe."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(RETRY_AFTER_SECONDS)}
