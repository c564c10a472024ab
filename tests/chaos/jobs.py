"""What the database says of jobs while a scenario plays."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.jobs.status import TERMINAL
from app.outages import is_unavailable
from tests.chaos.record import Record
from tests.support.waiting import until

RETRY_SECONDS = 0.1
AT_ONCE_SECONDS = 0.02  # so that what strikes then meets a job at work
OFTEN_SECONDS = 0.06  # each look takes milliseconds of CPU


class Jobs:
    """Notes how often a fault hit a job at work, and how long it took until one went on."""

    def __init__(self, engine: AsyncEngine, record: Record, patience_seconds: float) -> None:
        self.engine = engine
        self._record = record
        self._patience_seconds = patience_seconds

    async def rows(self, statement: str, **values: object) -> Sequence[Any]:
        """Query, and again if the database is away at this moment."""
        deadline = time.monotonic() + self._patience_seconds
        while True:
            try:
                async with self.engine.connect() as connection:
                    return (await connection.execute(text(statement), values)).all()
            except Exception as error:
                if not is_unavailable(error) or time.monotonic() > deadline:
                    raise
            await asyncio.sleep(RETRY_SECONDS)

    async def items_of(self, *job_ids: UUID) -> int:
        """Return how many items of these jobs are recorded; of all jobs, if none is named."""
        ids = list(job_ids or self._record.jobs)
        [[count]] = await self.rows("select count(*) from job_items where job_id = any(:jobs)", jobs=ids)
        return int(count)

    async def processed(self, job_id: UUID) -> int:
        [[count]] = await self.rows("select succeeded + failed from jobs where id = :id", id=job_id)
        return int(count)

    async def unprocessed_by(self, job_id: UUID) -> list[UUID]:
        """Return the tickets of a job that ended before it came to them."""
        pending = "select unnest(ticket_ids) as id from job_chunks where job_id = :id and state = 'pending'"
        return [row.id for row in await self.rows(pending, id=job_id)]

    async def changed_by(self, job_id: UUID) -> list[UUID]:
        changes = "select ticket_id from job_items where job_id = :id and version is not null"
        return [row.ticket_id for row in await self.rows(changes, id=job_id)]

    async def has_ended(self, job_id: UUID) -> bool:
        [[status]] = await self.rows("select status from jobs where id = :id", id=job_id)
        return status in TERMINAL

    async def are_at_work(self) -> bool:
        return bool(await self.rows("select id from jobs where status in ('queued', 'running') limit 1"))

    async def struck(self) -> bool:
        """Count the fault that has just struck, if a job was at work and still is; whether one was."""
        is_hit = await self.are_at_work()
        self._record.hits += is_hit
        return is_hit

    # Waiting

    async def reaches(self, job_id: UUID, count: int) -> None:
        """Wait until a job has processed so many items, for as long as it goes on."""
        while (now := await self.processed(job_id)) < count:
            await self._until(partial(self._is_past, job_id, now), every=AT_ONCE_SECONDS)

    async def through(self, job_id: UUID) -> None:
        """Wait for the end of a job, for as long as it goes on."""
        while not await self.has_ended(job_id):
            await self._until(partial(self._goes_past, job_id, await self.processed(job_id)))

    async def _goes_past(self, job_id: UUID, count: int) -> bool:
        return await self._is_past(job_id, count) or await self.has_ended(job_id)

    async def _is_past(self, job_id: UUID, count: int) -> bool:
        return await self.processed(job_id) > count

    async def recovers(self, job_id: UUID) -> None:
        """Wait for a job's next committed chunk, and note how long that took; none comes if the job is through."""

        await self._goes_on(lambda: self.processed(job_id), lambda: self.has_ended(job_id))

    async def go_on(self) -> None:
        """Wait for the next committed chunk of any job, and note how long that took; none comes if no job runs."""

        async def is_through() -> bool:
            return not await self.are_at_work()

        await self._goes_on(self.items_of, is_through)

    async def _goes_on(self, count: Callable[[], Awaitable[int]], is_through: Callable[[], Awaitable[bool]]) -> None:
        began, before = time.perf_counter(), await count()

        async def goes_on() -> bool:
            return await count() > before or await is_through()

        await self._until(goes_on)
        if await count() > before:
            self._record.recoveries_seconds.append(time.perf_counter() - began)

    async def _until(self, condition: Callable[[], Awaitable[bool]], *, every: float = OFTEN_SECONDS) -> None:
        await until(condition, seconds=self._patience_seconds, every=every)
