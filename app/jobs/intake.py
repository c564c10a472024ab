"""Where jobs come from: someone posts one, or makes one of another by a retry or an undo. Also previews of them."""

from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import msgspec
from msgspec import UNSET, structs
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import tracing
from app.accounts.models import Caller, User
from app.audit import store as audit
from app.errors import InvalidRequest
from app.idempotency import store as keys
from app.jobs import chunks, events, idempotency, meters, previews, store, targets
from app.jobs.announcer import Announcer
from app.jobs.errors import (
    AlreadyRetried,
    AlreadyUndone,
    CountChanged,
    JobNotEnded,
    JobTypeRetired,
    NothingToRetry,
    NothingToUndo,
    NotUndoable,
    TooManyJobs,
    TooManyTargets,
    UndoExpired,
)
from app.jobs.models import Job, job_items
from app.jobs.operations import bulk_undo
from app.jobs.operations.operation import JobRequest, TicketsRequest
from app.jobs.operations.registry import OPERATIONS
from app.jobs.previews import Preview
from app.jobs.queue import WakeUps
from app.jobs.service import require
from app.pools import Pools
from app.settings import Settings
from app.tickets.filters import Views, expanded, meant_by

BUSY_SECONDS = 5  # what Retry-After says to those who have too many jobs


class Submitted(msgspec.Struct, frozen=True):
    job: Job
    is_replay: bool


class Intake:
    """Each use case commits. What it returns is to be launched once the client has its answer."""

    def __init__(
        self,
        pools: Pools,
        wake_ups: WakeUps,
        announcer: Announcer,
        settings: Settings,
        views: Views | None = None,
    ) -> None:
        self._pools = pools
        self._views = views
        self._wake_ups = wake_ups
        self._announcer = announcer
        self._settings = settings

    async def submit(self, caller: Caller, request: JobRequest, key: str | None) -> Submitted:
        """Store a job, or find the one that this `key` was used for.

        Raises:
            InvalidRequest: what is asked for makes no sense at this moment.
            TooManyTargets: more ids than MAX_TARGETS.
            TooManyJobs: the user has MAX_ACTIVE_JOBS.
            CountChanged: the targets are not as many as expected.
            IdempotencyKeyReused: the key was used for another request.
        """
        self._check_size(request)
        submitted = await self._submit(caller, request, key)
        if key is not None:
            keys.note_outcome(is_replay=submitted.is_replay)
        return submitted

    async def _submit(self, caller: Caller, request: JobRequest, key: str | None) -> Submitted:
        async with self._pools.engine.begin() as connection:
            if key is None:
                return Submitted(await self._store(connection, caller, request), is_replay=False)
            fingerprint = idempotency.fingerprint_of(request)
            claimed = await keys.claim(connection, caller.user.id, key, fingerprint, job_id=keys.NEW_ID)
            job_id = cast(UUID, claimed.job_id)  # as the fingerprint is that of a job
            if claimed.is_new:
                return Submitted(await self._store(connection, caller, request, id=job_id), is_replay=False)
            return Submitted(require(await store.find(connection, job_id)), is_replay=True)

    async def submit_within(self, connection: AsyncConnection, caller: Caller, request: JobRequest) -> Job:
        """Store a job in someone else's transaction, with what makes it necessary; raises what `submit` does."""
        return await self._store(connection, caller, request)

    async def preview(self, user: User, request: JobRequest) -> Preview:
        """Say what the job would do if it ran now; raises what `submit` would raise of the request itself."""
        self._check_size(request)
        async with self._pools.costly.connect(user.id) as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")  # count and sample: one moment
            request = await self._resolved(connection, user, request)
            await _check(connection, request)
            operation, params = OPERATIONS[request.type], request.params(self._settings)
            undo_days = self._undo_days(request.type, params)
            return await previews.of(connection, operation, params, request.distinct_ids(), undo_days)

    async def retry(self, caller: Caller, job_id: UUID) -> Job:
        """Make a job of what failed and may succeed now, and of what was not tried.

        Raises:
            NotFound: there is no such job.
            NothingToRetry: nothing is like that, or the job has not ended.
            AlreadyRetried: there is a retry.
            JobTypeRetired: there is no such type of job any more.
            TooManyJobs: the user has MAX_ACTIVE_JOBS.
        """
        async with self._pools.engine.begin() as connection:
            parent = require(await store.lock(connection, job_id))
            if parent.retried_by is not None:
                raise AlreadyRetried(parent.retried_by)
            params = await _params_of_retry(connection, parent)
            child = await self._add(
                connection,
                caller,
                type=parent.type,
                params=params,
                parent_job_id=job_id,
                reason=parent.reason,
                priority=parent.priority,
                max_items_per_second=parent.max_items_per_second,
            )
            await store.link(connection, job_id, retried_by=child.id)
            await audit.record(
                connection,
                "job.retried",
                caller.origin,
                actor_id=caller.user.id,
                subject_id=job_id,
                reason=parent.reason,
                details={"by": str(child.id)},
            )
            return child

    async def undo(self, caller: Caller, job_id: UUID) -> Job:
        """Make a job that restores what this one changed, where nobody has changed it since.

        Raises:
            NotFound: there is no such job.
            NotUndoable, JobNotEnded, AlreadyUndone, UndoExpired, NothingToUndo: as they say.
            TooManyJobs: the user has MAX_ACTIVE_JOBS.
        """
        async with self._pools.engine.begin() as connection:
            parent = require(await store.lock(connection, job_id))
            type_ = await _type_of_undo(connection, parent)
            child = await self._add(
                connection,
                caller,
                type=type_,
                params={"undoes": str(job_id)},
                parent_job_id=job_id,
                priority=parent.priority,
                max_items_per_second=parent.max_items_per_second,
            )
            await store.link(connection, job_id, undone_by=child.id)
            await audit.record(
                connection,
                "job.undone",
                caller.origin,
                actor_id=caller.user.id,
                subject_id=job_id,
                items=parent.succeeded,
                details={"by": str(child.id)},
            )
            return child

    async def launch(self, job: Job) -> None:
        """Announce a stored job and wake lanes for it; if this never runs, the sweeper and the feed do it."""
        meters.submitted(job)
        await self._announcer.announce(events.of(job))
        if job.run_at is None:
            await self._wake_ups.wake(job.id, job.lanes(self._settings.job_lanes), priority=job.priority)

    async def _resolved(self, connection: AsyncConnection, user: User, request: JobRequest) -> JobRequest:
        """Return a request that depends neither on what becomes of a view, nor on who works on it."""
        if not isinstance(request, TicketsRequest):
            return request
        wanted = request.payload.filter
        if wanted is UNSET:
            return request
        resolved = meant_by(user, await expanded(connection, user, wanted, self._views))
        if resolved.is_empty and not request.payload.all:
            raise InvalidRequest.at(
                "$.payload.filter", 'The view matches every ticket; if you mean that, add `"all": true`'
            )
        payload = structs.replace(request.payload, filter=resolved)
        return structs.replace(request, payload=payload)

    def _check_size(self, request: JobRequest) -> None:
        given, limit = len(request.ticket_ids or ()), self._settings.max_targets
        if given > limit:
            raise TooManyTargets(given, limit)

    async def _store(self, connection: AsyncConnection, caller: Caller, request: JobRequest, **own_id: UUID) -> Job:
        request = await self._resolved(connection, caller.user, request)
        await _check(connection, request)
        operation, params, ids = OPERATIONS[request.type], request.params(self._settings), request.distinct_ids()
        if request.expected_count is not None:
            count = await previews.count(connection, operation, params, ids)
            if count != request.expected_count:
                raise CountChanged(count, int(request.expected_count))
        job = await self._add(
            connection,
            caller,
            **own_id,
            type=request.type,
            params=params,
            total=None if ids is None else len(ids),
            duplicates=len(request.ticket_ids or ()) - len(ids or ()),
            reason=request.reason,
            priority=request.priority,
            run_at=request.run_at,
            max_items_per_second=request.max_items_per_second and int(request.max_items_per_second),
        )
        if ids is not None:
            await chunks.add(connection, job.id, ids, job.max_chunk_size(self._settings.chunk_size))
        return job

    async def _add(self, connection: AsyncConnection, caller: Caller, **values: Any) -> Job:
        if await store.lock_active_jobs_of(connection, caller.user.id) >= self._settings.max_active_jobs:
            raise TooManyJobs(BUSY_SECONDS)
        values |= {"undo_days": self._undo_days(values["type"], values["params"]), "traceparent": tracing.current()}
        job = await store.add(connection, requested_by=caller.user.id, **values)
        await audit.record(
            connection,
            "job.submitted",
            caller.origin,
            actor_id=caller.user.id,
            subject_id=job.id,
            items=job.total,
            reason=job.reason,
            details={"type": job.type},
        )
        return job

    def _undo_days(self, job_type: str, params: dict[str, Any]) -> int | None:
        days = min(self._settings.undo_days, self._settings.job_retention_days)  # then it is gone
        return days if OPERATIONS[job_type].doing(params).is_undoable else None


