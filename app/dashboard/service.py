import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from app.accounts.models import User
from app.dashboard import store
from app.dashboard.models import Stats
from app.outages import is_unavailable
from app.pools import Pools

FRESH: Final = timedelta(seconds=5)
LEAST_REST: Final = 10  # times as long as counting took

log = structlog.get_logger(__name__)


class Dashboard:
    """Figures that are counted every few seconds, once for everybody, and only while somebody looks at them."""

    def __init__(self, pools: Pools) -> None:
        self._pools = pools
        self._fresh = FRESH
        self._counting: asyncio.Task[None] | None = None

    async def stats(self, user: User) -> Stats:
        """Return the figures as they are kept; if those are old, they are counted anew for whoever asks next.

        Only who asks first of all waits until they have been counted.

        Raises:
            TooManyRequests: the user has two costly reads under way.
        """
        kept = await store.find(self._pools.reads)
        if kept is None:
            async with self._pools.costly.connect(user.id) as connection:
                stats = await store.renew(connection)
                await connection.commit()
                return stats
        if self._counting is None and datetime.now(UTC) - kept.at > self._fresh:
            self._counting = asyncio.create_task(self._renew())
        return kept

    async def close(self) -> None:
        """Wait until nothing is being counted."""
        if self._counting is not None:
            await self._counting

    async def _renew(self) -> None:
        """Count anew, unless another process is at it; a failure is logged, and whoever asks next tries again."""
        began = time.monotonic()
        try:
            async with self._pools.costly.engine.begin() as connection:
                if await store.try_to_lock(connection):
                    await store.renew(connection)
            self._fresh = max(FRESH, LEAST_REST * timedelta(seconds=time.monotonic() - began))
        except Exception as error:
            if is_unavailable(error):
                log.warning("dashboard_not_counted", error=type(error).__name__)
            else:
                log.exception("dashboard_failed")
        finally:
            self._counting = None
