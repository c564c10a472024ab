"""What tests need of libraries that do not offer it, each under a plain name: what an update breaks, it breaks here."""

import asyncio
from typing import Any

import asyncpg
from anyio import pytest_plugin
from sqlalchemy import exc
from sqlalchemy.dialects.postgresql import asyncpg as dialect
from sqlalchemy.ext.asyncio import AsyncEngine


def pool_timeout_seconds(engine: AsyncEngine) -> float:
    """Return how long SQLAlchemy's pool waits for a connection to become free."""
    pool: Any = engine.pool
    return float(pool._timeout)


def set_pool_timeout(engine: AsyncEngine, seconds: float) -> None:
    pool: Any = engine.pool
    assert pool._timeout, "SQLAlchemy's pool has no time-out by this name any more"
    pool._timeout = seconds


def in_use(engine: AsyncEngine) -> int:
    """Return how many connections of a pool somebody has."""
    pool: Any = engine.pool
    return int(pool.checkedout())


def idle_connections(engine: AsyncEngine) -> list[asyncpg.Connection]:
    """Return the connections of a pool that nobody has."""
    pool: Any = engine.pool
    return [entry.driver_connection for entry in pool._pool._queue._queue if entry.dbapi_connection]


def tests_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop in which asynchronous tests and fixtures run, while there is one."""
    runner: Any = pytest_plugin._current_runner
    return runner.get_loop() if runner else None


def through_sqlalchemy(error: Exception, *, connection_lost: bool = False) -> exc.DBAPIError:
    """Wrap an error of asyncpg as SQLAlchemy does when a statement, or connecting, raises it."""
    asyncpg_dialect: Any = dialect.dialect
    dbapi = asyncpg_dialect.import_dbapi()
    translations = dbapi._asyncpg_error_translate
    translated = next(translations[kind] for kind in type(error).__mro__ if kind in translations)(str(error), error)
    wrapped = exc.DBAPIError.instance("select 1", {}, translated, dbapi.Error, connection_invalidated=connection_lost)
    assert isinstance(wrapped, exc.DBAPIError)
    return wrapped
