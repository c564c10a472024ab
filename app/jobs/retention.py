"""The SQL that lets old jobs go, a little at a time so that nobody has to wait for it; nothing here commits.

Their items are out of sight then, and go with the partition of their month.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, String, Uuid, bindparam, cast, delete, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs.models import jobs
from app.jobs.status import ACTIVE
from app.partitions import ByMonth, id_at, time_of_id
from app.times import days

JOBS, ITEMS = 20, 5000  # how many go at once, at most

BY_MONTH = ByMonth("job_items", "job_id", bound=id_at, time=time_of_id, owner="jobs")

_PURGE_ITEMS = """
    with doomed as (select job_id, position from {0} where job_id = any(:ids) limit :limit)
    delete from {0} as item using doomed
    where item.job_id = doomed.job_id and item.position = doomed.position
"""
_active = jobs.alias("active")
_NEEDED = (
    select(_active.c.id)
    .where(
        _active.c.status.in_(ACTIVE),
        or_(_active.c.parent_job_id == jobs.c.id, _active.c.params["undoes"].astext == cast(jobs.c.id, String)),
    )
    .exists()
)


async def purge(connection: AsyncConnection, age_days: int, *, most_jobs: int = JOBS, most_items: int = ITEMS) -> int:
    """Delete the jobs that ended that long ago; before, one by one, those of their items that are in no month.

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
    """Return jobs that ended that long ago and that no active job still needs, the oldest first, and lock them.

    Who makes a retry or an undo locks the job that it is made of, too. One that is locked is left for later; and once
    all are, a second look finds those of which something was made between the first look and the lock.
    """
    old = select(jobs.c.id).where(jobs.c.finished_at < func.now() - days(age_days), ~_NEEDED)
    locking = old.order_by(jobs.c.finished_at).limit(limit).with_for_update(skip_locked=True)
    locked = list((await connection.execute(locking)).scalars())
    return list((await connection.execute(select(jobs.c.id).where(jobs.c.id.in_(locked), ~_NEEDED))).scalars())


async def _purge_items(connection: AsyncConnection, job_ids: Sequence[UUID], limit: int) -> int:
    """Delete at most `limit` items of these jobs that are in no month; return how many there were."""
    purged = 0
    for partition in BY_MONTH.without_month:
        statement = text(_PURGE_ITEMS.format(partition)).bindparams(bindparam("ids", type_=ARRAY(Uuid)))
        purged += (await connection.execute(statement, {"ids": job_ids, "limit": limit - purged})).rowcount
    return purged
