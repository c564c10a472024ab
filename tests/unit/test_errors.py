import json
from typing import Any

import asyncpg
import pytest
from litestar import Request
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
from redis import exceptions as redis_errors
from sqlalchemy import exc
from sqlalchemy.dialects.postgresql import asyncpg as dialect
from structlog.contextvars import bound_contextvars
from structlog.testing import capture_logs

from app import errors
from app.errors import AppError, FieldError, InvalidRequest, is_unavailable, sqlstate_of

SECRET = "hunter2"


def family(base: type[AppError]) -> list[type[AppError]]:
    return [base, *(error for child in base.__subclasses__() for error in family(child))]


FAMILY = family(AppError)


def through_sqlalchemy(error: Exception, *, connection_lost: bool = False) -> exc.DBAPIError:
    """Wrap an error of asyncpg as SQLAlchemy does when a statement, or connecting, raises it."""
    asyncpg_dialect: Any = dialect.dialect
    dbapi = asyncpg_dialect.import_dbapi()
    translations = dbapi._asyncpg_error_translate
    translated = next(translations[kind] for kind in type(error).__mro__ if kind in translations)(str(error), error)
    wrapped = exc.DBAPIError.instance("select 1", {}, translated, dbapi.Error, connection_invalidated=connection_lost)
    assert isinstance(wrapped, exc.DBAPIError)
    return wrapped


# The family


@pytest.mark.parametrize("error", FAMILY)
def test_every_error_has_a_status_a_code_and_a_message_of_its_own(error: type[AppError]) -> None:
    assert 400 <= error.status <= 599
    assert error.code
    assert error.code == error.code.lower()
    assert error.code.replace("_", "").isalpha()
    message = (error.__doc__ or "").strip()
    assert message.endswith(".") or "`" in message
    assert "\n" not in message


@pytest.mark.parametrize("error", FAMILY[1:])
def test_only_the_base_and_an_outage_are_our_fault(error: type[AppError]) -> None:
    assert error.status < 500 or error is errors.Unavailable


def test_no_two_errors_share_a_code() -> None:
    codes = [error.code for error in FAMILY]
    assert sorted(codes) == sorted(set(codes))


def test_the_docstring_is_the_message_unless_one_is_given() -> None:
    assert errors.NotFound().detail == str(errors.NotFound()) == errors.NotFound.__doc__
    assert errors.NotFound("No such job.").detail == "No such job."


# Outage or not


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(ConnectionRefusedError(), id="Postgres is not there"),
        pytest.param(FileNotFoundError("/run/.s.PGSQL.5432"), id="its socket is not there"),
        pytest.param(ConnectionResetError(), id="the line was cut"),
        pytest.param(OSError("no route to host"), id="no route"),
        pytest.param(TimeoutError(), id="it does not answer"),
        pytest.param(exc.TimeoutError("QueuePool limit"), id="no connection got free"),
        pytest.param(redis_errors.ConnectionError(), id="Redis is not there"),
        pytest.param(redis_errors.TimeoutError(), id="Redis does not answer"),
        pytest.param(redis_errors.BusyLoadingError(), id="Redis starts"),
        pytest.param(redis_errors.ReadOnlyError(), id="Redis fails over"),
        pytest.param(asyncpg.CannotConnectNowError("starting up"), id="Postgres starts"),
        pytest.param(asyncpg.TooManyConnectionsError("sorry"), id="Postgres is full"),
        pytest.param(asyncpg.AdminShutdownError("terminating"), id="Postgres stops"),
        pytest.param(asyncpg.CrashShutdownError("terminating"), id="Postgres crashed"),
        pytest.param(asyncpg.ConnectionDoesNotExistError("closed midway"), id="the line was cut midway"),
        pytest.param(asyncpg.DiskFullError("no space left"), id="the disk is full"),
        pytest.param(asyncpg.LockNotAvailableError("lock timeout"), id="someone holds a lock too long"),
        pytest.param(asyncpg.OutOfMemoryError("out of memory"), id="memory is full"),
    ],
)
def test_that_a_server_is_away_is_an_outage(error: Exception) -> None:
    assert is_unavailable(error)
    if isinstance(error, asyncpg.PostgresError):
        assert is_unavailable(through_sqlalchemy(error))


