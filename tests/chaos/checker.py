"""One judge for every scenario: holds the promises against the database's rows and what clients were told."""

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.jobs.status import TERMINAL
from tests.chaos import telling, tickets
from tests.chaos.record import Record
from tests.chaos.viewer import Line

RECOVERY_SECONDS: Final = 30  # the longest time that may pass from a fault to the next committed chunk
CATCH_UP_SECONDS: Final = 0.25  # how much of being late a throttled job may make up for

_JOBS = text("""
    select jobs.id, type, cast(params as text) as params, priority, max_items_per_second,
           status, total, succeeded, failed, coalesce(items, 0) as items, coalesce(tickets, 0) as tickets,
           coalesce(items_succeeded, 0) as items_succeeded,
           (select coalesce(sum(size), 0) from job_chunks where job_id = jobs.id and state = 'pending') as pending,
           (select coalesce(max(size), 0) from job_chunks where job_id = jobs.id) as chunk_size
    from jobs left join (
        select job_id, count(*) as items, count(distinct ticket_id) as tickets,
               count(*) filter (where result = 'succeeded') as items_succeeded
        from job_items where job_id = any(:jobs) group by job_id
    ) as done on done.job_id = jobs.id
    where jobs.id = any(:jobs)
""")
_UNHEARD_OF = text("select count(*) from jobs where id <> all(:jobs)")
_FORGOTTEN = text("""
    select count(*) from (
        select unnest(cast(:targets as uuid[]))
        except select ticket_id from job_items where job_id = :job
        except select unnest(ticket_ids) from job_chunks where job_id = :job and state = 'pending'
    ) as forgotten
""")
_BUSIEST_SECOND = text("""
    select coalesce(max(count), 0) from (
        select count(*) over (order by at range between interval '1 second' preceding and current row)
        from job_items where job_id = :job
    ) as seconds
""")


class Verdict(NamedTuple):
    """How many items were lost, done twice, or given a result that is not true; and each promise that was broken."""

    lost: int
    doubled: int
    false: int
    broken: list[str]

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.false or self.broken)


async def judge(engine: AsyncEngine, record: Record, logs: Iterable[list[Line]]) -> Verdict:
    """Judge a scenario when all is quiet again."""
    async with engine.connect() as connection:
        rows = {row.id: row for row in await connection.execute(_JOBS, {"jobs": list(record.jobs)})}
        found = await tickets.judge(connection, record, rows.values())
        lost = [await _lost(connection, record, job_id, job_id in rows) for job_id in record.jobs]
        broken = await _faults_of_all(connection, record, rows)
    for log in logs:
        broken += telling.faults(rows.values(), log)
    return Verdict(
        lost=found.lost + sum(lost),
        doubled=found.doubled + sum(row.items - row.tickets for row in rows.values()),
        false=found.wrong + len(found.untrue),
        broken=record.broken + broken + found.shown(),
    )


async def _lost(connection: AsyncConnection, record: Record, job_id: UUID, is_there: bool) -> int:
    """Count the targets of a job that are neither done nor to do."""
    targets = list(record.jobs[job_id].targets)
    if not is_there:
        return len(targets)
    return await connection.scalar(_FORGOTTEN, {"job": job_id, "targets": targets}) or 0


async def _faults_of_all(connection: AsyncConnection, record: Record, rows: Mapping[UUID, Any]) -> list[str]:
    """Return which promises are broken, but for those on single tickets and on what was told."""
    unheard_of = await connection.scalar(_UNHEARD_OF, {"jobs": list(record.jobs)})
    broken = [f"job {job_id} was accepted and is not there" for job_id in record.jobs if job_id not in rows]
    broken += [f"there are {unheard_of} jobs that nobody was told of"] if unheard_of else []
    broken += too_slow(record.recoveries_seconds)
    for row in rows.values():
        broken += _faults_of(row, record)
        broken += await _haste_of(connection, row, record.jobs[row.id].max_items_per_second)
    return broken


def too_slow(recoveries_seconds: Iterable[float]) -> list[str]:
    """Return which recoveries took longer than is promised."""
    return [
        f"it took {seconds:.1f} s to go on after a fault"
        for seconds in recoveries_seconds
        if seconds > RECOVERY_SECONDS
    ]


def _faults_of(row: Any, record: Record) -> list[str]:
    """Return which promises the rows of one job break."""
    asked, done, stopped_at = record.jobs[row.id], row.succeeded + row.failed, record.stopped_at.get(row.id)
    faults = {
        f"is {row.status} and not at an end": row.status not in TERMINAL,
        f"counts {done} where {row.items} items are recorded": done != row.items,
        f"counts {row.succeeded} successes where {row.items_succeeded} are recorded": row.succeeded
        != row.items_succeeded,
        f"has {row.items} done and {row.pending} to do, not {row.total}": row.items + row.pending != (row.total or 0),
        "is completed with items to do": row.status == "completed" and row.pending,
        f"has failed with {row.pending} to do": row.status == "failed",
        f"went on to {row.items} after it had been stopped at {stopped_at}": stopped_at not in {None, row.items},
        f"has priority {row.priority}, not {asked.priority}": row.priority != asked.priority,
        f"may do {row.max_items_per_second} items a second, not {asked.max_items_per_second}": row.max_items_per_second
        != asked.max_items_per_second,
    }
    return [f"job {row.id} {fault}" for fault, is_so in faults.items() if is_so]


async def _haste_of(connection: AsyncConnection, row: Any, limit: int | None) -> list[str]:
    """Say when a throttled job did more in a second than its limit and what it may make up for, in whole chunks."""
    if limit is None or not row.chunk_size:
        return []
    most = await connection.scalar(_BUSIEST_SECOND, {"job": row.id})
    allowed = math.ceil(limit * (1 + CATCH_UP_SECONDS) / row.chunk_size) * row.chunk_size
    return [f"job {row.id} did {most} items in a second, with a limit of {limit}"] if most > allowed else []
