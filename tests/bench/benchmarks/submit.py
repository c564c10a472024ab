"""POST of a job with many ids, from its first byte to the answer, on an idle system that stores and does not work.

The body is made beforehand, and no worker runs. The floor stores the same rows, job and chunks, of ids that are decoded
already, in one transaction. The API's memory is the most that was resident, less what was before the first request of
that size.
"""

import time
from collections import defaultdict
from uuid import UUID

from app.jobs import chunks
from tests.bench import processes, watched_system
from tests.bench.databases import Database, Databases
from tests.bench.figures import Row, Target, percentile, row
from tests.bench.watched_system import WatchedSystem

ROUNDS = 3
REPEATS = {1_000: 40, 10_000: 40, 100_000: 12, 250_000: 6}  # in each round
QUICK_REPEATS = {1_000: 10, 10_000: 10, 40_000: 3}
TARGETS = {10_000: Target("median", "<", 40), 100_000: Target("median", "<", 200)}

_STORE_JOB = "insert into jobs (type, requested_by, total) select 'bulk-delete', id, $1 from users limit 1 returning id"
_STORE_CHUNKS = """
    insert into job_chunks (job_id, no, first_position, size, ticket_ids)
    select $1, no, no * $3, cardinality(part), part
    from generate_series(0, (cardinality($2::uuid[]) - 1) / $3::int) as no,
         lateral (select ($2::uuid[])[no * $3 + 1 : (no + 1) * $3] as part) as parts
"""

Figures = dict[tuple[int, str], list[float]]


async def measure(databases: Databases) -> list[Row]:
    repeats = QUICK_REPEATS if databases.is_quick else REPEATS
    figures: Figures = defaultdict(list)
    async with (
        databases.copy() as database,
        watched_system.running(database, has_worker=False, MAX_ACTIVE_JOBS="10000") as system,
    ):
        ids = await database.random_ids(max(repeats))
        for _ in databases.rounds(ROUNDS, ROUNDS):
            for size, times in repeats.items():
                await _round(system, database, ids[:size], times, figures)
    return [made for size, times in repeats.items() for made in _rows(size, times * ROUNDS, figures)]


async def _round(system: WatchedSystem, database: Database, ids: list[UUID], times: int, figures: Figures) -> None:
    body = watched_system.request("bulk-delete", ticketIds=ids)
    milliseconds, floors = [], []
    resident = processes.resident_mb(system.api.pid)
    processes.reset_peak(system.api.pid)
    for _ in range(times):
        floors.append(await _floor(database, ids) * 1000)
        answer, _ = await system.post(body)
        milliseconds.append(answer.seconds * 1000)
    figures[len(ids), "memory"].append(max(processes.peak_mb(system.api.pid) - resident, 0))
    for percent in (50, 99):
        figures[len(ids), f"p{percent}"].append(percentile(milliseconds, percent))
        figures[len(ids), f"p{percent} of the floor"].append(percentile(floors, percent))


async def _floor(database: Database, ids: list[UUID]) -> float:
    """Return the seconds that it takes to store a job."""
    connection, size = database.connection, chunks.size_of(len(ids), database.settings.chunk_size)
    started = time.perf_counter()
    async with connection.transaction():
        job_id = await connection.fetchval(_STORE_JOB, len(ids))
        await connection.execute(_STORE_CHUNKS, job_id, ids, size)
    return time.perf_counter() - started


def _rows(size: int, times: int, figures: Figures) -> list[Row]:
    case = f"{size:,} ids, {times} times"
    return [
        row(case, "p50", "ms", figures[size, "p50"], figures[size, "p50 of the floor"], TARGETS.get(size)),
        row(case, "p99", "ms", figures[size, "p99"], figures[size, "p99 of the floor"]),
        row(case, "API memory, peak", "MB more", figures[size, "memory"]),
    ]
