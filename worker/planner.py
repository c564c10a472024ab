import asyncio
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.deliveries.queue import WakeUps
from app.events import store as events
from app.notifications import channels, planning
from app.notifications.addresses import Addresses
from app.webhooks import deliveries, store

MOST = 1000  # how many events are planned in one transaction
COLLECT_SECONDS = 0.02  # after planning: what happens meanwhile is planned together

_IS_MINE = text("select pg_try_advisory_xact_lock(hashtextextended('bulkhead planner', 0))")


class Planner:
    """Makes deliveries of events, and has lanes send them.

    Every worker has one, and they need no lock between them to plan: events that one has in hand are skipped by the
    others. What Redis forgot, it finds by looking at what is, as the sweeper does for jobs.
    """

    def __init__(self, engine: AsyncEngine, wake_ups: WakeUps, addresses: Addresses) -> None:
        self._engine = engine
        self._wake_ups = wake_ups
        self._addresses = addresses
        self.called = asyncio.Event()

    async def answer(self) -> None:
        """Wait for a call, and plan what was recorded; who finds something to plan wakes the lanes for it."""
        await self.called.wait()
        self.called.clear()
        if await self._plan():
            async with self._engine.begin() as connection:
                waiting = await _waiting(connection)
            await self._wake_ups.wake(waiting)

    async def sweep(self) -> None:
        """Plan what nobody was told of, and wake the lanes that are missing, one worker at a time."""
        await self._plan()
        async with self._engine.begin() as connection:
            waiting = await _waiting(connection) if await connection.scalar(_IS_MINE) else []
        if waiting:
            queued = await self._wake_ups.waiting()
            await self._wake_ups.wake([lane_id for lane_id in waiting if not queued[lane_id]])

    async def _plan(self) -> int:
        """Plan all there is, in as many transactions as it takes; return how many events it was."""
        planned, found = 0, MOST
        while found == MOST:
            async with self._engine.begin() as connection:
                taken = await events.take(connection, MOST)
                await deliveries.plan(connection, [event.id for event in taken])
                await planning.plan(connection, taken, self._addresses)
                await events.mark_planned(connection, [event.id for event in taken])
            found = len(taken)
            planned += found
        return planned


async def _waiting(connection: AsyncConnection) -> list[UUID]:
    """Return the lanes that have something to send."""
    return [*await store.waiting(connection), *await channels.waiting(connection)]
