import json
from typing import Any

import asyncpg
import pytest
from litestar import Litestar, Request
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotAuthorizedException,
    NotFoundException,
    ValidationException,
)
from litestar.status_codes import HTTP_413_REQUEST_ENTITY_TOO_LARGE
from litestar.testing import RequestFactory
from structlog.contextvars import bound_contextvars
from structlog.testing import capture_logs

from app import errors
from app.accounts.errors import TooManyAttempts, WrongCredentials
from app.errors import FieldError, InvalidRequest
from app.http import problems
from app.jobs.errors import JobNotCancelable
from app.jobs.status import Status
from app.tickets.errors import VersionMismatch
from tests.support.internals import through_sqlalchemy

SECRET = "hunter2"


@pytest.fixture
def request_() -> Request[Any, Any, Any]:
    # A default app, as the factory would make, configures the root logger of the whole run.
    return RequestFactory(Litestar(logging_config=None)).get("/api/jobs")


def answer_to(request: Request[Any, Any, Any], error: Exception) -> tuple[int, dict[str, Any], dict[str, str]]:
    with capture_logs():
        response = problems.to_response(request, error)
    assert response.media_type == "application/problem+json"
    body: dict[str, Any] = json.loads(response.content)
    assert body["status"] == response.status_code
    assert body["title"]
    return body["status"], body, dict(response.headers)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.Forbidden(), 403, "forbidden"),
        (JobNotCancelable(Status.COMPLETED), 409, "job_not_cancelable"),
        (NotFoundException(), 404, "not_found"),
        (MethodNotAllowedException(), 405, "method_not_allowed"),
        (NotAuthorizedException("Invalid token"), 401, "unauthorized"),
        (HTTPException(status_code=HTTP_413_REQUEST_ENTITY_TOO_LARGE), 413, "body_too_large"),
        (ClientException("No"), 400, "bad_request"),
        (ConnectionRefusedError(), 503, "unavailable"),
        (through_sqlalchemy(asyncpg.AdminShutdownError("terminating")), 503, "unavailable"),
        pytest.param(through_sqlalchemy(asyncpg.DeadlockDetectedError("deadlock")), 503, "unavailable", id="deadlock"),
        (through_sqlalchemy(asyncpg.UndefinedTableError("no table jobs")), 500, "internal_error"),
        (RuntimeError("unforeseen"), 500, "internal_error"),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, Exception) else None,
)
def test_every_error_is_told_by_status_and_code(
    request_: Request[Any, Any, Any], error: Exception, status: int, code: str
) -> None:
    told, body, _ = answer_to(request_, error)
    assert (told, body["code"]) == (status, code)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError(SECRET),
        ConnectionRefusedError(SECRET),
        through_sqlalchemy(asyncpg.UndefinedTableError(SECRET)),
        through_sqlalchemy(asyncpg.AdminShutdownError(SECRET)),
        NotAuthorizedException(SECRET),
    ],
    ids=lambda error: type(error).__name__,
)
def test_no_answer_tells_what_went_on_inside(request_: Request[Any, Any, Any], error: Exception) -> None:
    _, body, headers = answer_to(request_, error)
    assert SECRET not in json.dumps([body, headers])
    assert "select 1" not in json.dumps(body)


def test_what_is_our_fault_is_logged_whole_and_what_is_the_clients_is_not(request_: Request[Any, Any, Any]) -> None:
    unforeseen = RuntimeError("unforeseen")
    with capture_logs() as lines:
        problems.to_response(request_, errors.NotFound())
        problems.to_response(request_, unforeseen)
    assert [(line["event"], line["path"], line["exc_info"]) for line in lines] == [
        ("request_failed", "/api/jobs", unforeseen)
    ]


@pytest.mark.parametrize(
    ("error", "header", "value"),
    [
        (TooManyAttempts(17), "Retry-After", "17"),
        (errors.Unavailable(), "Retry-After", "2"),
        (TimeoutError(), "Retry-After", "2"),
        (errors.Unauthorized(), "WWW-Authenticate", "Bearer"),
        (NotAuthorizedException(), "WWW-Authenticate", "Bearer"),
        (WrongCredentials(), "WWW-Authenticate", "Bearer"),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, Exception) else None,
)
def test_an_answer_has_the_headers_that_its_status_asks_for(
    request_: Request[Any, Any, Any], error: Exception, header: str, value: str
) -> None:
    assert answer_to(request_, error)[2][header] == value


def test_a_body_that_is_wrong_is_told_with_its_path(request_: Request[Any, Any, Any]) -> None:
    _, body, _ = answer_to(request_, InvalidRequest.at("$.title", "Expected `str`"))
    assert body["errors"] == [{"path": "$.title", "message": "Expected `str`"}]


def test_a_parameter_that_is_wrong_is_told_with_its_place(request_: Request[Any, Any, Any]) -> None:
    refused = ValidationException(extra=[{"message": "Expected `int` <= 100", "key": "limit", "source": "query"}])
    _, body, _ = answer_to(request_, refused)
    assert body["code"] == "invalid_request"
    assert body["errors"] == [{"path": "query.limit", "message": "Expected `int` <= 100"}]


def test_an_answer_names_the_request_and_what_more_there_is_to_say(request_: Request[Any, Any, Any]) -> None:
    with bound_contextvars(request_id="0123456789abcdef"):
        _, body, _ = answer_to(request_, VersionMismatch(3))
    assert (body["requestId"], body["version"]) == ("0123456789abcdef", 3)


def test_an_error_keeps_what_was_found_wrong() -> None:
    found = (FieldError("$.a", "x"), FieldError("$.b", "y"))
    assert InvalidRequest(errors=found).errors == found
    assert InvalidRequest().errors == ()
