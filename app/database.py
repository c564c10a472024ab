"""The metadata that every slice's tables join, and how both processes connect."""

import asyncio
import contextlib
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, MetaData, Table, event, func, select, true
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

from app.connecting import Connector
from app.metrics import POOL_IN_USE, POOL_MAX
from app.outages import TAKES_NO_WRITES, sqlstate_of
from app.settings import Settings

CONNECT_SECONDS = 5.0
LOCK_SECONDS = 5.0
CLOSE_SECONDS = 1.0
COUNT_LIMIT = 10_000  # more is too many to wait for
IDLE_SECONDS = 5.0
LATE_SECONDS = 3.0  # after Postgres should have given up a statement, we do
# Whose machine or network is gone must not hold up the others either: Postgres asks after 10 s of silence, three times,
# and waits as long for what it sent to be acknowledged. Over a Unix socket these mean nothing.
TCP = {
    "tcp_keepalives_idle": "10s",
    "tcp_keepalives_interval": "5s",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25s",
}
# How Postgres writes times into SQL, such as the bounds of partitions. By default it does so, too: then PgBouncer,
# which keeps these settings for us, has nothing to set.
AS_TEXT = {"timezone": "UTC", "datestyle": "ISO, MDY"}

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def create_engine(
    settings: Settings,
    *,
    application_name: str,
    statement_seconds: float = 0,
    idle_seconds: float = IDLE_SECONDS,
    keeps_connections: bool = True,
    connect_seconds: float = CONNECT_SECONDS,
) -> AsyncEngine:
    """Return an engine whose pool never holds more than DB_POOL_MAX connections, or keeps none at all.

    statement_seconds: what a statement may take, and at most LOCK_SECONDS of that waiting for a lock; 0 for ever.
        Postgres ends it then. A network that stands still keeps that from us, so we give up by ourselves soon after.
        A transaction may take LOCK_SECONDS more, with all its statements.
    idle_seconds: what a transaction may wait for us between two of its statements.
    connect_seconds: what connecting may take, and waiting for a connection.

    Plans are made for the arrays at hand: a generic plan expects ten ids where a chunk has a thousand, and joins them
    in a nested loop.

    Behind PgBouncer there is no session to set anything for, nor to keep a prepared statement in: each transaction
    makes its settings, and statements have no name.
    """
    pool: dict[str, Any] = {"pool_size": settings.db_pool_max, "max_overflow": 0, "pool_timeout": connect_seconds}
    session, is_shared = _session(statement_seconds, idle_seconds), settings.pgbouncer_url is not None
    connector = Connector()
    engine = create_async_engine(
        make_url(settings.pgbouncer_url or settings.database_url).set(drivername="postgresql+asyncpg"),
        **(pool if keeps_connections else {"poolclass": NullPool}),
        hide_parameters=True,  # errors are logged, and parameters are what people wrote
        connect_args={
            **connect_args(application_name, statement_seconds, idle_seconds, is_shared=is_shared),
            "timeout": connect_seconds,
            **({"prepared_statement_cache_size": 0, "prepared_statement_name_func": lambda: ""} if is_shared else {}),
            "async_creator_fn": connector,
        },
    )
    event.listen(engine.sync_engine, "handle_error", partial(_leave_a_server_of_no_use, connector))
    event.listen(engine.sync_engine, "checkin", _drop_what_is_in_a_transaction)
    if is_shared:
        event.listen(engine.sync_engine, "begin", partial(_set_for_transaction, session))
    return engine


def connect_args(
    application_name: str, statement_seconds: float, idle_seconds: float = IDLE_SECONDS, *, is_shared: bool = False
) -> dict[str, Any]:
    """Return what asyncpg is to connect with; `create_engine` says what it means.

    is_shared: the session is PgBouncer's, which lends it for a transaction.
    """
    session = {} if is_shared else _session(statement_seconds, idle_seconds) | TCP
    return {
        "timeout": CONNECT_SECONDS,
        "command_timeout": statement_seconds + LATE_SECONDS if statement_seconds else None,
        **({"statement_cache_size": 0} if is_shared else {}),
        "server_settings": {"application_name": application_name, **AS_TEXT, **session},
    }


def _session(statement_seconds: float, idle_seconds: float) -> dict[str, str]:
    lock_seconds = min(LOCK_SECONDS, statement_seconds)
    return {
        "plan_cache_mode": "force_custom_plan",
        "jit": "off",
        "statement_timeout": f"{statement_seconds}s",
        "lock_timeout": f"{lock_seconds}s",
        # A process that stands still in mid-transaction (SIGSTOP, say) must not hold up the others. Between
        # preparing a statement and running it, it counts as neither idle nor late: asyncpg sends no Sync.
        "idle_in_transaction_session_timeout": f"{idle_seconds}s",
        "transaction_timeout": f"{statement_seconds + lock_seconds}s",
    }


def _set_for_transaction(session: dict[str, str], connection: Connection) -> None:
    connection.execute(select(*(func.set_config(name, value, true()) for name, value in session.items())))


def _leave_a_server_of_no_use(connector: Connector, context: ExceptionContext) -> None:
    """Have the pool drop all its connections when one shows that their server takes no writes, or does not answer.

    A statement that is late by our clock was not given up by Postgres, which had 3 s less: the machine may be gone, and
    each connection to it would take as long to tell.
    """
    error = context.original_exception
    if isinstance(error, TimeoutError) or sqlstate_of(error) == TAKES_NO_WRITES:
        context.is_disconnect = context.invalidate_pool_on_disconnect = True
        led_there = context.connection and context.connection.connection.driver_connection
        if led_there is not None:
            connector.leave(led_there)


def _drop_what_is_in_a_transaction(connection: Any, record: ConnectionPoolEntry) -> None:
    """Have nobody else meet a transaction that would not end: a COMMIT or a ROLLBACK can be late for its time, too."""
    if connection is not None and connection.driver_connection.is_in_transaction():
        record.invalidate()


def measure(engine: AsyncEngine, name: str) -> None:
    """Show how much of an engine's pool is in use."""
    pool = engine.pool
    if isinstance(pool, QueuePool):
        POOL_IN_USE.labels(name).set(pool.checkedout())
        POOL_MAX.labels(name).set(pool.size())


async def count_some(connection: AsyncConnection, table: Table, matches: ColumnElement[bool]) -> int:
    """Return how many rows match; COUNT_LIMIT + 1 where there are more, however many those are."""
    some = select(1).select_from(table).where(matches).limit(COUNT_LIMIT + 1).subquery()
    return await connection.scalar(select(func.count()).select_from(some)) or 0


async def close(engine: AsyncEngine) -> None:
    """Close an engine's connections; those that cannot say goodbye in time end with the process."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await engine.dispose()
