"""Items a second of the whole system: from the POST to the terminal event at a connected client.

The floor is one statement that updates and records as many other tickets. Beside it a plain worker that goes row by
row: it selects a ticket, updates it and inserts an item, as mappers of objects do, but without one's own costs; once
with a commit for each ticket, as a result that survives a crash needs, and once with a commit for each thousand.

Tickets are random ones. Up to 100,000 are named by their ids; the largest number, more than a POST may name, are
those with a tag that half of all tickets have, at random; the floor finds them by that tag too. Each contender has a
copy of the database to itself, and one worker process runs both lanes.
"""

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg

from tests.bench import floors, watched_system
from tests.bench.databases import Database, Databases
from tests.bench.figures import Row, Target, row
from tests.bench.tickets import HALF
from tests.bench.watched_system import WatchedSystem

ROUNDS, QUICK_ROUNDS = 3, 2
REPEATS = {1_000: 5, 10_000: 3, 100_000: 1}  # by ids, in each round
QUICK_REPEATS = {1_000: 3, 10_000: 1}
BY_ROW = 1_000
TARGETS = {1_000: 0.6, 10_000: 0.5, 100_000: 0.8, 1_000_000: 1.0}
JOB_ID = UUID("01980000-0000-7000-8000-000000000002")  # of what goes row by row
BY_ROW_TARGET = Target("ratio", ">=", 20)

Rates = dict[tuple[str, int], list[float]]
Contender = Callable[[Databases, Rates], Awaitable[None]]


async def measure(databases: Databases) -> list[Row]:
    rates: Rates = defaultdict(list)
    contenders: list[Contender] = [_floor, _one_lane, _two_lanes, _row_by_row]
    for number in databases.rounds(ROUNDS, QUICK_ROUNDS):
        shift = number % len(contenders)
        for contender in contenders[shift:] + contenders[:shift]:
            await contender(databases, rates)
    return _rows(rates)


def _rows(rates: Rates) -> list[Row]:
    rows = []
    for contender, size in rates:
        if contender not in {"1 lane", "2 lanes"}:
            continue
        limit = TARGETS.get(size) if contender == "2 lanes" else None
        target = Target("ratio", ">=", limit) if limit else None
        values = rates[contender, size]
        rows.append(
            row(f"{size:,}, {contender}", "over one statement", "items/s", values, rates["floor", size], target)
        )
    largest = max(size for _, size in rates)
    for each in ("commit each", "commit a thousand"):
        values, floors = rates["2 lanes", largest], rates[each, BY_ROW]
        rows.append(row(f"{largest:,}, 2 lanes", f"over row by row, {each}", "items/s", values, floors, BY_ROW_TARGET))
    return sorted(rows, key=lambda row: int(row.case.partition(", ")[0].replace(",", "")))


async def _floor(databases: Databases, rates: Rates) -> None:
    async with databases.copy() as database:
        for targets, size in await _work(databases, database):
            await database.settle()
            rates["floor", size].append(size / await floors.delete(database.connection, targets))


async def _one_lane(databases: Databases, rates: Rates) -> None:
    await _system(databases, rates, "1 lane", "1")


async def _two_lanes(databases: Databases, rates: Rates) -> None:
    await _system(databases, rates, "2 lanes", "2")


async def _system(databases: Databases, rates: Rates, name: str, lanes: str) -> None:
    async with databases.copy() as database, watched_system.running(database, JOB_LANES=lanes) as system:
        for targets, size in await _work(databases, database):
            await database.settle()
            rates[name, size].append(size / await _delete(system, targets, size))


async def _delete(system: WatchedSystem, targets: list[UUID] | str, size: int) -> float:
    """Return the seconds from the POST to the terminal event."""
    wanted = {"filter": {"tags": targets}} if isinstance(targets, str) else {"ticketIds": targets}
    answer, job_id = await system.post(watched_system.request("bulk-delete", **wanted))
    done = await system.finish(job_id)
    assert done.payload["succeeded"] == size, done.payload
    return done.at - answer.sent_at


async def _work(databases: Databases, database: Database) -> list[tuple[list[UUID] | str, int]]:
    repeats = QUICK_REPEATS if databases.is_quick else REPEATS
    named: list[tuple[list[UUID] | str, int]] = [
        (await database.random_ids(size), size) for size, times in repeats.items() for _ in range(times)
    ]
    return [*named, (HALF, database.tagged(HALF))]


async def _row_by_row(databases: Databases, rates: Rates) -> None:
    async with databases.copy() as database:
        ids = await database.random_ids(2 * BY_ROW)
        await database.settle()
        started = time.perf_counter()
        for position, ticket_id in enumerate(ids[:BY_ROW]):
            async with database.connection.transaction():
                await _delete_row(database.connection, ticket_id, position)
        rates["commit each", BY_ROW].append(BY_ROW / (time.perf_counter() - started))
        started = time.perf_counter()
        async with database.connection.transaction():
            for position, ticket_id in enumerate(ids[BY_ROW:], BY_ROW):
                await _delete_row(database.connection, ticket_id, position)
        rates["commit a thousand", BY_ROW].append(BY_ROW / (time.perf_counter() - started))


async def _delete_row(connection: asyncpg.Connection, ticket_id: UUID, position: int) -> None:
    ticket = await connection.fetchrow("select * from tickets where id = $1 for update", ticket_id)
    await connection.execute(
        "update tickets set deleted_at = clock_timestamp(), deleted_by_job = $2,"
        " updated_at = clock_timestamp(), version = $3 where id = $1",
        *(ticket_id, JOB_ID, ticket["version"] + 1),
    )
    await connection.execute(
        "insert into job_items (job_id, position, ticket_id, result, code, version)"
        " values ($1, $2, $3, 'succeeded', 'deleted', $4)",
        *(JOB_ID, position, ticket_id, ticket["version"] + 1),
    )
