"""Lanes: each takes one chunk of a job after the other, one transaction a chunk.

A lane that dies takes its transaction with it, and Postgres sets the chunk free: there is nothing to clean up.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import Select, func, select, true
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app import tracing
from app.audit import store as audit
from app.audit.models import Origin
from app.events.outbox import Outbox
from app.jobs import chunks, events, meters, store, targets
from app.jobs.announcer import Announcer
from app.jobs.models import Chunk, Counts, Job
from app.jobs.operations.operation import Operation
from app.jobs.operations.registry import OPERATIONS
from app.jobs.queue import WakeUps
from app.outages import RETRYABLE_SQLSTATES, is_unavailable, sqlstate_of
from worker import gauges

BACKOFF_SECONDS: Final = 0.05

STATEMENT_SECONDS: Final = 15.0  # what a whole chunk may take
MIN_PART_SECONDS: Final = 1.0
PATIENT_SECONDS: Final = 600.0  # what writing down the targets of a filter, or a chunk in parts, may take

Apply = Callable[[AsyncConnection, Operation, Job, Chunk], Awaitable[Counts]]

log = structlog.get_logger(__name__)


class JobStopped(Exception):
    """The job was canceled or paused while a lane had a chunk in hand."""


class Lanes:
    """Runs lanes of this process until `stop` is set; `patient_engine` is for what may take PATIENT_SECONDS."""

    def __init__(
        self,
        engine: AsyncEngine,
        patient_engine: AsyncEngine,
        wake_ups: WakeUps,
        announcer: Announcer,
        outbox: Outbox,
        *,
        chunk_size: int,
        lanes_per_job: int,
        slice_seconds: float,
        clock: Callable[[], float],
    ) -> None:
        self._engine = engine
        self._patient_engine = patient_engine
        self._wake_ups = wake_ups
        self._announcer = announcer
        self._outbox = outbox
        self._chunk_size = chunk_size
        self._lanes_per_job = lanes_per_job
        self._slice_seconds = slice_seconds
        self._clock = clock
        self.stop = asyncio.Event()

    async def run(self, job_id: UUID) -> None:
        """Work on a job until nothing is left to claim, or the time slice is over: then others get their turn."""
        with structlog.contextvars.bound_contextvars(job_id=str(job_id)), gauges.LANES.track_inprogress():
            try:
                await self._run(job_id)
            except Exception as error:  # one job's failure must not end the worker
                if is_unavailable(error):
                    log.warning("lane_interrupted", error=type(error).__name__)
                else:
                    log.exception("lane_failed")
                    await self._fail(job_id, "internal_error")

    async def _run(self, job_id: UUID) -> None:
        job = await self._begin(job_id)
        if job is not None:
            about = {"bulkhead.job.id": str(job_id), "bulkhead.job.type": job.type}
            with tracing.span("lane", kind="consumer", parent=job.traceparent, attributes=about):
                await self._work(job)

    async def _work(self, job: Job) -> None:
        operation = OPERATIONS.get(job.type)
        if operation is None:
            await self._fail(job.id, "unknown_type")
            return
        operation = operation.doing(job.params)
        if job.total is None and not await self._prepare(job, operation):
            return
        ends_at = self._clock() + self._slice_seconds
        while (done := await self._do_chunk(job, operation)) is not None:
            job, delay_seconds = done, done.rest_seconds
            if self.stop.is_set() or self._clock() >= ends_at or delay_seconds:
                await self._wake_ups.wake(job.id, priority=job.priority, delay_seconds=delay_seconds)
                return

    async def _begin(self, job_id: UUID) -> Job | None:
        """Set the job running if it is queued; return it, or None when there is nothing to do for a lane."""
        async with self._engine.begin() as connection:
            started = await store.start(connection, job_id)
            job = started or await store.find(connection, job_id)
        if started:
            meters.started(started)
            await self._tell(started)
        return job if job and job.is_running else None

    async def _prepare(self, job: Job, operation: Operation) -> bool:
        """Write down the targets of a job that was posted without ids; False when another lane does, or it stopped."""
        async with self._patient_engine.begin() as connection:
            if not await store.try_to_prepare(connection, job.id):
                return False
            max_size = job.max_chunk_size(self._chunk_size)
            total = await chunks.snapshot(connection, job.id, targets.of(operation, job.params), max_size)
            prepared = await store.set_total(connection, job.id, total)
            if prepared is None:
                await connection.rollback()
                return False
            await audit.record(
                connection, "job.prepared", Origin(), actor_id=job.requested_by, subject_id=job.id, items=total
            )
        await self._tell(prepared)
        if prepared.is_running:
            await self._wake_ups.wake(job.id, job.lanes(self._lanes_per_job) - 1, priority=job.priority)
        return prepared.is_running

    async def _do_chunk(self, job: Job, operation: Operation) -> Job | None:
        """Do one chunk and return the job as it is then; None when there is no more to do."""
        try:
            done = await self._commit_chunk(job, operation)
        except JobStopped:
            return None
        except DBAPIError as error:
            if sqlstate_of(error) not in RETRYABLE_SQLSTATES:
                raise
            log.info("chunk_retried", sqlstate=sqlstate_of(error))
            await asyncio.sleep(random.uniform(0, BACKOFF_SECONDS))  # noqa: S311 - jitter, not a secret
            return job
        if done is None:
            return None
        await self._tell(done)
        return done if done.is_running else None

    async def _commit_chunk(self, job: Job, operation: Operation) -> Job | None:
        """Try a chunk as a whole; if the database refuses that, a chunk in parts."""
        try:
            return await self._transact_chunk(self._engine, job, operation, chunks.apply)
        except DBAPIError as error:
            if is_unavailable(error) or sqlstate_of(error) in RETRYABLE_SQLSTATES:
                raise
            log.warning("chunk_refused", sqlstate=sqlstate_of(error))
        return await self._transact_chunk(self._patient_engine, job, operation, apply_in_parts)

    async def _transact_chunk(self, engine: AsyncEngine, job: Job, operation: Operation, apply: Apply) -> Job | None:
        """Claim, apply, record, count and commit; return the job as it is then, None when there is no chunk."""
        began = self._clock()
        async with engine.begin() as connection:
            chunk = await chunks.claim(connection, job.id, job.lanes(self._lanes_per_job))
            if chunk is None:
                return None
            counts = await apply(connection, operation, job, chunk)
            counted = await store.count(connection, job, counts)
            if counted is None:
                raise JobStopped
        seconds = self._clock() - began
        meters.chunk_done(job, counts, seconds)
        about = {"first": chunk.first_position, "succeeded": counts.succeeded, "failed": counts.failed}
        log.info("chunk", **about, ms=round(seconds * 1000, 1))
        tracing.record("chunk", seconds, link=job.traceparent, attributes=about)
        return counted

    async def _fail(self, job_id: UUID, error: str) -> None:
        async with self._engine.begin() as connection:
            job = await store.fail(connection, job_id, error)
        if job:
            await self._tell(job)

    async def _tell(self, job: Job) -> None:
        if job.has_ended:
            meters.ended(job)
        await self._announcer.announce(events.of(job))
        if job.has_ended:
            await self._outbox.wake()


async def apply_in_parts(
    connection: AsyncConnection, operation: Operation, job: Job, chunk: Chunk, seconds: float = STATEMENT_SECONDS
) -> Counts:
    """Apply a chunk; where the database refuses it, halve it until each poisoned item stands alone with its code.

    A part has half the time of the whole, down to a second, so that a few items that hang do not hold up the others.
    """
    try:
        async with connection.begin_nested():
            await connection.execute(_set_local("statement_timeout", seconds))
            return await chunks.apply(connection, operation, job, chunk)
    except DBAPIError as error:
        if is_unavailable(error) or sqlstate_of(error) in RETRYABLE_SQLSTATES:
            raise
    if len(chunk.ticket_ids) == 1:
        return await chunks.record_error(connection, job.id, chunk)
    part_seconds = max(seconds / 2, MIN_PART_SECONDS)
    parts = [await apply_in_parts(connection, operation, job, half, part_seconds) for half in chunk.halves()]
    return Counts.of(sum((Counter(part.codes) for part in parts), Counter()))


def _set_local(setting: str, seconds: float) -> Select[tuple[str]]:
    return select(func.set_config(setting, f"{seconds}s", true()))
