"""The ways from the API to Postgres."""

from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database
from app.costly import CostlyReads
from app.metrics import POOL_IN_USE, POOL_MAX
from app.reads import Reads
from app.settings import Settings

NAME: Final = "bulkhead-api"  # in pg_stat_activity
STATEMENT_SECONDS: Final = 8.0  # with what waiting for a connection may take, an answer comes in time
COSTLY_SHARE: Final = 5  # one of so many connections is for costly reads


class Pools(msgspec.Struct, frozen=True):
    """DB_POOL_MAX connections, divided, so that no kind of work takes them all.

    engine: for what writes, and for what has to read twice as of one moment.
    reads: for single statements.
    costly: for reads that take long.
    """

    engine: AsyncEngine
    reads: Reads
    costly: CostlyReads

    def measure(self) -> None:
        """Show how much of each pool is in use."""
        database.measure(self.engine, "writes")
        database.measure(self.costly.engine, "costly")
        POOL_IN_USE.labels("reads").set(self.reads.in_use)
        POOL_MAX.labels("reads").set(self.reads.size)

    async def close(self) -> None:
        await self.reads.close()
        await database.close(self.costly.engine)
        await database.close(self.engine)


def opened(settings: Settings) -> Pools:
    """Return pools that connect when they are first used."""
    costly = max(settings.db_pool_max // COSTLY_SHARE, 1)
    reads = max((settings.db_pool_max - costly) // 2, 1)
    return Pools(
        engine=_engine(settings, settings.db_pool_max - costly - reads),
        reads=Reads(
            settings.pgbouncer_url or settings.database_url,
            size=reads,
            application_name=NAME,
            statement_seconds=STATEMENT_SECONDS,
            is_shared=settings.pgbouncer_url is not None,
        ),
        costly=CostlyReads(_engine(settings, costly)),
    )


def _engine(settings: Settings, size: int) -> AsyncEngine:
    share = msgspec.structs.replace(settings, db_pool_max=size)
    return database.create_engine(share, application_name=NAME, statement_seconds=STATEMENT_SECONDS)