async def _check(connection: AsyncConnection, request: JobRequest) -> None:
    if request.run_at is not None and request.run_at <= datetime.now(UTC):
        raise InvalidRequest.at("$.runAt", "This time has passed; leave it out to run the job now")
    await request.check(connection)


async def _params_of_retry(connection: AsyncConnection, job: Job) -> dict[str, Any]:
    """Return what a retry of this job is to do, or raise what stands against it."""
    operation = OPERATIONS.get(job.type)
    if operation is None:
        raise JobTypeRetired(f"Jobs of the type {job.type} cannot be run any more.")
    if job.has_ended and job.total is None:  # nobody knows its targets, so all is left over
        return job.params
    if not job.has_ended or not await store.has_any(connection, targets.left_over(operation, job.id)):
        raise NothingToRetry(job.status)
    return {**job.params, "retries": str(job.id)}


async def _type_of_undo(connection: AsyncConnection, job: Job) -> str:
    """Return the type of job that undoes this one, or raise what stands against that."""
    operation = OPERATIONS.get(job.type)
    type_ = operation.undo if operation else bulk_undo.OPERATION.type
    if job.undo_days is None or type_ is None:
        raise NotUndoable(f"This {job.type} cannot be undone.")
    if not job.has_ended:
        raise JobNotEnded(job.status)
    if job.undone_by is not None:
        raise AlreadyUndone(job.undone_by)
    changed = select(job_items.c.position).where(job_items.c.job_id == job.id, targets.CHANGED)
    if not await store.has_any(connection, changed):
        raise NothingToUndo
    if job.undo_until(datetime.now(UTC)) is None:
        raise UndoExpired(f"The job could be undone for {job.undo_days} days.")
    return type_
