import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from app.dashboard import store
from app.dashboard.models import Stats
from app.outages import is_unavailable
from app.pools import Pools
from app.reads import ConnectionReader

FRESH: Final = timedelta(seconds=5)
LEAST_REST: Final = 10  # times as long as counting took

log = structlog.get_logger(__name__)


class Dashboard:
    """Figures that are counted every few seconds, once for everybody, and only while somebody looks at them."""

    def __init__(self, pools: Pools) -> None:
        self._reads = pools.reads
        self._costly = pools.costly
        self._fresh = FRESH
        self._counting: asyncio.Task[Stats] | None = None

    async def stats(self) -> Stats:
        """Return the figures as they are kept; if those are old, they are counted anew for whoever asks next.

        Only before they were ever counted, those who ask wait.
        """
        kept = await store.find(self._reads)
        if kept is not None and self._is_fresh(kept):
            return kept
        if self._counting is None:
            self._counting = asyncio.create_task(self._count())
            self._counting.add_done_callback(self._end)
        return kept if kept is not None else await asyncio.shield(self._counting)

    async def close(self) -> None:
        """Wait until nothing is being counted."""
        if self._counting is not None:
            await asyncio.wait([self._counting])

    async def _count(self) -> Stats:
        """Count anew, unless another process has just done so."""
        async with self._costly.engine.begin() as connection:
            await store.lock(connection)
            kept = await store.find(ConnectionReader(connection))
            if kept is not None and self._is_fresh(kept):
                return kept
            began = time.monotonic()
            stats = await self._costly.read_beside(connection, store.count)
            await store.keep(connection, stats)
        self._fresh = max(FRESH, LEAST_REST * timedelta(seconds=time.monotonic() - began))
        return stats

    def _is_fresh(self, kept: Stats) -> bool:
        return datetime.now(UTC) - kept.at <= self._fresh

    def _end(self, counting: asyncio.Task[Stats]) -> None:
        """Whoever asks next tries again what failed."""
        self._counting = None
        error = None if counting.cancelled() else counting.exception()
        if error is not None and is_unavailable(error):
            log.warning("dashboard_not_counted", error=type(error).__name__)
        elif error is not None:
            log.error("dashboard_failed", exc_info=error)
