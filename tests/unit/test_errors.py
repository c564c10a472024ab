import importlib
from pathlib import Path

import asyncpg
import pytest
from redis import exceptions as redis_errors
from sqlalchemy import exc

import app
from app import errors
from app.errors import AppError
from app.outages import is_unavailable, sqlstate_of
from tests.support.internals import through_sqlalchemy


def family(base: type[AppError]) -> list[type[AppError]]:
    return [base, *(error for child in base.__subclasses__() for error in family(child))]


for errors_of_a_slice in Path(app.__path__[0]).glob("*/errors.py"):
    importlib.import_module(f"app.{errors_of_a_slice.parent.name}.errors")
FAMILY = family(AppError)


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
def test_only_the_base_is_our_fault_and_all_else_of_ours_passes(error: type[AppError]) -> None:
    assert error.status < 500 or (error.status == 503 and "Retry-After" in error().headers)


def test_no_two_errors_share_a_code_but_for_one_that_is_another_in_other_words() -> None:
    codes = [error.code for error in FAMILY if "code" in vars(error)]
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