def test_a_connection_that_was_closed_before_the_statement_is_an_outage() -> None:
    assert is_unavailable(through_sqlalchemy(asyncpg.InterfaceError("connection is closed"), connection_lost=True))
    assert is_unavailable(through_sqlalchemy(asyncpg.InternalClientError("got result"), connection_lost=True))


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.UniqueViolationError("duplicate key"),
        asyncpg.ForeignKeyViolationError("no such user"),
        asyncpg.CheckViolationError("counts"),
        asyncpg.DataError("invalid input for query argument $1"),
        asyncpg.CharacterNotInRepertoireError("invalid byte sequence"),
        asyncpg.PostgresSyntaxError("syntax error"),
        asyncpg.UndefinedTableError("no table jobs"),
        asyncpg.DeadlockDetectedError("deadlock detected"),
        asyncpg.SerializationError("could not serialize"),
        asyncpg.QueryCanceledError("statement timeout"),
        asyncpg.RaiseError("a trigger says no"),
        asyncpg.InvalidPasswordError("wrong password"),
        asyncpg.InvalidCatalogNameError("no such database"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_that_postgres_says_no_is_not_an_outage(error: asyncpg.PostgresError) -> None:
    assert not is_unavailable(error)
    assert not is_unavailable(through_sqlalchemy(error))


@pytest.mark.parametrize(
    "error", [ValueError(), KeyError(), RuntimeError(), ZeroDivisionError(), AppError(), exc.InvalidRequestError()]
)
def test_that_we_are_wrong_is_not_an_outage(error: Exception) -> None:
    assert not is_unavailable(error)


@pytest.mark.parametrize(
    ("error", "sqlstate"),
    [
        (asyncpg.DeadlockDetectedError("deadlock"), "40P01"),
        (asyncpg.SerializationError("could not serialize"), "40001"),
        (asyncpg.CheckViolationError("counts"), "23514"),
        (asyncpg.CannotConnectNowError("starting up"), "57P03"),
    ],
)
def test_a_sqlstate_is_read_from_asyncpg_and_through_sqlalchemy(error: asyncpg.PostgresError, sqlstate: str) -> None:
    assert sqlstate_of(error) == sqlstate
    assert sqlstate_of(through_sqlalchemy(error)) == sqlstate


@pytest.mark.parametrize(
    "error",
    [
        OSError(),
        ValueError(),
        exc.TimeoutError(),
        redis_errors.ConnectionError(),
        exc.StatementError("unbindable", "select 1", {}, ValueError()),
        through_sqlalchemy(asyncpg.InterfaceError("connection is closed")),
    ],
)
def test_what_postgres_did_not_say_has_no_sqlstate(error: Exception) -> None:
    assert sqlstate_of(error) is None


# Answers


@pytest.fixture
def request_() -> Request[Any, Any, Any]:
    return RequestFactory().get("/api/jobs")


def answer_to(request: Request[Any, Any, Any], error: Exception) -> tuple[int, dict[str, Any], dict[str, str]]:
    with capture_logs():
        response = errors.to_response(request, error)
    assert response.media_type == "application/problem+json"
    body: dict[str, Any] = json.loads(response.content)
    assert body["status"] == response.status_code
    assert body["title"]
    return body["status"], body, dict(response.headers)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.Forbidden(), 403, "forbidden"),
        (errors.JobNotCancelable(), 409, "job_not_cancelable"),
        (NotFoundException(), 404, "not_found"),
        (MethodNotAllowedException(), 405, "method_not_allowed"),
        (NotAuthorizedException("Invalid token"), 401, "unauthorized"),
        (HTTPException(status_code=HTTP_413_REQUEST_ENTITY_TOO_LARGE), 413, "body_too_large"),
        (ClientException("No"), 400, "bad_request"),
        (ConnectionRefusedError(), 503, "unavailable"),
        (through_sqlalchemy(asyncpg.AdminShutdownError("terminating")), 503, "unavailable"),
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
        errors.to_response(request_, errors.NotFound())
        errors.to_response(request_, unforeseen)
    assert [(line["event"], line["path"], line["exc_info"]) for line in lines] == [
        ("request_failed", "/api/jobs", unforeseen)
    ]


@pytest.mark.parametrize(
    ("error", "header", "value"),
    [
        (errors.TooManyAttempts(17), "Retry-After", "17"),
        (errors.Unavailable(), "Retry-After", "2"),
        (TimeoutError(), "Retry-After", "2"),
        (errors.Unauthorized(), "WWW-Authenticate", "Bearer"),
        (NotAuthorizedException(), "WWW-Authenticate", "Bearer"),
        (errors.WrongCredentials(), "WWW-Authenticate", "Bearer"),
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
        _, body, _ = answer_to(request_, errors.VersionMismatch(version=3))
    assert (body["requestId"], body["version"]) == ("0123456789abcdef", 3)


def test_an_error_keeps_what_was_found_wrong() -> None:
    found = [FieldError("$.a", "x"), FieldError("$.b", "y")]
    assert InvalidRequest(errors=found).errors == found
    assert InvalidRequest().errors == []
