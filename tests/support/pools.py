import contextlib
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncEngine

from app.costly import CostlyReads
from app.database import CONNECT_SECONDS
from app.pools import Pools
from app.reads import Reads
from app.settings import Settings

READS = "tests: reads"


@contextlib.asynccontextmanager
async def pools_beside(
    engine: AsyncEngine, settings: Settings, *, reads: int = 4, patience_seconds: float = CONNECT_SECONDS
) -> AsyncIterator[Pools]:
    """Open what the API needs beside an engine; costly reads have no pool of their own."""
    opened = Reads(
        settings.database_url,
        size=reads,
        application_name=READS,
        statement_seconds=0,
        patience_seconds=patience_seconds,
    )
    yield Pools(engine, opened, CostlyReads(engine))
    await opened.close()
