"""What each process adds: workers of one lane each that share a job, and APIs behind compose.yaml's proxy.

More of them add something only where cores are free for them, and for Postgres; elsewhere it shows what they cost.
"""

import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from tests.bench import floors, programs, watched_system
from tests.bench.databases import Databases
from tests.bench.figures import Row, row
from tests.bench.programs import Program
from tests.support import haproxy
from tests.support.system import free_port
from tests.support.waiting import until

ROUNDS, QUICK_ROUNDS = 3, 1
SIZE, QUICK_SIZE = 100_000, 10_000
SECONDS, QUICK_SECONDS = 2.0, 1.0
IDS = 1_000
WORKERS, APIS = (1, 2, 4), (1, 2, 3)

Rates = dict[int, list[float]]


async def measure(databases: Databases) -> list[Row]:
    return [*await _workers(databases), *await _apis(databases)]


async def _workers(databases: Databases) -> list[Row]:
    rates: Rates = defaultdict(list)
    size = QUICK_SIZE if databases.is_quick else SIZE
    statement: list[float] = []
    for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
        async with databases.copy() as database:
            ids = await database.random_ids(size)
            await database.settle()
            statement.append(size / await floors.delete(database.connection, ids))
        for count in WORKERS:
            rates[count].append(size / await _delete(databases, size, workers=count))
    return [
        row(f"{size:,}, 1 worker", "over one statement", "items/s", rates[1], statement),
        *(row(f"{size:,}, {n} workers", "over one worker", "items/s", rates[n], rates[1]) for n in WORKERS[1:]),
    ]


async def _delete(databases: Databases, size: int, *, workers: int) -> float:
    """Return the seconds from the POST to the terminal event."""
    async with (
        databases.copy() as database,
        watched_system.running(database, JOB_LANES=str(workers), WORKER_LANES="1") as system,
    ):
        others = [system.system.start_worker() for _ in range(workers - 1)]
        await until(lambda: all("worker_started" in system.system.log(other) for other in others))
        ids = await database.random_ids(size)
        await database.settle()
        answer, job_id = await system.post(watched_system.request("bulk-delete", ticketIds=ids))
        done = await system.finish(job_id)
        return done.at - answer.sent_at


async def _apis(databases: Databases) -> list[Row]:
    program = haproxy.path()
    if program is None:
        sys.stderr.write("There is no haproxy here: what APIs behind it add was not measured.\n")
        return []
    rates: Rates = defaultdict(list)
    seconds = QUICK_SECONDS if databases.is_quick else SECONDS
    async with (
        databases.copy() as database,
        watched_system.running(database, has_worker=False) as system,
        programs.running("load") as loader,
    ):
        ports = [system.system.port, *(free_port() for _ in APIS[1:])]
        for port in ports[1:]:
            await system.system.is_up(system.system.start("app", PORT=str(port)), port)
        paths = [f"/api/tickets/{ticket_id}" for ticket_id in await database.random_ids(IDS)]
        question = {"token": system.wire.token, "paths": paths, "seconds": seconds}
        for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
            rates[0].append((await loader.ask({"port": ports[0], **question}))["rate"])
            for count in APIS:
                rates[count].append(await _through_proxy(program, ports[:count], loader, question))
    return [
        row("GET ticket, 1 API behind the proxy", "over one without it", "1/s", rates[1], rates[0]),
        *(row(f"GET ticket, {n} APIs behind it", "over one behind it", "1/s", rates[n], rates[1]) for n in APIS[1:]),
    ]


async def _through_proxy(program: str, apis: list[int], loader: Program, question: dict[str, object]) -> float:
    port = free_port()
    with (
        tempfile.TemporaryDirectory(prefix="bulkhead-bench-proxy-") as folder,
        haproxy.running(program, Path(folder), port, apis) as proxy,
    ):
        await proxy.is_up()
        rate: float = (await loader.ask({"port": port, **question}))["rate"]
        return rate
