"""From a commit to the clients that watch: sockets of admins, and a job that commits ten times a second.

The time runs from `at` in the event, which Postgres writes in the transaction just before it commits, to the moment at
which a client has read the event, by the one clock of this machine: so the commit itself counts too. The first progress
of a job between two ticks of the API goes out at once; all else waits for the next tick, up to 100 ms. The clients are
one lean process; what it takes to read is in the figures.

The floor is a server that only sends a text of the same size ten times a second, with the time at which it did so.
CPU is that of the API processes, in percent of one core.
"""

import asyncio
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import anyio.to_thread
import msgspec

from tests.bench import processes, programs, watched_system
from tests.bench.databases import Database, Databases
from tests.bench.figures import Row, Target, row
from tests.bench.listeners import Heard
from tests.bench.programs import Program
from tests.bench.watched_system import WatchedSystem
from tests.support.system import System

TICKETS = 10_000  # how many there are makes no difference here
CHUNK_SIZE, ITEMS_A_SECOND = 10, 100
SETTLE_SECONDS = 1.0
SECONDS, QUICK_SECONDS = 5, 3
ROUNDS, QUICK_ROUNDS = 3, 1
TARGETS = {"p50": Target("median", "<", 120), "p99": Target("median", "<", 300)}
WITH_TARGETS = 500


class Case(NamedTuple):
    sockets: int
    apis: int

    def __str__(self) -> str:
        return f"{self.sockets:,} sockets, {self.apis} API{'s' if self.apis > 1 else ''}"


class Figures(NamedTuple):
    p50: float
    p99: float
    updates: float  # that each socket had in a second
    cpu: float


CASES = (Case(100, 1), Case(500, 1), Case(1000, 1), Case(1000, 2))

Found = dict[Case, list[Figures]]


async def measure(databases: Databases) -> list[Row]:
    found: Found = defaultdict(list)
    floors: Found = defaultdict(list)
    cases = [case for case in CASES if case.sockets <= WITH_TARGETS] if databases.is_quick else CASES
    seconds = QUICK_SECONDS if databases.is_quick else SECONDS
    for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
        for case in cases:
            floors[case].append(await _floor(case, seconds))
            async with databases.copy(TICKETS) as database:
                found[case].append(await _system(database, case, seconds))
    return [made for case in cases for made in _rows(case, found[case], floors[case])]


def _rows(case: Case, found: list[Figures], floors: list[Figures]) -> list[Row]:
    def made(figure: str, name: str, unit: str) -> Row:
        target = TARGETS.get(name) if case == Case(WITH_TARGETS, 1) else None
        values, beside = ([getattr(each, name) for each in figures] for figures in (found, floors))
        return row(str(case), figure, unit, values, beside, target)

    return [
        made("commit to client, p50", "p50", "ms"),
        made("commit to client, p99", "p99", "ms"),
        made("updates a socket gets", "updates", "1/s"),
        made("CPU", "cpu", "%"),
    ]


async def _floor(case: Case, seconds: float) -> Figures:
    async with programs.running("broadcaster") as server, programs.running("listeners") as listeners:
        port = await server.ask("port")
        await listeners.ask({"port": port, "token": "", "sockets": case.sockets})
        return await _listen(listeners, [server.pid], case.sockets, seconds)


async def _system(database: Database, case: Case, seconds: float) -> Figures:
    async with (
        watched_system.running(database, CHUNK_SIZE=str(CHUNK_SIZE)) as system,
        programs.running("listeners") as listeners,
    ):
        with tempfile.TemporaryDirectory(prefix="bulkhead-bench-logs-") as logs:
            others = [System(database.settings, Path(logs)) for _ in range(case.apis - 1)]
            try:
                pids = [system.api.pid, *[(await other.start_api()).pid for other in others]]
                share = case.sockets // case.apis
                for port in (system.system.port, *(other.port for other in others)):
                    await listeners.ask({"port": port, "token": system.wire.token, "sockets": share})
                job_id = await _trickle(system, database, seconds)
                figures = await _listen(listeners, pids, case.sockets, seconds)
                await system.wire.post(f"/api/jobs/{job_id}/cancel")
            finally:
                for other in others:
                    await anyio.to_thread.run_sync(other.stop)
    return figures


async def _trickle(system: WatchedSystem, database: Database, seconds: float) -> str:
    """Post a job that commits ten times a second, for longer than is listened to."""
    ids = await database.random_ids(round(ITEMS_A_SECOND * (seconds + 5)))
    body = {"type": "bulk-delete", "payload": {"ticketIds": ids}, "maxItemsPerSecond": ITEMS_A_SECOND}
    _, job_id = await system.post(msgspec.json.encode(body))
    return job_id


async def _listen(listeners: Program, pids: Sequence[int], sockets: int, seconds: float) -> Figures:
    await asyncio.sleep(SETTLE_SECONDS)
    await listeners.ask("begin")
    started, cpu = time.perf_counter(), sum(map(processes.cpu_seconds, pids))
    await asyncio.sleep(seconds)
    took, used = time.perf_counter() - started, sum(map(processes.cpu_seconds, pids)) - cpu
    heard = msgspec.convert(await listeners.ask("end"), Heard)
    return Figures(heard.p50, heard.p99, heard.count / sockets / took, 100 * used / took)
