"""The SQL on jobs as a whole: add one, read, move it from state to state. Nothing here commits."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    SelectBase,
    and_,
    case,
    func,
    insert,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs import records
from app.jobs.models import Counts, Job, jobs
from app.jobs.status import ACTIVE, Status, sources

LATELY = text("interval '5 minutes'")
CATCH_UP_SECONDS = 0.25

_JOB = [jobs.c[name] for name in Job.__struct_fields__]
_CHANGED = {"revision": jobs.c.revision + 1, "updated_at": func.clock_timestamp()}


async def add(connection: AsyncConnection, **values: Any) -> Job:
    row = (await connection.execute(insert(jobs).values(**values).returning(*_JOB))).one()
    return Job(*row)


async def find(connection: AsyncConnection, job_id: UUID) -> Job | None:
    statement = select(*_JOB).where(jobs.c.id == job_id)
    return _job_or_none((await connection.execute(statement)).one_or_none())


async def in_motion(
    connection: AsyncConnection, also: Sequence[UUID] = (), *, requested_by: UUID | None = None
) -> list[Job]:
    """Return the jobs that have not ended, those that ended lately, and those named in `also`."""
    is_moving = or_(jobs.c.status.in_(ACTIVE), jobs.c.finished_at > func.now() - LATELY, jobs.c.id.in_(also))
    statement = select(*_JOB).where(is_moving, _requested_by(requested_by)).order_by(jobs.c.id)
    return [Job(*row) for row in await connection.execute(statement)]


async def lock_active_jobs_of(connection: AsyncConnection, user_id: UUID) -> int:
    """Return how many jobs of a user have not ended; until the transaction ends, nobody else adds one."""
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"jobs of {user_id}", 0))))
    active = select(func.count()).select_from(jobs).where(jobs.c.requested_by == user_id, jobs.c.status.in_(ACTIVE))
    return await connection.scalar(active) or 0


async def lock(connection: AsyncConnection, job_id: UUID) -> Job | None:
    """Find a job, and keep it as it is until the transaction ends."""
    statement = select(*_JOB).where(jobs.c.id == job_id).with_for_update()
    return _job_or_none((await connection.execute(statement)).one_or_none())


async def link(connection: AsyncConnection, job_id: UUID, **child: UUID) -> None:
    """Write down what was made of a job: `retried_by` or `undone_by`. Its watchers need no news of that."""
    await connection.execute(update(jobs).where(jobs.c.id == job_id).values(**child))


async def has_any(connection: AsyncConnection, rows: SelectBase) -> bool:
    return bool(await connection.scalar(select(rows.exists())))


async def start(connection: AsyncConnection, job_id: UUID) -> Job | None:
    """Set a queued job running; None when it is not queued, or scheduled for later."""
    is_due = or_(jobs.c.run_at.is_(None), jobs.c.run_at <= func.clock_timestamp())
    started: dict[str, Any] = {"status": Status.RUNNING, "started_at": func.clock_timestamp()}
    return await _move(connection, job_id, sources(Status.RUNNING, among=[Status.QUEUED]), is_due, **started)


async def try_to_prepare(connection: AsyncConnection, job_id: UUID) -> bool:
    """Be the one lane that writes a job's targets down; nobody else is until the transaction ends."""
    lock = func.pg_try_advisory_xact_lock(func.hashtextextended(f"targets of {job_id}", 0))
    is_alone = await connection.scalar(select(lock))
    return bool(is_alone and await connection.scalar(select(jobs.c.total.is_(None)).where(jobs.c.id == job_id)))


async def set_total(connection: AsyncConnection, job_id: UUID, total: int) -> Job | None:
    """Say how many targets a running job has; one that has none is completed. None when it does not run any more."""
    values: dict[str, Any] = {"total": total}
    if total == 0:
        values |= {"status": Status.COMPLETED, "finished_at": func.clock_timestamp()}
    return await _move(connection, job_id, _countable(), **values)


