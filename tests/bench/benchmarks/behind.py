"""A job of 10 tickets behind one that changes half of all: from the POST to the terminal event at a connected client.

Both are at work on the same two lanes, which change jobs after a time slice. The floor is one statement that deletes
and records ten other tickets meanwhile.
"""

from tests.bench import floors, watched_system
from tests.bench.databases import Database, Databases
from tests.bench.figures import Row, Target, percentile, row
from tests.bench.tickets import HALF
from tests.bench.watched_system import WatchedSystem

ROUNDS, QUICK_ROUNDS = 3, 1
REPEATS = 10  # in each round
SIZE = 10
TARGET = Target("median", "<", 3000)


async def measure(databases: Databases) -> list[Row]:
    halves, worsts, floor_halves = (list[float]() for _ in range(3))
    async with databases.copy() as database, watched_system.running(database) as system, system.busy(HALF):
        for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
            times = [await _timed(system, database) for _ in range(REPEATS)]
            ours, its_floors = zip(*times, strict=True)
            halves.append(percentile(ours, 50))
            worsts.append(max(ours))
            floor_halves.append(percentile(its_floors, 50))
    case = f"{SIZE} tickets behind {database.tagged(HALF):,}, {REPEATS * len(halves)} times"
    return [
        row(case, "POST to end, p50", "ms", halves, floor_halves),
        row(case, "POST to end, slowest", "ms", worsts, target=TARGET),
    ]


async def _timed(system: WatchedSystem, database: Database) -> tuple[float, float]:
    """Return the milliseconds of a small job, and those of its floor."""
    floor = await floors.delete(database.connection, await database.random_ids(SIZE))
    ids = await database.random_ids(SIZE)
    answer, job_id = await system.post(watched_system.request("bulk-delete", ticketIds=ids))
    done = await system.finish(job_id)
    return (done.at - answer.sent_at) * 1000, floor * 1000
