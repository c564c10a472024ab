"""How long an idle system takes to begin: from the 202 to the first chunk committed, and to the first progress event.

Each job deletes random tickets; the first chunk has a thousand. The moment of the commit is that of its announcement on
Redis, which follows it; the event is taken at a socket. The floor is the chunk alone: one statement that deletes and
records a thousand tickets.
"""

from tests.bench import floors, watched_system
from tests.bench.databases import Database, Databases
from tests.bench.figures import Row, Target, percentile, row
from tests.bench.watched_system import WatchedSystem

ROUNDS = 3
REPEATS, QUICK_REPEATS = 15, 5  # in each round
SIZE, QUICK_SIZE = 10_000, 2_000
FIRST_CHUNK = 1_000
COMMIT_TARGET = Target("median", "<", 60)
EVENT_TARGET = Target("median", "<", 70)


async def measure(databases: Databases) -> list[Row]:
    committed, told, floor = list[float](), list[float](), list[float]()
    size, repeats = (QUICK_SIZE, QUICK_REPEATS) if databases.is_quick else (SIZE, REPEATS)
    async with databases.copy() as database, watched_system.running(database) as system:
        for _ in databases.rounds(ROUNDS, ROUNDS):
            times = [await _start(system, database, size) for _ in range(repeats)]
            to_commit, to_event, to_floor = zip(*times, strict=True)
            committed.append(percentile(to_commit, 50))
            told.append(percentile(to_event, 50))
            floor.append(percentile(to_floor, 50))
    case = f"idle, {ROUNDS * repeats} times"
    return [
        row(case, "202 to first commit, p50", "ms", committed, floor, COMMIT_TARGET),
        row(case, "202 to first event, p50", "ms", told, floor, EVENT_TARGET),
    ]


async def _start(system: WatchedSystem, database: Database, size: int) -> tuple[float, float, float]:
    """Return the milliseconds to the first commit, to the first event, and those of the floor."""
    floor = await floors.delete(database.connection, await database.random_ids(FIRST_CHUNK))
    body = watched_system.request("bulk-delete", ticketIds=await database.random_ids(size))
    answer, job_id = await system.post(body)
    told = await system.seen.until(job_id, lambda seen: seen.name != "jobs:created")
    committed = await system.committed.until(job_id, lambda seen: seen.payload["processed"] > 0)
    if told.name != "jobs:completed":
        await system.finish(job_id)
    return (committed.at - answer.done_at) * 1000, (told.at - answer.done_at) * 1000, floor * 1000