async def count(connection: AsyncConnection, job: Job, counts: Counts) -> Job | None:
    """Add to a running job's counts, and complete it with the last of them; None when it does not run any more.

    From here to the commit the job's row is locked, so that no one cancels or pauses it in between.
    """
    done = counts.succeeded + counts.failed
    is_last = jobs.c.succeeded + jobs.c.failed + done == jobs.c.total
    pace: dict[str, Any] = {}
    if job.max_items_per_second:
        pace = {"not_before": _next_turn(done / job.max_items_per_second)}
    return await _move(
        connection,
        job.id,
        _countable(),
        **pace,
        succeeded=jobs.c.succeeded + counts.succeeded,
        failed=jobs.c.failed + counts.failed,
        status=case((is_last, Status.COMPLETED), else_=jobs.c.status),
        finished_at=case((is_last, func.clock_timestamp())),
    )


async def pause(connection: AsyncConnection, job_id: UUID, user_id: UUID) -> Job | None:
    """Let a running job rest; None when it does not run. Once this commits, no lane's count can."""
    paused: dict[str, Any] = {"paused_at": func.clock_timestamp(), "paused_by": user_id}
    return await _move(connection, job_id, sources(Status.PAUSED), status=Status.PAUSED, **paused)


async def resume(connection: AsyncConnection, job_id: UUID) -> Job | None:
    """Let a paused job go on; None when it is not paused."""
    rested = func.extract("epoch", func.clock_timestamp() - jobs.c.paused_at)
    return await _move(
        connection,
        job_id,
        sources(Status.RUNNING, among=[Status.PAUSED]),
        status=Status.RUNNING,
        paused_at=None,
        paused_by=None,
        paused_seconds=jobs.c.paused_seconds + rested,
    )


async def cancel(connection: AsyncConnection, job_id: UUID, user_id: UUID) -> Job | None:
    """End a job; None when it has ended already. Once this commits, no lane's count can."""
    return await _end(connection, job_id, Status.CANCELED, actor_id=user_id)


async def fail(connection: AsyncConnection, job_id: UUID, error: str) -> Job | None:
    """End a job that cannot go on; None when it has ended already, or has not begun."""
    return await _end(connection, job_id, Status.FAILED, error=error)


async def _end(connection: AsyncConnection, job_id: UUID, status: Status, **values: Any) -> Job | None:
    return await _move(connection, job_id, sources(status), status=status, finished_at=func.clock_timestamp(), **values)


def _countable() -> list[Status]:
    """Return the states in which items are counted: each count may be the last one, which completes the job."""
    return sources(Status.COMPLETED, among=[Status.RUNNING])


async def _move(
    connection: AsyncConnection,
    job_id: UUID,
    froms: Sequence[Status],
    *conditions: ColumnElement[bool],
    actor_id: UUID | None = None,
    **values: Any,
) -> Job | None:
    """Move a job, if it is where it can be moved from; one that ends with this is an event, wherever it ends."""
    is_there = and_(jobs.c.id == job_id, jobs.c.status.in_(froms), *conditions)
    statement = update(jobs).where(is_there).values(**_CHANGED, **values).returning(*_JOB)
    job = _job_or_none((await connection.execute(statement)).one_or_none())
    if job and job.has_ended:
        await records.record_end(connection, job, actor_id=actor_id)
    return job


def _next_turn(seconds: float) -> ColumnElement[Any]:
    """Return when a throttled job may go on, after a chunk that it may spend `seconds` on.

    One that is late makes up for CATCH_UP_SECONDS and no more: a long rest must not end in a burst.
    """
    earliest = func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, 0, CATCH_UP_SECONDS)
    return func.greatest(func.coalesce(jobs.c.not_before, func.clock_timestamp()), earliest) + func.make_interval(
        0, 0, 0, 0, 0, 0, seconds
    )


def _requested_by(user_id: UUID | None) -> ColumnElement[bool]:
    return true() if user_id is None else jobs.c.requested_by == user_id


def _job_or_none(row: Row[*tuple[Any, ...]] | None) -> Job | None:
    return Job(*row) if row is not None else None
