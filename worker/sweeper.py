from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.audit import store as audit
from app.jobs import chunks, store
from app.jobs.queue import WakeUps

KEYS, ITEMS, JOBS, AUDIT_ROWS = 1000, 5000, 20, 1000  # what one sweep removes at most

_IS_MINE = text("select pg_try_advisory_xact_lock(hashtextextended('bulkhead sweeper', 0))")


class Sweeper:
    """Heals what Redis forgot: wakes each job that has work and fewer lanes, at work or on their way, than it may have.

    It looks at what is, not at how long nothing moved, so it needs no clock and no lease. Every worker has one; an
    advisory lock lets one at a time sweep. It also removes what is past its retention, a little each time.
    """

    def __init__(self, engine: AsyncEngine, wake_ups: WakeUps, *, lanes_per_job: int, retention_days: int) -> None:
        self._engine = engine
        self._wake_ups = wake_ups
        self._lanes_per_job = lanes_per_job
        self._retention_days = retention_days

    async def sweep(self) -> None:
        async with self._engine.begin() as connection:
            if not await connection.scalar(_IS_MINE):
                return
            claimable = await chunks.claimable_jobs(connection, self._lanes_per_job)
            await self._purge(connection)
        if not claimable:
            return
        waiting = await self._wake_ups.waiting()
        for job in claimable:
            missing = job.missing - waiting[job.job_id]
            if missing > 0:
                await self._wake_ups.wake(job.job_id, missing, priority=job.priority)

    async def _purge(self, connection: AsyncConnection) -> None:
        await store.delete_expired_keys(connection, KEYS)
        expired = await store.expired(connection, self._retention_days, JOBS)
        if expired and await store.purge_items(connection, expired, ITEMS) < ITEMS:
            await store.purge(connection, expired)
        await audit.delete_older_than(connection, self._retention_days, AUDIT_ROWS)
