"""Connections that outlive a test: opening one, and all that is learned over it, takes longer than most tests do."""

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database
from app.costly import CostlyReads
from app.pools import Pools, opened
from app.reads import Reads
from app.settings import Settings
from tests.support import internals
from tests.support.pools import READS

PLACES = ("database_url", "database_read_url", "pgbouncer_url", "db_pool_max")


class LentPools(Pools, frozen=True):
    """An API's, which outlive it."""

    async def close(self) -> None:
        pass


class Kept:
    """What is connected to one database: the pools of tests, and those of an API with these settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.engine = database.create_engine(settings, application_name="tests")
        self.reads = Reads(settings.database_url, size=4, application_name=READS, statement_seconds=0)
        self._of_the_api = opened(settings)

    def opened(self, settings: Settings) -> Pools:
        """Stand in for `pools.opened`; an API that is to connect elsewhere, or otherwise, has pools of its own."""
        if any(getattr(settings, name) != getattr(self._settings, name) for name in PLACES):
            return opened(settings)
        kept = self._of_the_api
        return LentPools(kept.engine, kept.reads, CostlyReads(kept.costly.engine))

    @property
    def pools(self) -> Pools:
        """Return those of tests, in which costly reads have none of their own."""
        return Pools(self.engine, self.reads, CostlyReads(self.engine))

    async def sessions(self) -> set[int]:
        """Return the processes of Postgres that serve them: none any more if one is in use, or was lost."""
        connections = self._idle()
        if self._is_in_use() or any(connection.is_closed() for connection in connections):
            await self.close()
            return set()
        return {connection.get_server_pid() for connection in connections}

    async def close(self) -> None:
        """Close all connections; who asks for one after that gets a new one."""
        for engine in self._engines:
            await engine.dispose()
        for reads in self._reads:
            await reads.close()

    def _idle(self) -> list[asyncpg.Connection]:
        of_engines = [connection for engine in self._engines for connection in internals.idle_connections(engine)]
        return of_engines + [connection for reads in self._reads for connection in reads._idle]

    def _is_in_use(self) -> bool:
        return any(map(internals.in_use, self._engines)) or any(reads.in_use for reads in self._reads)

    @property
    def _engines(self) -> list[AsyncEngine]:
        return [self.engine, self._of_the_api.engine, self._of_the_api.costly.engine]

    @property
    def _reads(self) -> list[Reads]:
        return [self.reads, self._of_the_api.reads]
