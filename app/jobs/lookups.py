"""The SELECTs on jobs that clients wait for, outside of transactions; those within are in store.py."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import ARRAY, Boolean, Integer, String, Uuid, and_, any_, bindparam, func, or_, select, text

from app.database import COUNT_LIMIT
from app.jobs.models import Item, Job, jobs
from app.jobs.queries import JobQuery
from app.jobs.status import Status
from app.reads import ByKey, Reads, Statement

FIRST_ITEMS: Final = 20  # which a job is shown with

_JOB = [jobs.c[name] for name in Job.__struct_fields__]
_STATUS = Job.__struct_fields__.index("status")
_KEYS = bindparam("keys", type_=ARRAY(Uuid))
_BY_ID = Statement(select(*_JOB).where(jobs.c.id == any_(_KEYS)))

# Given once more, the ids tell Postgres while it plans in which partitions their items are.
# The items come as an array for each of their fields: with a row for each item, every row would repeat the job.
_ITEM = {
    field: field.removeprefix("ticket_") if field != "ticket_id" else field
    for field in Item.__struct_fields__
    if field != "line"
}
_WITH_ITEMS = Statement(
    text(f"""
        select {", ".join(map(str, _JOB))}, item.* from jobs
        left join lateral (
            select {", ".join(f"array_agg({column} order by position)" for column in _ITEM.values())}
            from (
                select position, ticket_id, result, code, at from job_items
                where job_id = jobs.id and job_id = any(:keys) and position < {FIRST_ITEMS}
                union all
                select first_position + ordinality - 1, ticket_id, 'unprocessed', null, null
                from job_chunks, unnest(ticket_ids[1:{FIRST_ITEMS} - first_position])
                    with ordinality as item (ticket_id, ordinality)
                where job_id = jobs.id and state = 'pending' and first_position < {FIRST_ITEMS}
            ) as first
            left join (select id, number, title from tickets) as ticket on ticket.id = first.ticket_id
        ) as item on true
        where jobs.id = any(:keys)
    """).bindparams(_KEYS)
)

_OWN, _BELOW = bindparam("own", None, Uuid), bindparam("below_id", None, Uuid)
_TYPE, _STATUSES = bindparam("type", None, String), bindparam("statuses", None, ARRAY(String))
_BY, _SCHEDULED = bindparam("requested_by", None, Uuid), bindparam("scheduled", None, Boolean)
_LIMIT, _OFFSET = bindparam("limit", type_=Integer), bindparam("offset", type_=Integer)
_IS_SCHEDULED = and_(jobs.c.status == Status.QUEUED, func.coalesce(jobs.c.run_at > func.now(), False))
_LISTED = and_(
    or_(_OWN.is_(None), jobs.c.requested_by == _OWN),
    or_(_TYPE.is_(None), jobs.c.type == _TYPE),
    or_(_BY.is_(None), jobs.c.requested_by == _BY),
    or_(_STATUSES.is_(None), jobs.c.status == any_(_STATUSES)),
    or_(_SCHEDULED.is_(None), _IS_SCHEDULED == _SCHEDULED),
)
_PAGE = Statement(
    select(*_JOB)
    .where(_LISTED, or_(_BELOW.is_(None), jobs.c.id < _BELOW))
    .order_by(jobs.c.id.desc())
    .limit(_LIMIT)
    .offset(_OFFSET)
)
_COUNT = Statement(
    select(func.count()).select_from(select(1).select_from(jobs).where(_LISTED).limit(COUNT_LIMIT + 1).subquery())
)


def by_id(reads: Reads) -> ByKey[UUID, Job]:
    return ByKey(reads, _BY_ID, _job)


def by_id_with_items(reads: Reads) -> ByKey[UUID, tuple[Job, list[Item]]]:
    """Find jobs with the first of their items, both as of one moment."""
    return ByKey(reads, _WITH_ITEMS, _job_with_items)


async def find_page(reads: Reads, query: JobQuery, *, requested_by: UUID | None, below_id: UUID | None) -> list[Job]:
    """Return a page, newest first, and one job more than its limit."""
    part = {"below_id": below_id, "limit": query.limit + 1, "offset": query.offset}
    return [_job(row) for row in await reads.fetch(_PAGE, **_asked(query), own=requested_by, **part)]


async def count(reads: Reads, query: JobQuery, *, requested_by: UUID | None) -> int:
    """Return how many jobs match in all; COUNT_LIMIT + 1 where there are more."""
    [[counted]] = await reads.fetch(_COUNT, **_asked(query), own=requested_by)
    return int(counted)


def _asked(query: JobQuery) -> dict[str, Any]:
    statuses = query.status if isinstance(query.status, list) else [query.status]
    asked = {
        "type": query.type,
        "statuses": UNSET if query.status is UNSET else statuses,
        "scheduled": query.scheduled,
        "requested_by": query.requested_by,
    }
    return {name: value for name, value in asked.items() if value is not UNSET}


def _job(row: Sequence[Any]) -> Job:
    """Make a job of a row as asyncpg has it, to which a status is text."""
    values = list(row)
    values[_STATUS] = Status(values[_STATUS])
    return Job(*values)


def _job_with_items(row: Sequence[Any]) -> tuple[Job, list[Item]]:
    fields = row[len(_JOB) :]
    items = [Item(*item) for item in zip(*fields, strict=True)] if fields[0] else []
    return _job(row[: len(_JOB)]), items
