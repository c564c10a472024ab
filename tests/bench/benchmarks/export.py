"""The export of a job that deleted half of all tickets, as CSV and as NDJSON; memory is the API's peak, less before.

The floor has Postgres write the same rows as CSV and throws them away (COPY).
"""

import asyncio
import time

import asyncpg

from tests.bench import processes, watched_system
from tests.bench.databases import Databases
from tests.bench.figures import Row, Target, row
from tests.bench.tickets import HALF
from tests.bench.watched_system import WatchedSystem

ROUNDS, QUICK_ROUNDS = 3, 1
FORMATS = ("csv", "ndjson")
TARGET = Target("median", "<", 30)

_ROWS = """
    select position, ticket_id, number, title, result, code, at
    from job_items left join tickets on tickets.id = ticket_id where job_id = $1 order by position
"""


async def measure(databases: Databases) -> list[Row]:
    rows = []
    async with databases.copy() as database, watched_system.running(database) as system:
        _, job_id = await system.post(watched_system.request("bulk-delete", filter={"tags": HALF}))
        await system.finish(job_id)
        count = database.tagged(HALF)
        for format_ in FORMATS:
            rates, floors, memory = (list[float]() for _ in range(3))
            for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
                floors.append(count / await _floor(database.connection, job_id))
                before = processes.resident_mb(system.api.pid)
                processes.reset_peak(system.api.pid)
                rates.append(count / await _export(system, job_id, format_, count))
                memory.append(processes.peak_mb(system.api.pid) - before)
            case = f"{count:,} items, {format_}"
            rows.append(row(case, "export", "items/s", rates, floors))
            rows.append(row(case, "API memory, peak", "MB more", memory, target=TARGET))
    return rows


async def _export(system: WatchedSystem, job_id: str, format_: str, count: int) -> float:
    """Return the seconds to the last byte."""
    started, lines = time.perf_counter(), 0
    async for part in system.wire.stream(f"/api/jobs/{job_id}/items/export?format={format_}"):
        lines += part.count(b"\n")
    assert lines - count in {0, 1}, lines  # a CSV has a heading
    return time.perf_counter() - started


async def _floor(connection: asyncpg.Connection, job_id: str) -> float:
    started = time.perf_counter()
    await connection.copy_from_query(_ROWS, job_id, output=_forget, format="csv")
    return time.perf_counter() - started


async def _forget(_: bytes) -> None:
    await asyncio.sleep(0)
