"""Reads that need not be of this very moment: from the replica, or from the primary where that will not do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app import database
from app.costly import CostlyReads, Work
from app.metrics import POOL_IN_USE, POOL_MAX
from app.reads import Reads, Statement
from app.replica import REPLAYED, Behind, Replica

CONNECT_SECONDS: Final = 1.0  # an attempt at the replica leaves the primary time for its own

Found = TypeVar("Found")


class ReadsAside(Reads):
    """Connections to the replica."""

    def __init__(self, primary: Reads, replica: Replica, database_url: str, **how: Any) -> None:
        super().__init__(database_url, size=primary.size, patience_seconds=CONNECT_SECONDS, **how)
        self._primary = primary
        self._replica = replica

    @property
    def now(self) -> Reads:
        return self._primary

    async def fetch(self, statement: Statement, **values: Any) -> list[asyncpg.Record]:
        here, there = super().fetch, self._primary.fetch
        return await self._replica.first(lambda: here(statement, **values), lambda: there(statement, **values))

    async def _connection(self) -> asyncpg.Connection:
        async with asyncio.timeout(CONNECT_SECONDS):
            connection = await super()._connection()
        try:
            await self._replica.admit(lambda: connection.fetchrow(REPLAYED.text))
        except Behind:
            self._idle.append(connection)
            raise
        except BaseException:
            connection.terminate()
            raise
        return connection


class CostlyReadsAside(CostlyReads):
    """Costly reads over connections to the replica, in the turns of those over the primary."""

    def __init__(self, primary: CostlyReads, replica: Replica, engine: AsyncEngine) -> None:
        super().__init__(primary.engine)
        self.aside = engine
        self._primary = primary
        self._replica = replica

    @contextlib.asynccontextmanager
    async def turn(self, user_id: UUID, *, is_begun: bool = False) -> AsyncIterator[None]:
        async with self._primary.turn(user_id, is_begun=is_begun):
            yield

    async def over(self, work: Work[Found]) -> Found:
        return await self._replica.first(lambda: self._over_replica(work), lambda: self._primary.over(work))

    async def read_beside(self, connection: AsyncConnection, work: Work[Found]) -> Found:
        return await self._replica.first(lambda: self._over_replica(work), lambda: work(connection))

    async def _over_replica(self, work: Work[Found]) -> Found:
        async with self.aside.connect() as connection:

            async def ask() -> Sequence[Any]:
                return (await connection.execute(REPLAYED.element)).one()

            try:
                await self._replica.admit(ask)
            except (OSError, TimeoutError):  # no replica, or nobody there: the next connection may lead to another
                await connection.invalidate()
                raise
            return await work(connection)


class Aside(msgspec.Struct, frozen=True):
    """All that goes to the replica."""

    replica: Replica
    reads: ReadsAside
    costly: CostlyReadsAside

    def measure(self) -> None:
        """Show how much of each pool is in use."""
        database.measure(self.costly.aside, "replica-costly")
        POOL_IN_USE.labels("replica-reads").set(self.reads.in_use)
        POOL_MAX.labels("replica-reads").set(self.reads.size)

    async def close(self) -> None:
        await self.replica.close()
        await self.reads.close()
        await database.close(self.costly.aside)
