"""Lanes: each takes one chunk of a job after the other, one transaction a chunk.

A lane that dies takes its transaction with it, and Postgres sets the chunk free: there is nothing to clean up.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.errors import is_unavailable, sqlstate_of
from app.jobs import chunks, events, store
from app.jobs.announcer import Announcer
from app.jobs.models import Chunk, Counts, Job
from app.jobs.operations.operation import Operation
from app.jobs.operations.registry import OPERATIONS
from app.jobs.queue import WakeUps

RETRYABLE_SQLSTATES: Final = {"40001", "40P01"}  # serialization failure, deadlock
BACKOFF_SECONDS: Final = 0.05

Apply = Callable[[AsyncConnection, Operation, UUID, Chunk], Awaitable[Counts]]

log = structlog.get_logger(__name__)


class JobStopped(Exception):
    """The job was canceled or paused while a lane had a chunk in hand."""


class Lanes:
    """Runs lanes of this process until `stop` is set."""

    def __init__(
        self,
        engine: AsyncEngine,
        wake_ups: WakeUps,
        announcer: Announcer,
        *,
        lanes_per_job: int,
        slice_seconds: float,
        clock: Callable[[], float],
    ) -> None:
        self._engine = engine
        self._wake_ups = wake_ups
        self._announcer = announcer
        self._lanes_per_job = lanes_per_job
        self._slice_seconds = slice_seconds
        self._clock = clock
        self.stop = asyncio.Event()

    async def run(self, job_id: UUID) -> None:
        """Work on a job until nothing is left to claim, or the time slice is over: then others get their turn."""
        with structlog.contextvars.bound_contextvars(job_id=str(job_id)):
            try:
                await self._run(job_id)
            except Exception as error:  # one job's failure must not end the worker
                if is_unavailable(error):
                    log.warning("lane_interrupted", error=type(error).__name__)
                else:
                    log.exception("lane_failed")
                    await self._fail(job_id, "internal_error")

    async def _run(self, job_id: UUID) -> None:
        job_type = await self._begin(job_id)
        if job_type is None:
            return
        operation = OPERATIONS.get(job_type)
        if operation is None:
            await self._fail(job_id, "unknown_type")
            return
        ends_at = self._clock() + self._slice_seconds
        while await self._do_chunk(job_id, operation):
            if self.stop.is_set() or self._clock() >= ends_at:
                await self._wake_ups.wake(job_id)
                return

    async def _begin(self, job_id: UUID) -> str | None:
        """Set the job running if it is queued; return its type, or None when there is nothing to do for a lane."""
        async with self._engine.begin() as connection:
            started = await store.start(connection, job_id)
            job = started or await store.find(connection, job_id)
        if started:
            await self._announcer.announce(events.of(started))
        return job.type if job and job.is_running else None

    async def _do_chunk(self, job_id: UUID, operation: Operation) -> bool:
        """Do one chunk; False when there is no more to do."""
        try:
            job = await self._commit_chunk(job_id, operation)
        except JobStopped:
            return False
        except DBAPIError as error:
            if sqlstate_of(error) not in RETRYABLE_SQLSTATES:
                raise
            log.info("chunk_retried", sqlstate=sqlstate_of(error))
            await asyncio.sleep(random.uniform(0, BACKOFF_SECONDS))  # noqa: S311 - jitter, not a secret
            return True
        if job is None:
            return False
        await self._announcer.announce(events.of(job))
        return job.is_running

    async def _commit_chunk(self, job_id: UUID, operation: Operation) -> Job | None:
        """Try a chunk as a whole; if the database refuses that, a chunk in parts."""
        try:
            return await self._transact_chunk(job_id, operation, chunks.apply)
        except DBAPIError as error:
            if is_unavailable(error) or sqlstate_of(error) in RETRYABLE_SQLSTATES:
                raise
            log.warning("chunk_refused", sqlstate=sqlstate_of(error))
        return await self._transact_chunk(job_id, operation, apply_in_parts)

    async def _transact_chunk(self, job_id: UUID, operation: Operation, apply: Apply) -> Job | None:
        """Claim, apply, record, count and commit; return the job as it is then, None when there is no chunk."""
        async with self._engine.begin() as connection:
            chunk = await chunks.claim(connection, job_id, self._lanes_per_job)
            if chunk is None:
                return None
            counts = await apply(connection, operation, job_id, chunk)
            job = await store.count(connection, job_id, counts)
            if job is None:
                raise JobStopped
            return job

    async def _fail(self, job_id: UUID, error: str) -> None:
        async with self._engine.begin() as connection:
            job = await store.fail(connection, job_id, error)
        if job:
            await self._announcer.announce(events.of(job))


async def apply_in_parts(connection: AsyncConnection, operation: Operation, job_id: UUID, chunk: Chunk) -> Counts:
    """Apply a chunk; where the database refuses it, halve it until each poisoned item stands alone with its code."""
    try:
        async with connection.begin_nested():
            return await chunks.apply(connection, operation, job_id, chunk)
    except DBAPIError as error:
        if is_unavailable(error) or sqlstate_of(error) in RETRYABLE_SQLSTATES:
            raise
    if len(chunk.ticket_ids) == 1:
        return await chunks.record_error(connection, job_id, chunk)
    left, right = [await apply_in_parts(connection, operation, job_id, half) for half in chunk.halves()]
    return Counts(left.succeeded + right.succeeded, left.failed + right.failed)
