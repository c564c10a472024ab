"""A job by filter: from the POST to its answer, and to its targets being written down and counted.

The tickets that match have a tag, at random. The job sets their priority, so they match again the next time, and it is
canceled once its targets are known. The floor is one statement that finds the same tickets and stores the same chunks.
The moment is that of the announcement on Redis, which follows the commit.
"""

import time
from collections import defaultdict
from uuid import uuid4

from app.jobs import chunks
from tests.bench import watched_system
from tests.bench.databases import Database, Databases
from tests.bench.figures import Row, row
from tests.bench.tickets import HALF, TWENTIETH, TWO_HUNDREDTH
from tests.bench.watched_system import WatchedSystem

ROUNDS = 5

_FLOOR = """
    with job as (
        insert into jobs (id, type, requested_by, status) select $1, 'bulk-update', id, 'canceled' from users limit 1
    ),
    ranked as (
        select id, row_number() over (order by id) - 1 as position
        from tickets where deleted_at is null and tags && array[$2]
    )
    insert into job_chunks (job_id, no, first_position, size, ticket_ids)
    select $1, position / $3::int, min(position), count(*), array_agg(id order by position)
    from ranked group by 2
"""

Figures = dict[tuple[str, str], list[float]]


async def measure(databases: Databases) -> list[Row]:
    figures: Figures = defaultdict(list)
    async with databases.copy() as database, watched_system.running(database) as system:
        for _ in databases.rounds(ROUNDS, ROUNDS):
            for tag in (TWO_HUNDREDTH, TWENTIETH, HALF):
                await database.settle()
                figures[tag, "floor"].append(await _floor(database, tag) * 1000)
                answered, known = await _prepare(system, tag, database.tagged(tag))
                figures[tag, "answered"].append(answered * 1000)
                figures[tag, "known"].append(known * 1000)
        rows = []
        for tag in (TWO_HUNDREDTH, TWENTIETH, HALF):
            case = f"{database.tagged(tag):,} of {database.ticket_count:,}"
            rows += [
                row(case, "to the answer", "ms", figures[tag, "answered"]),
                row(case, "to targets written down", "ms", figures[tag, "known"], figures[tag, "floor"]),
            ]
    return rows


async def _prepare(system: WatchedSystem, tag: str, count: int) -> tuple[float, float]:
    """Return the seconds from the POST to the answer, and to the targets."""
    answer, job_id = await system.post(watched_system.request("bulk-update", filter={"tags": tag}, priority="high"))
    known = await system.committed.until(job_id, lambda seen: seen.payload["total"] is not None)
    assert known.payload["total"] == count, known
    await system.wire.post(f"/api/jobs/{job_id}/cancel")
    return answer.seconds, known.at - answer.sent_at


async def _floor(database: Database, tag: str) -> float:
    size = chunks.size_of(database.tagged(tag), database.settings.chunk_size)
    started = time.perf_counter()
    await database.connection.execute(_FLOOR, uuid4(), tag, size)
    return time.perf_counter() - started
