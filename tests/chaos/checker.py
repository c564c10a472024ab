"""One judge for every scenario: holds the promises against the database's rows and what clients were told."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.jobs.status import TERMINAL
from tests.chaos.viewer import Line

_JOBS = text("""
    select jobs.id, status, total, succeeded, failed, coalesce(items, 0) as items,
           coalesce(tickets, 0) as tickets, coalesce(items_succeeded, 0) as items_succeeded,
           (select coalesce(sum(size), 0) from job_chunks where job_id = jobs.id and state = 'pending') as pending
    from jobs left join (
        select job_id, count(*) as items, count(distinct ticket_id) as tickets,
               count(*) filter (where result = 'succeeded') as items_succeeded
        from job_items where job_id = any(:jobs) group by job_id
    ) as done on done.job_id = jobs.id
    where jobs.id = any(:jobs)
""")
_FAILED = text("""
    select job_id, code, count(*) from job_items where job_id = any(:jobs) and result = 'failed' group by 1, 2
""")
_UNHEARD_OF = text("select count(*) from jobs where id <> all(:jobs)")
_FORGOTTEN = text("""
    select count(*) from unnest(cast(:targets as uuid[])) as target (id)
    where id not in (select ticket_id from job_items where job_id = :job)
      and id not in (select unnest(ticket_ids) from job_chunks where job_id = :job and state = 'pending')
""")
_TICKETS = text("""
    select count(*) filter (where changes < recorded) as lost, count(*) filter (where changes > recorded) as doubled
    from (
        select version - 1 - coalesce(edits, 0) as changes, coalesce(recorded, 0) as recorded
        from tickets
        left join (
            select ticket_id, count(*) as recorded from job_items
            where job_id = any(:jobs) and version is not null group by 1
        ) as items on items.ticket_id = tickets.id
        left join unnest(cast(:edited as uuid[]), cast(:edits as integer[])) as edit (id, edits) on edit.id = tickets.id
        where tickets.id = any(:tickets)
    ) as ticket
""")


class Record(NamedTuple):
    """What a scenario did and was answered; what it was answered must be so in the end."""

    tickets: Sequence[UUID]
    edits: Counter[UUID]  # changes of tickets by other means than jobs
    targets: Mapping[UUID, Sequence[UUID]]  # of each job that was accepted
    stopped_at: Mapping[UUID, int]  # what a cancel or a pause that was not resumed said was processed
    expected_codes: Mapping[UUID, frozenset[str]]  # with which items may fail; with none, unless said here


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
    jobs = list(record.targets)
    async with engine.connect() as connection:
        rows = {row.id: row for row in await connection.execute(_JOBS, {"jobs": jobs})}
        tickets = (
            await connection.execute(
                _TICKETS,
                {
                    "jobs": jobs,
                    "tickets": list(record.tickets),
                    "edited": list(record.edits),
                    "edits": list(record.edits.values()),
                },
            )
        ).one()
        failed = (await connection.execute(_FAILED, {"jobs": jobs})).all()
        unheard_of = await connection.scalar(_UNHEARD_OF, {"jobs": jobs})
        forgotten = [
            await connection.scalar(_FORGOTTEN, {"job": job_id, "targets": list(targets)}) or 0
            for job_id, targets in record.targets.items()
            if job_id in rows
        ]
    lost = sum(forgotten) + tickets.lost + sum(len(record.targets[job_id]) for job_id in jobs if job_id not in rows)
    doubled = sum(row.items - row.tickets for row in rows.values()) + tickets.doubled
    false = sum(count for job_id, code, count in failed if code not in record.expected_codes.get(job_id, frozenset()))
    broken = [f"job {job_id} was accepted and is not there" for job_id in jobs if job_id not in rows]
    broken += [f"there are {unheard_of} jobs that nobody was told of"] if unheard_of else []
    broken += [fault for row in rows.values() for fault in _faults_of(row, record)]
    for log in logs:
        of_jobs = defaultdict(list)
        for line in log:
            of_jobs[UUID(line.payload["jobId"])].append(line)
        was_there_all_along = bool(log) and log[-1].connection == 1
        broken += [fault for row in rows.values() for fault in _faults_told(row, of_jobs[row.id], was_there_all_along)]
    return Verdict(lost, doubled, false, broken)


def _faults_of(row: Any, record: Record) -> list[str]:
    """Return which promises the rows of one job break."""
    done = row.succeeded + row.failed
    stopped_at = record.stopped_at.get(row.id)
    faults = {
        f"is {row.status} and not at an end": row.status not in TERMINAL,
        f"counts {done} where {row.items} items are recorded": done != row.items,
        f"counts {row.succeeded} successes where {row.items_succeeded} are recorded": row.succeeded
        != row.items_succeeded,
        f"has {row.items} done and {row.pending} to do, not {row.total}": row.items + row.pending != (row.total or 0),
        "is completed with items to do": row.status == "completed" and row.pending,
        f"has failed with {row.pending} to do": row.status == "failed",
        f"went on to {row.items} after it had been stopped at {stopped_at}": stopped_at not in {None, row.items},
    }
    return [f"job {row.id} {fault}" for fault, is_so in faults.items() if is_so]


def _faults_told(row: Any, lines: list[Line], was_there_all_along: bool) -> list[str]:
    """Return which promises are broken by what one client was told of one job."""
    payloads = [line.payload for line in lines]
    events = [line for line in lines if line.is_event]
    ends = Counter(line.connection for line in events if line.payload["status"] in TERMINAL)
    processed = [payload["processed"] for payload in payloads]
    steps = itertools.pairwise(events)
    faults = {
        "went backwards": processed != sorted(processed),
        "did not add up": not all(map(_adds_up, payloads)),
        "came twice, or in the wrong order": any(
            one.connection == other.connection and other.payload["seq"] <= one.payload["seq"] for one, other in steps
        ),
        "told of more than one end": len({payload["status"] for payload in payloads} & TERMINAL) > 1,
        "told its end twice": any(count > 1 for count in ends.values()),
        "told no end to one that was there all along": was_there_all_along and not ends,
        "never told its end": not payloads or payloads[-1]["status"] != row.status,
        "told other counts at its end": bool(payloads)
        and (payloads[-1]["succeeded"], payloads[-1]["failed"]) != (row.succeeded, row.failed),
    }
    return [f"events of job {row.id} {fault}" for fault, is_so in faults.items() if is_so]


def _adds_up(payload: dict[str, Any]) -> bool:
    done: int = payload["succeeded"] + payload["failed"]
    total = payload["total"]
    return done == payload["processed"] and (total is None or done + payload["unprocessed"] == total)
