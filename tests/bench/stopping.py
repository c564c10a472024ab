"""What cancel and pause have in common: a job under way, and another one that keeps workers and disk busy."""

import itertools
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg

from tests.bench import watched_system
from tests.bench.databases import Databases
from tests.bench.figures import Row, Target, percentile, row
from tests.bench.tickets import HALF
from tests.bench.watched_system import WatchedSystem
from tests.bench.wire import Answer

ROUNDS, QUICK_ROUNDS = 3, 2
REPEATS, QUICK_REPEATS = 20, 5  # in each round

SIZE, QUICK_SIZE = 40_000, 10_000  # of the job that is stopped

Stop = Callable[[WatchedSystem, str], Awaitable[Answer]]

STATUSES = ("open", "closed")  # each can become the other

_ADD = "insert into jobs (type, requested_by) select 'bulk-update', id from users limit 1 returning id"


async def measure(databases: Databases, stop: Stop, target: Target | None = None) -> list[Row]:
    """Time `stop` of a job; the floor, in between, locks, updates and commits the row of one that nobody works on."""
    size, repeats = (QUICK_SIZE, QUICK_REPEATS) if databases.is_quick else (SIZE, REPEATS)
    halves, worsts, floor_halves, floor_worsts = (list[float]() for _ in range(4))
    async with databases.copy() as database, watched_system.running(database) as system, system.busy(HALF):
        job_id = await database.connection.fetchval(_ADD)
        ids = await database.random_ids(size)
        # In turns, so that each job has something to change.
        jobs = itertools.cycle(
            watched_system.request("bulk-update", ticketIds=ids, status=status) for status in STATUSES
        )
        for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
            times = [
                (await _timed(system, next(jobs), stop), await _floor(database.connection, job_id))
                for _ in range(repeats)
            ]
            ours, floors = zip(*times, strict=True)
            halves.append(percentile(ours, 50))
            worsts.append(percentile(ours, 99))
            floor_halves.append(percentile(floors, 50))
            floor_worsts.append(percentile(floors, 99))
    case = f"under load, {repeats * len(halves)} times"
    return [
        row(case, "request to answer, p50", "ms", halves, floor_halves),
        row(case, "request to answer, p99", "ms", worsts, floor_worsts, target),
    ]


async def _timed(system: WatchedSystem, job: bytes, stop: Stop) -> float:
    """Post a job, stop it once some of it is done, and return how long that took in ms."""
    _, job_id = await system.post(job)
    await system.committed.until(job_id, lambda seen: seen.payload["processed"] > 0)
    answer = await stop(system, job_id)
    assert answer.status == 200, answer.body
    return answer.seconds * 1000


async def _floor(connection: asyncpg.Connection, job_id: UUID) -> float:
    started = time.perf_counter()
    async with connection.transaction():
        await connection.fetchrow("select * from jobs where id = $1 for update", job_id)
        await connection.fetchrow("update jobs set revision = revision + 1 where id = $1 returning *", job_id)
    return (time.perf_counter() - started) * 1000
