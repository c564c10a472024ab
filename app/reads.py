"""Single SELECTs straight over asyncpg: no transaction around each, and no statement that is built twice.

SQLAlchemy's engine spends some 450 µs of the process on one small SELECT (greenlets, BEGIN and ROLLBACK, building and
hashing the statement), asyncpg by itself 30. What writes, or has to read twice as of one moment, uses the engine.
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Sequence
from typing import Any, Generic, Protocol, TypeVar

import asyncpg
import msgspec
from sqlalchemy import Executable
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from app.connecting import Connector
from app.database import CLOSE_SECONDS, CONNECT_SECONDS, connect_args

Key = TypeVar("Key")
Found = TypeVar("Found")

_DIALECT: Any = PGDialect_asyncpg()  # type: ignore[no-untyped-call]


class Statement:
    """A statement whose text is made once. Its parameters are bound by name; those that are not given are null."""

    def __init__(self, element: Any) -> None:
        self.element: Executable = element
        compiled = element.compile(dialect=_DIALECT)
        self.text = str(compiled)
        self._defaults = compiled.params
        self._names = compiled.positiontup or []

    def arguments(self, values: dict[str, Any]) -> list[Any]:
        bound = self._defaults | values
        return [bound[name] for name in self._names]


class Reader(Protocol):
    async def fetch(self, statement: Statement, **values: Any) -> Sequence[Sequence[Any]]:
        """Return all rows of a statement."""


class ConnectionReader:
    """Reads over a connection of SQLAlchemy's, whatever that is for."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def fetch(self, statement: Statement, **values: Any) -> Sequence[Sequence[Any]]:
        return (await self._connection.execute(statement.element, values)).all()


class Reads:
    """At most `size` connections, each of which runs one statement at a time, committed by itself.

    A connection on which anything went wrong is dropped: whatever state it is in, nobody else meets it.
    """

    def __init__(
        self,
        database_url: str,
        *,
        size: int,
        application_name: str,
        statement_seconds: float,
        patience_seconds: float = CONNECT_SECONDS,
        is_shared: bool = False,
    ) -> None:
        _, where = _DIALECT.create_connect_args(make_url(database_url))
        self._options = {**where, **connect_args(application_name, statement_seconds, is_shared=is_shared)}
        self._connect = Connector()
        self._idle: list[asyncpg.Connection] = []
        self.size = size
        self.in_use = 0
        self._turns = asyncio.Semaphore(size)
        self._patience_seconds = patience_seconds

    @property
    def now(self) -> "Reads":
        """What reads as of this moment, whatever this does."""
        return self

    async def fetch(self, statement: Statement, **values: Any) -> list[asyncpg.Record]:
        """Return all rows.

        Raises:
            TimeoutError: no connection got free in time.
            OSError: the connection was lost.
        """
        await self._take_turn()
        self.in_use += 1
        try:
            connection = await self._connection()
            rows = await self._rows(connection, statement, values)
            self._idle.append(connection)
            return rows
        finally:
            self.in_use -= 1
            self._turns.release()

    async def _rows(
        self, connection: asyncpg.Connection, statement: Statement, values: dict[str, Any]
    ) -> list[asyncpg.Record]:
        try:
            return await _fetch(connection, statement, values)
        except TimeoutError:  # the machine may be gone, and each connection to it would take as long to tell
            self._connect.leave(connection)
            while self._idle:
                self._idle.pop().terminate()
            raise

    async def close(self) -> None:
        """Close the connections; those that cannot say goodbye in time end with the process."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                while self._idle:
                    await self._idle.pop().close()

    async def _take_turn(self) -> None:
        if self._turns.locked():
            async with asyncio.timeout(self._patience_seconds):
                await self._turns.acquire()
        else:
            await self._turns.acquire()

    async def _connection(self) -> asyncpg.Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        connection = await self._connect(**self._options)
        await connection.set_type_codec(
            "jsonb", schema="pg_catalog", encoder=_to_json, decoder=msgspec.json.decode, format="text"
        )
        return connection


async def _fetch(connection: asyncpg.Connection, statement: Statement, values: dict[str, Any]) -> list[asyncpg.Record]:
    try:
        rows: list[asyncpg.Record] = await connection.fetch(statement.text, *statement.arguments(values))
    except (asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        was_lost = connection.is_closed() or isinstance(error, asyncpg.InternalClientError)
        connection.terminate()
        if not was_lost:  # but used wrongly
            raise
        raise ConnectionResetError("the connection to Postgres was lost") from error
    except BaseException:
        connection.terminate()
        raise
    return rows


class ByKey(Generic[Key, Found]):
    """Finds rows by a key, as they are now. Those who ask in the same turn of the event loop share one statement.

    Under load that is half a dozen requests, and a trip to Postgres costs this process more than the rest of a small
    answer. The statement begins after all of them have asked, so that nobody is told what was true before.

    statement: takes `keys`; the first column of its rows is their key.
    """

    def __init__(self, reads: Reads, statement: Statement, make: Callable[[asyncpg.Record], Found]) -> None:
        self._reads = reads.now
        self._statement = statement
        self._make = make
        self._asked: set[Key] = set()
        self._reading: asyncio.Task[dict[Key, Found]] | None = None

    async def find(self, key: Key) -> Found | None:
        self._asked.add(key)
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        return (await asyncio.shield(self._reading)).get(key)

    async def find_all(self, keys: Collection[Key]) -> dict[Key, Found]:
        """Find many at once; those that are not there are left out."""
        rows = await self._reads.fetch(self._statement, keys=list(keys)) if keys else []
        return {row[0]: self._make(row) for row in rows}

    async def _read(self) -> dict[Key, Found]:
        asked, self._asked, self._reading = self._asked, set(), None
        return await self.find_all(asked)


def _to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
