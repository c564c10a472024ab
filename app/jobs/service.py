"""The use cases of a bulk job. Each commits, THEN announces, THEN wakes: the row is the truth, the rest a courtesy.

Announced first, so that a lane's first event cannot overtake the one that says the job exists.
"""

import hashlib
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.accounts.models import User
from app.errors import IdempotencyKeyReused, JobNotCancelable, NotFound, TooManyTargets
from app.jobs import chunks, events, store
from app.jobs.announcer import Announcer
from app.jobs.models import Item, Job, Result
from app.jobs.operations.operation import JobRequest
from app.jobs.operations.registry import AnyJobRequest
from app.jobs.queue import WakeUps
from app.jobs.status import Status
from app.settings import Settings


class Submitted(msgspec.Struct, frozen=True):
    job: Job
    is_replay: bool


class Jobs:
    def __init__(self, engine: AsyncEngine, wake_ups: WakeUps, announcer: Announcer, settings: Settings) -> None:
        self._engine = engine
        self._wake_ups = wake_ups
        self._announcer = announcer
        self._chunk_size = settings.chunk_size
        self._lanes = settings.job_lanes
        self._max_targets = settings.max_targets

    async def submit(self, user: User, request: AnyJobRequest, key: str | None) -> Submitted:
        """Store a job, or find the one that this `key` was used for; `launch` it when that has been answered.

        Raises:
            TooManyTargets: more ids than MAX_TARGETS.
            IdempotencyKeyReused: the key was used for another request.
        """
        given = len(request.payload.ticket_ids)
        if given > self._max_targets:
            raise TooManyTargets(f"A job may have at most {self._max_targets} targets; this one names {given}.")
        async with self._engine.begin() as connection:
            return await self._store(connection, user, request, key)

    async def launch(self, job: Job) -> None:
        """Announce a stored job and wake lanes for it; if this never runs, the sweeper and the feed do it."""
        await self._announcer.announce(events.of(job))
        await self._wake_ups.wake(job.id, self._lanes)

    async def _store(
        self, connection: AsyncConnection, user: User, request: AnyJobRequest, key: str | None
    ) -> Submitted:
        own_id = {}
        if key is not None:
            fingerprint = fingerprint_of(request)
            job_id, theirs = await store.claim_key(connection, user.id, key, fingerprint)
            if theirs is not None:
                return Submitted(
                    await self._replayed(connection, job_id, is_same=theirs == fingerprint), is_replay=True
                )
            own_id = {"id": job_id}
        ids = list(dict.fromkeys(request.payload.ticket_ids))
        job = await store.add(
            connection,
            **own_id,
            type=request.type,
            requested_by=user.id,
            total=len(ids),
            duplicates=len(request.payload.ticket_ids) - len(ids),
            reason=request.reason,
        )
        await chunks.add(connection, job.id, ids, self._chunk_size)
        return Submitted(job, is_replay=False)

    async def _replayed(self, connection: AsyncConnection, job_id: UUID, *, is_same: bool) -> Job:
        if not is_same:
            raise IdempotencyKeyReused
        return _found(await store.find(connection, job_id))

    async def cancel(self, job_id: UUID) -> Job:
        """Cancel a job; when this returns, nothing more changes. A canceled job stays as it is.

        Raises:
            NotFound: there is no such job.
            JobNotCancelable: it has ended in another way.
        """
        async with self._engine.begin() as connection:
            canceled = await store.cancel(connection, job_id)
            job = canceled or _found(await store.find(connection, job_id))
        if job.status is not Status.CANCELED:
            raise JobNotCancelable(f"The job is {job.status} already and cannot be canceled.")
        if canceled:
            await self._announcer.announce(events.of(canceled))
        return job

    async def get(self, user: User, job_id: UUID) -> Job:
        async with self._engine.connect() as connection:
            return _found(await store.find(connection, job_id, _own_only(user)))

    async def page(
        self, user: User, *, page: int, limit: int, type_: str | None, status: Status | None
    ) -> tuple[list[Job], int]:
        async with self._engine.connect() as connection:
            return await store.page(
                connection,
                requested_by=_own_only(user),
                type_=type_,
                status=status,
                limit=limit,
                offset=(page - 1) * limit,
            )

    async def items(
        self, job_id: UUID, *, limit: int, after: int = -1, result: Result | None = None, code: str | None = None
    ) -> list[Item]:
        """Return items of a job that the caller has been found to see."""
        async with self._engine.connect() as connection:
            return await chunks.items(connection, job_id, result=result, code=code, after=after, limit=limit)

    async def in_motion_of(self, user_id: UUID) -> list[Job]:
        """Return a user's jobs that have not ended, or ended lately."""
        async with self._engine.connect() as connection:
            return await store.in_motion(connection, requested_by=user_id)


def fingerprint_of(request: JobRequest) -> bytes:
    """Digest what was asked for, however its JSON was spelled."""
    canonical = msgspec.json.encode(["POST", "/api/jobs", request], order="sorted")
    return hashlib.sha256(canonical).digest()


def _own_only(user: User) -> UUID | None:
    return None if user.is_admin else user.id


def _found(job: Job | None) -> Job:
    if job is None:
        raise NotFound("There is no job with this id, or you may not see it.")
    return job
