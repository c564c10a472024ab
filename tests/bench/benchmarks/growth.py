"""What becomes slower as tickets grow from 10,000 to 5M, and as 5M items have been recorded already.

Each round takes a fresh copy of each size, and one lane (JOB_LANES=1) deletes random tickets: so the time between two
of its commits, by `at` in its events, is what a chunk takes. Items a second are those of the job, from start to end;
the floor is one statement that does as many other tickets. The list is the first page of all tickets, asked for one
after the other, and its floor the same rows and their count, up to 10,001, by bare SQL.

The slopes say how a figure goes with the number of tickets: 0 is not at all, 1 is in proportion, -1 in reverse.
"""

import itertools
import time
from collections import defaultdict
from typing import NamedTuple

import asyncpg

from tests.bench import floors, watched_system
from tests.bench.databases import Database, Databases
from tests.bench.figures import Row, Target, percentile, row, slope
from tests.bench.watched_system import WatchedSystem

ROUNDS, QUICK_ROUNDS = 3, 1
MOST, SHARE = 30_000, 5  # each job has a fifth of all tickets, and no more than these
LISTS = 40


class Case(NamedTuple):
    tickets: int
    items: int = 0

    def __str__(self) -> str:
        return f"{self.tickets:,} tickets" + (f", {self.items:,} items" if self.items else "")


class Figures(NamedTuple):
    rate: float
    chunk: float
    listed: float
    floor_rate: float
    floor_listed: float


CASES = (Case(10_000), Case(100_000), Case(1_000_000), Case(5_000_000), Case(5_000_000, 5_000_000))
QUICK_CASES = (Case(10_000), Case(100_000), Case(100_000, 100_000))
BASIS = Case(100_000)
MIN_RATE, MAX_LIST = 0.7, 2.0

_PAGE = "select * from tickets where deleted_at is null order by created_at desc, id desc limit 20"
_COUNT = "select count(*) from (select 1 from tickets where deleted_at is null limit 10001) as counted"

Found = dict[Case, list[Figures]]


async def measure(databases: Databases) -> list[Row]:
    cases = QUICK_CASES if databases.is_quick else CASES
    found: Found = defaultdict(list)
    for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
        for case in cases:
            async with (
                databases.copy(case.tickets, case.items) as database,
                watched_system.running(database, JOB_LANES="1") as system,
            ):
                found[case].append(await _figures(system, database))
    return [*(made for case in cases for made in _rows(case, found)), *_compared(cases[-2], found), *_slopes(found)]


def _rows(case: Case, found: Found) -> list[Row]:
    rates, chunks, lists, floor_rates, floor_lists = zip(*found[case], strict=True)
    return [
        row(str(case), "delete", "items/s", rates, floor_rates),
        row(str(case), "chunk of 1,000, p99", "ms", chunks),
        row(str(case), "list, p99", "ms", lists, floor_lists),
    ]


def _compared(case: Case, found: Found) -> list[Row]:
    """Compare the largest with 100,000 tickets, which stand here where the floor does."""
    name, figures, basis = f"{case} over {BASIS.tickets:,}", found[case], found[BASIS]
    rates, lists = [each.rate for each in figures], [each.listed for each in figures]
    return [
        row(name, "delete", "items/s", rates, [each.rate for each in basis], Target("ratio", ">=", MIN_RATE)),
        row(name, "list, p99", "ms", lists, [each.listed for each in basis], Target("ratio", "<", MAX_LIST)),
    ]


def _slopes(found: Found) -> list[Row]:
    cases = [case for case in found if not case.items]
    names = {"delete": "rate", "chunk of 1,000, p99": "chunk", "list, p99": "listed"}
    return [row("by tickets", f"{figure}, slope", "", _slopes_of(name, cases, found)) for figure, name in names.items()]


def _slopes_of(name: str, cases: list[Case], found: Found) -> list[float]:
    rounds = zip(*(found[case] for case in cases), strict=True)
    return [slope([case.tickets for case in cases], [getattr(each, name) for each in figures]) for figures in rounds]


async def _figures(system: WatchedSystem, database: Database) -> Figures:
    size = min(MOST, database.ticket_count // SHARE)
    asked = [(await _list(system), await _select(database.connection)) for _ in range(LISTS)]
    listed, selected = zip(*asked, strict=True)
    await database.settle()
    floor_seconds = await floors.delete(database.connection, await database.random_ids(size))
    await database.settle()
    rate, chunk = await _delete(system, database, size)
    return Figures(rate, chunk, percentile(listed, 99), size / floor_seconds, percentile(selected, 99))


async def _delete(system: WatchedSystem, database: Database, size: int) -> tuple[float, float]:
    """Return the items a second of a job, and the 99th percentile of its chunks in ms."""
    _, job_id = await system.post(watched_system.request("bulk-delete", ticketIds=await database.random_ids(size)))
    moments = []
    while True:
        seen = await system.committed.until(job_id, lambda seen: seen.payload["processed"] > 0)
        moments.append(seen.payload["at"])
        if seen.payload["status"] == "completed":
            break
    gaps = [(after - before).total_seconds() * 1000 for before, after in itertools.pairwise(moments)]
    return seen.payload["ratePerSecond"], percentile(gaps, 99)


async def _list(system: WatchedSystem) -> float:
    return (await system.wire.get("/api/tickets")).seconds * 1000


async def _select(connection: asyncpg.Connection) -> float:
    started = time.perf_counter()
    await connection.fetch(_PAGE)
    await connection.fetchval(_COUNT)
    return (time.perf_counter() - started) * 1000
