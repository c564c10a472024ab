"""The SQL on jobs as a whole: post, read, move from state to state. Nothing here commits; chunks are in chunks.py."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, case, delete, func, insert, or_, select, text, true, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs.models import Counts, Job, idempotency_keys, jobs
from app.jobs.status import ACTIVE, TERMINAL, Status, sources

KEY_LIFE = text("interval '24 hours'")
LATELY = text("interval '5 minutes'")

_JOB = [jobs.c[name] for name in Job.__struct_fields__]
_CHANGED = {"revision": jobs.c.revision + 1, "updated_at": func.clock_timestamp()}


async def claim_key(
    connection: AsyncConnection, owner_id: UUID, key: str, fingerprint: bytes
) -> tuple[UUID, bytes | None]:
    """Write an idempotency key and return the id that its job is to have, or that of the request that came first.

    A request with the same key waits here until the first one commits. The second value is None for the first one,
    else the fingerprint that the first one left.
    """
    mine = (
        upsert(idempotency_keys)
        .values(owner_id=owner_id, key=key, fingerprint=fingerprint, job_id=text("uuidv7()"))
        .on_conflict_do_nothing()
        .returning(idempotency_keys.c.job_id)
    )
    job_id = await connection.scalar(mine)
    if job_id is not None:
        return job_id, None
    theirs = select(idempotency_keys.c.job_id, idempotency_keys.c.fingerprint).where(
        idempotency_keys.c.owner_id == owner_id, idempotency_keys.c.key == key
    )
    row = (await connection.execute(theirs)).one()
    return row.job_id, row.fingerprint


async def add(connection: AsyncConnection, **values: Any) -> Job:
    row = (await connection.execute(insert(jobs).values(**values).returning(*_JOB))).one()
    return Job(*row)


async def find(connection: AsyncConnection, job_id: UUID, requested_by: UUID | None = None) -> Job | None:
    """Find a job by id; with `requested_by`, only one of that user's."""
    statement = select(*_JOB).where(jobs.c.id == job_id, _requested_by(requested_by))
    return _job_or_none((await connection.execute(statement)).one_or_none())


async def page(
    connection: AsyncConnection,
    *,
    requested_by: UUID | None,
    type_: str | None,
    status: Status | None,
    limit: int,
    offset: int,
) -> tuple[list[Job], int]:
    """Return one page, newest first, and how many jobs match in all."""
    matches = _requested_by(requested_by)
    if type_ is not None:
        matches &= jobs.c.type == type_
    if status is not None:
        matches &= jobs.c.status == status
    rows = await connection.execute(select(*_JOB).where(matches).order_by(jobs.c.id.desc()).limit(limit).offset(offset))
    found = [Job(*row) for row in rows]
    total = await connection.scalar(select(func.count()).select_from(jobs).where(matches))
    return found, total or 0


async def in_motion(
    connection: AsyncConnection, also: Sequence[UUID] = (), *, requested_by: UUID | None = None
) -> list[Job]:
    """Return the jobs that have not ended, those that ended lately, and those named in `also`."""
    is_moving = or_(jobs.c.status.in_(ACTIVE), jobs.c.finished_at > func.now() - LATELY, jobs.c.id.in_(also))
    statement = select(*_JOB).where(is_moving, _requested_by(requested_by)).order_by(jobs.c.id)
    return [Job(*row) for row in await connection.execute(statement)]


async def start(connection: AsyncConnection, job_id: UUID) -> Job | None:
    """Set a queued job running; None when it is not queued."""
    return await _move(connection, job_id, [Status.QUEUED], status=Status.RUNNING, started_at=func.clock_timestamp())


async def count(connection: AsyncConnection, job_id: UUID, counts: Counts) -> Job | None:
    """Add to a running job's counts, and complete it with the last of them; None when it does not run any more.

    From here to the commit the job's row is locked, so that no one cancels or pauses it in between.
    """
    is_last = jobs.c.succeeded + jobs.c.failed + counts.succeeded + counts.failed == jobs.c.total
    return await _move(
        connection,
        job_id,
        [Status.RUNNING],
        succeeded=jobs.c.succeeded + counts.succeeded,
        failed=jobs.c.failed + counts.failed,
        status=case((is_last, Status.COMPLETED), else_=jobs.c.status),
        finished_at=case((is_last, func.clock_timestamp())),
    )


async def cancel(connection: AsyncConnection, job_id: UUID) -> Job | None:
    """End a job; None when it has ended already. Once this commits, no lane's count can."""
    return await _end(connection, job_id, Status.CANCELED)


async def fail(connection: AsyncConnection, job_id: UUID, error: str) -> Job | None:
    """End a job that cannot go on; None when it has ended already, or has not begun."""
    return await _end(connection, job_id, Status.FAILED, error=error)


async def delete_expired_keys(connection: AsyncConnection, limit: int) -> int:
    """Delete at most `limit` keys that are past their life and whose jobs have ended."""
    expired = (
        select(idempotency_keys.c.owner_id, idempotency_keys.c.key)
        .join(jobs, jobs.c.id == idempotency_keys.c.job_id)
        .where(idempotency_keys.c.created_at < func.now() - KEY_LIFE, jobs.c.status.in_(TERMINAL))
        .limit(limit)
        .subquery()
    )
    result = await connection.execute(
        delete(idempotency_keys).where(
            idempotency_keys.c.owner_id == expired.c.owner_id, idempotency_keys.c.key == expired.c.key
        )
    )
    return result.rowcount


async def _end(connection: AsyncConnection, job_id: UUID, status: Status, **values: Any) -> Job | None:
    return await _move(connection, job_id, sources(status), status=status, finished_at=func.clock_timestamp(), **values)


async def _move(connection: AsyncConnection, job_id: UUID, froms: Sequence[Status], **values: Any) -> Job | None:
    statement = (
        update(jobs).where(jobs.c.id == job_id, jobs.c.status.in_(froms)).values(**_CHANGED, **values).returning(*_JOB)
    )
    return _job_or_none((await connection.execute(statement)).one_or_none())


def _requested_by(user_id: UUID | None) -> ColumnElement[bool]:
    return true() if user_id is None else jobs.c.requested_by == user_id


def _job_or_none(row: Row[*tuple[Any, ...]] | None) -> Job | None:
    return Job(*row) if row is not None else None
