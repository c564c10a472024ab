"""The one place where errors become answers (RFC 9457)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from app.errors import (
    AppError,
    BodyTooLarge,
    FieldError,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    Unauthorized,
    Unavailable,
)
from app.outages import QUERY_CANCELED, RETRYABLE_SQLSTATES, is_unavailable, sqlstate_of

PROBLEM_JSON = "application/problem+json"
HUNG_UP = "client disconnected prematurely"  # litestar's words for a body that stopped coming; nobody reads the answer

log = structlog.get_logger(__name__)


def to_response(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Render `error` as problem+json; what we did not foresee is logged whole and told as a bare 500."""
    known = _translate(request, error)
    if known.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request_failed", path=request.scope["path"], code=known.code, exc_info=error)
    return Response(
        body_of(known, request_id()), status_code=known.status, media_type=PROBLEM_JSON, headers=known.headers
    )


def body_of(error: AppError, request_id: str) -> bytes:
    """Write an error down as the body of its answer."""
    problem = error.problem(
        status=error.status,
        title=error.status.phrase,
        code=error.code,
        detail=error.detail,
        errors=list(error.errors),
        request_id=request_id,
        **error.members,
    )
    return msgspec.json.encode(problem)


def request_id() -> str:
    """Return the id of the request at hand, which is in its answer and in the log."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def _translate(request: Request[Any, Any, Any], error: Exception) -> AppError:
    if isinstance(error, AppError):
        return error
    if isinstance(error, HTTPException):
        return _from_framework(request, error)
    if is_unavailable(error) or sqlstate_of(error) in {QUERY_CANCELED, *RETRYABLE_SQLSTATES}:
        return Unavailable()
    return AppError()


_OF_STATUS: dict[int, Callable[[], AppError]] = {
    HTTPStatus.UNAUTHORIZED: Unauthorized,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: BodyTooLarge,
}


def _from_framework(request: Request[Any, Any, Any], error: HTTPException) -> AppError:
    if error.status_code in _OF_STATUS:
        return _OF_STATUS[error.status_code]()
    match error.status_code:
        case HTTPStatus.INTERNAL_SERVER_ERROR:
            return InvalidRequest(error.detail) if error.detail == HUNG_UP else AppError()
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return MethodNotAllowed((error.headers or {}).get("allow", ""))
        case HTTPStatus.BAD_REQUEST if isinstance(error.extra, list):
            return InvalidRequest(errors=[_parameter_error(request, item) for item in error.extra])
    known = AppError(error.detail)
    known.status = HTTPStatus(error.status_code)
    known.code = known.status.phrase.lower().replace(" ", "_")
    return known


def _parameter_error(request: Request[Any, Any, Any], item: Any) -> FieldError:
    """Translate what litestar's signature model says of one parameter, which it calls by the handler's name for it."""
    source, key = getattr(item.get("source"), "value", item.get("source")), item.get("key", "")
    if source == "body":
        return FieldError("$", "A JSON body is needed")
    parameter = request.scope["route_handler"].parsed_fn_signature.parameters.get(key)
    name = getattr(parameter and parameter.kwarg_definition, "name", None) or key
    return FieldError(f"{source or 'request'}.{name}", item["message"])
