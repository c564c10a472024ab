"""Bulkhead done wrong, in ways that a plausible change could bring about: each must be caught by the judge."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from msgspec import structs
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs import chunks, events, store
from app.jobs.announcer import RedisAnnouncer
from app.jobs.models import Chunk, Job, jobs
from app.jobs.operations.operation import Operation
from app.jobs.queue import ArqWakeUps
from app.jobs.status import Status
from app.realtime.feed import Feed
from worker.lane import Apply, Lanes
from worker.sweeper import Sweeper


async def _nothing(*_: Any, **__: Any) -> None:
    """Leave something out."""


def counts_outside_the_transaction() -> None:
    """Commit what was done, and count it afterwards."""

    async def transact(self: Lanes, job: Job, operation: Operation, apply: Apply) -> Job | None:
        async with self._engine.begin() as connection:
            chunk = await chunks.claim(connection, job.id, 1)
            if chunk is None:
                return None
            counts = await apply(connection, operation, job, chunk)
        async with self._engine.begin() as connection:
            return await store.count(connection, job, counts)

    Lanes._transact_chunk = transact  # type: ignore[method-assign]


def announces_before_the_commit() -> None:
    """Tell of a chunk that may yet be rolled back."""

    async def transact(self: Lanes, job: Job, operation: Operation, apply: Apply) -> Job | None:
        async with self._engine.begin() as connection:
            chunk = await chunks.claim(connection, job.id, 1)
            if chunk is None:
                return None
            counts = await apply(connection, operation, job, chunk)
            await self._announcer.announce(
                events.of(structs.replace(job, succeeded=job.succeeded + counts.succeeded, revision=job.revision + 1))
            )
            return await store.count(connection, job, counts)

    Lanes._transact_chunk = transact  # type: ignore[method-assign]


def forgets_the_tail() -> None:
    """Never look again whether a job has work that no lane is at."""
    Sweeper.sweep = _nothing  # type: ignore[method-assign]


def skips_the_resync() -> None:
    """Trust Redis to deliver every event."""
    Feed.resync = _nothing  # type: ignore[method-assign]


def ignores_a_stop() -> None:
    """Count on after a job was canceled or paused."""
    move = store._move

    async def move_on(connection: Any, job_id: Any, froms: Any, *conditions: Any, **values: Any) -> Job | None:
        is_count = "succeeded" in values
        if is_count:
            values["status"] = jobs.c.status
        return await move(connection, job_id, list(Status) if is_count else froms, *conditions, **values)

    store._move = move_on


def claims_what_others_have() -> None:
    """Take a chunk without a lock, and mark it later."""

    async def claim(connection: AsyncConnection, job_id: UUID, lanes: int) -> Chunk | None:
        statement = text("""
            select first_position, ticket_ids, source_first, source_last from job_chunks
            where job_id = :job_id and state = 'pending' order by no limit 1
        """)
        row = (await connection.execute(statement, {"job_id": job_id})).one_or_none()
        return Chunk(*row) if row is not None else None

    chunks.claim = claim


def is_mute() -> None:
    """Announce nothing. That is no fault of ours: Redis may lose any message, and all must come right without it."""
    RedisAnnouncer.announce = _nothing  # type: ignore[method-assign]


def wakes_nobody() -> None:
    """Lose every wake-up. That is no fault of ours either."""
    ArqWakeUps.wake = _nothing  # type: ignore[method-assign]


VARIANTS: Final[dict[str, Callable[[], None]]] = {
    variant.__name__: variant
    for variant in (
        counts_outside_the_transaction,
        announces_before_the_commit,
        forgets_the_tail,
        skips_the_resync,
        ignores_a_stop,
        claims_what_others_have,
        is_mute,
        wakes_nobody,
    )
}
