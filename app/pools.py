"""The ways from the API to Postgres."""

from typing import Any, Final

import msgspec
from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database
from app.aside import CONNECT_SECONDS, Aside, CostlyReadsAside, ReadsAside
from app.costly import CostlyReads
from app.metrics import POOL_IN_USE, POOL_MAX
from app.reads import Reads
from app.replica import Replica, note_commits
from app.settings import Settings

NAME: Final = "bulkhead-api"  # in pg_stat_activity
STATEMENT_SECONDS: Final = 8.0  # with what waiting for a connection may take, an answer comes in time
HOW: Final[dict[str, Any]] = {"application_name": NAME, "statement_seconds": STATEMENT_SECONDS}
COSTLY_SHARE: Final = 5  # one of so many connections is for costly reads


class Pools(msgspec.Struct, frozen=True):
    """DB_POOL_MAX connections, divided, so that no kind of work takes them all.

    engine: for what writes, and for what has to read twice as of one moment.
    reads: for single statements.
    costly: for reads that take long.
    aside: what goes to the replica, where there is one.
    """

    engine: AsyncEngine
    reads: Reads
    costly: CostlyReads
    aside: Aside | None = None

    @property
    def replica(self) -> Replica | None:
        return self.aside.replica if self.aside else None

    @property
    def for_lists(self) -> "Pools":
        """What slices are given that read what need not be of this moment, and if it is aside that it is read."""
        return Pools(self.engine, self.aside.reads, self.aside.costly) if self.aside else self

    def measure(self) -> None:
        """Show how much of each pool is in use."""
        database.measure(self.engine, "writes")
        database.measure(self.costly.engine, "costly")
        POOL_IN_USE.labels("reads").set(self.reads.in_use)
        POOL_MAX.labels("reads").set(self.reads.size)
        if self.aside is not None:
            self.aside.measure()

    async def close(self) -> None:
        if self.aside is not None:
            await self.aside.close()
        await self.reads.close()
        await database.close(self.costly.engine)
        await database.close(self.engine)


def opened(settings: Settings) -> Pools:
    """Return pools that connect when they are first used; to the replica there are as many connections for reads."""
    of_costly = max(settings.db_pool_max // COSTLY_SHARE, 1)
    of_reads = max((settings.db_pool_max - of_costly) // 2, 1)
    engine = _engine(settings, settings.db_pool_max - of_costly - of_reads)
    reads, costly = _reads(settings, of_reads), CostlyReads(_engine(settings, of_costly))
    if settings.database_read_url is None:
        return Pools(engine, reads, costly)
    note_commits(engine)
    return Pools(engine, reads, costly, _aside(settings, settings.database_read_url, reads, costly))


def _aside(settings: Settings, database_url: str, reads: Reads, costly: CostlyReads) -> Aside:
    probe = Reads(database_url, size=1, **HOW)
    replica = Replica(reads, probe, max_lag_seconds=settings.database_read_max_lag_seconds)
    there = structs.replace(settings, database_url=database_url, pgbouncer_url=None)
    engine = _engine(there, costly.engine.pool.size(), CONNECT_SECONDS)  # type: ignore[attr-defined]
    return Aside(replica, ReadsAside(reads, replica, database_url, **HOW), CostlyReadsAside(costly, replica, engine))


def _reads(settings: Settings, size: int) -> Reads:
    is_shared = settings.pgbouncer_url is not None
    return Reads(settings.pgbouncer_url or settings.database_url, size=size, is_shared=is_shared, **HOW)


def _engine(settings: Settings, size: int, connect_seconds: float = database.CONNECT_SECONDS) -> AsyncEngine:
    share = structs.replace(settings, db_pool_max=size)
    return database.create_engine(share, connect_seconds=connect_seconds, **HOW)
