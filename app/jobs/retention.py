"""The SQL that lets old jobs go, a little at a time so that nobody has to wait for it; nothing here commits."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import String, cast, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs.models import job_items, jobs
from app.jobs.status import ACTIVE
from app.times import days

JOBS, ITEMS = 20, 5000  # how many go at once, at most


async def purge(connection: AsyncConnection, age_days: int, *, most_jobs: int = JOBS, most_items: int = ITEMS) -> int:
    """Delete items of the jobs that ended that long ago, and these jobs once they have none.

    Returns how many rows went; 0 when nothing is left to delete.
    """
    expired = await _expired(connection, age_days, most_jobs)
    if not expired:
        return 0
    purged = await _purge_items(connection, expired, most_items)
    if purged == most_items:
        return purged
    await connection.execute(delete(jobs).where(jobs.c.id.in_(expired)))  # with their chunks and keys
    return purged + len(expired)


async def _expired(connection: AsyncConnection, age_days: int, limit: int) -> list[UUID]:
    """Return jobs that ended that long ago and that no active job still needs, the oldest first."""
    active = jobs.alias("active")
    needed = (
        select(active.c.id)
        .where(
            active.c.status.in_(ACTIVE),
            or_(active.c.parent_job_id == jobs.c.id, active.c.params["undoes"].astext == cast(jobs.c.id, String)),
        )
        .exists()
    )
    old = select(jobs.c.id).where(jobs.c.finished_at < func.now() - days(age_days), ~needed)
    return list((await connection.execute(old.order_by(jobs.c.finished_at).limit(limit))).scalars())


async def _purge_items(connection: AsyncConnection, job_ids: Sequence[UUID], limit: int) -> int:
    """Delete at most `limit` items of these jobs; return how many there were."""
    doomed = (
        select(job_items.c.job_id, job_items.c.position).where(job_items.c.job_id.in_(job_ids)).limit(limit).subquery()
    )
    statement = delete(job_items).where(
        job_items.c.job_id == doomed.c.job_id, job_items.c.position == doomed.c.position
    )
    return (await connection.execute(statement)).rowcount
