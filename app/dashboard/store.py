"""The SQL that counts for the dashboard, and keeps what was counted; nothing here commits."""

from typing import Any, Final

import msgspec
from sqlalchemy import ARRAY, Integer, String, bindparam, func, select, text, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.dashboard.models import Stats, dashboard
from app.reads import Reader, Statement
from app.tickets.status import UNSOLVED

DAYS: Final = 30
MOST_ASSIGNEES: Final = 50

# One pass over the tickets. A day is one of UTC, as the connection is.
_COUNT = text("""
    with counted as materialized (
        select grouping(status, priority, assignee_id) as grouped, status, priority, assignee_id,
               count(*) as count, count(*) filter (where status = any(:unsolved)) as unsolved,
               count(*) filter (where breached) as breached
        from tickets where deleted_at is null
        group by grouping sets ((), (status), (priority), (assignee_id))
    ),
    days as (
        select cast(day as date) as day
        from generate_series(current_date - (:days - 1), current_date, interval '1 day') as day
    ),
    created as (
        select created_at, first_answered_at, solved_at from tickets
        where deleted_at is null and created_at >= current_date - (:days - 1)
    ),
    created_by_day as (select cast(created_at as date) as day, count(*) as count from created group by 1),
    solved_by_day as (
        select cast(solved_at as date) as day, count(*) as count from tickets
        where deleted_at is null and solved_at >= current_date - (:days - 1) group by 1
    ),
    answers as (
        select count(seconds) as count,
               percentile_cont(array[0.5, 0.9]) within group (order by seconds) as at
        from (select extract(epoch from first_answered_at - created_at) as seconds from created) as taken
    ),
    solutions as (
        select count(seconds) as count,
               percentile_cont(array[0.5, 0.9]) within group (order by seconds) as at
        from (select extract(epoch from solved_at - created_at) as seconds from created) as taken
    ),
    ended as (select * from jobs where finished_at >= current_date - (:days - 1))
    select jsonb_build_object(
        'at', clock_timestamp(),
        'total', (select count from counted where grouped = 7),
        'breached', (select breached from counted where grouped = 7),
        'byStatus', coalesce((select jsonb_object_agg(status, count) from counted where grouped = 3), '{}'),
        'byPriority', coalesce((select jsonb_object_agg(priority, count) from counted where grouped = 5), '{}'),
        'byAssignee', coalesce((
            select jsonb_agg(jsonb_build_object(
                       'assigneeId', assignee_id, 'username', username, 'count', unsolved
                   ) order by unsolved desc, username)
            from (
                select assignee_id, username, unsolved
                from counted left join users on users.id = assignee_id
                where grouped = 6 and unsolved > 0 order by unsolved desc, username limit :most
            ) as busiest
        ), '[]'),
        'days', (
            select jsonb_agg(jsonb_build_object(
                       'date', day, 'created', coalesce(created_by_day.count, 0),
                       'solved', coalesce(solved_by_day.count, 0)
                   ) order by day)
            from days left join created_by_day using (day) left join solved_by_day using (day)
        ),
        'firstAnswer', (
            select jsonb_build_object('count', count, 'medianSeconds', at[1], 'p90Seconds', at[2]) from answers
        ),
        'solution', (
            select jsonb_build_object('count', count, 'medianSeconds', at[1], 'p90Seconds', at[2]) from solutions
        ),
        'jobs', (
            select jsonb_build_object(
                'active', (select count(*) from jobs where status in ('queued', 'running', 'paused')),
                'completed', count(*) filter (where status = 'completed'),
                'failed', count(*) filter (where status = 'failed'),
                'canceled', count(*) filter (where status = 'canceled'),
                'succeededItems', coalesce(sum(succeeded), 0),
                'failedItems', coalesce(sum(failed), 0)
            ) from ended
        )
    )
""").bindparams(
    bindparam("days", DAYS, Integer),
    bindparam("most", MOST_ASSIGNEES, Integer),
    bindparam("unsolved", list(UNSOLVED), ARRAY(String)),
)

_KEPT = Statement(select(dashboard.c.stats))
_LOCK = select(
    func.pg_advisory_xact_lock(func.hashtextextended("bulkhead dashboard", 0)),
    func.set_config("idle_in_transaction_session_timeout", "20s", true()),  # others may do the counting
)


async def find(reader: Reader) -> Stats | None:
    """Return the figures as they were counted last."""
    rows = await reader.fetch(_KEPT)
    return _stats(rows[0][0]) if rows else None


async def count(connection: AsyncConnection) -> Stats:
    """Count everything; that takes a second or two where there are millions of tickets."""
    return _stats(await connection.scalar(_COUNT))


async def keep(connection: AsyncConnection, stats: Stats) -> None:
    values = {"at": stats.at, "stats": msgspec.to_builtins(stats)}
    kept = insert(dashboard).values(**values)
    await connection.execute(kept.on_conflict_do_update(index_elements=["is_only"], set_=values))


async def lock(connection: AsyncConnection) -> None:
    """Wait for whoever else is counting; until the transaction ends, nobody else will be."""
    await connection.execute(_LOCK)


def _stats(found: Any) -> Stats:
    return msgspec.convert(found, Stats)
