from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.jobs import chunks
from app.jobs.queue import WakeUps

_IS_MINE = text("select pg_try_advisory_xact_lock(hashtextextended('bulkhead sweeper', 0))")


class Sweeper:
    """Heals what Redis forgot: wakes each job that has work and fewer lanes, at work or on their way, than it may have.

    It looks at what is, not at how long nothing moved, so it needs no clock and no lease. Every worker has one; an
    advisory lock lets one at a time sweep.
    """

    def __init__(self, engine: AsyncEngine, wake_ups: WakeUps, *, lanes_per_job: int) -> None:
        self._engine = engine
        self._wake_ups = wake_ups
        self._lanes_per_job = lanes_per_job

    async def sweep(self) -> None:
        async with self._engine.begin() as connection:
            if not await connection.scalar(_IS_MINE):
                return
            claimable = await chunks.claimable_jobs(connection, self._lanes_per_job)
        if not claimable:
            return
        waiting = await self._wake_ups.waiting()
        for job in claimable:
            missing = job.missing - waiting[job.job_id]
            if missing > 0:
                await self._wake_ups.wake(job.job_id, missing, priority=job.priority)
