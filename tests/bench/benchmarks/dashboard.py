"""The dashboard's figures over HTTP: ten connections that each ask again at once, and what counting them takes.

Answers are beside those of an endpoint that does nothing, on the same libraries; they are timed for long enough that
the figures grow old and are counted anew meanwhile. Counting is beside one count of all tickets by bare SQL.
"""

import time

import msgspec

from tests.bench import load, programs, watched_system
from tests.bench.databases import Database, Databases
from tests.bench.figures import Row, Target, row
from tests.bench.load import Load
from tests.bench.programs import Program
from tests.bench.watched_system import WatchedSystem

ROUNDS = 3
SECONDS, QUICK_SECONDS = 8.0, 6.0  # past the five that the figures are kept for
PATH = "/api/dashboard/stats"
TARGET = Target("median", "<", 100)

_COUNT = "select count(*) from tickets where deleted_at is null"


async def measure(databases: Databases) -> list[Row]:
    seconds = QUICK_SECONDS if databases.is_quick else SECONDS
    counting, sql = list[float](), list[float]()
    found, floors = list[Load](), list[Load]()
    async with databases.copy() as database, programs.running("nothing") as nothing, programs.running("load") as loader:
        port = await nothing.ask("port")
        await database.settle()
        for _ in databases.rounds(ROUNDS, 1):
            # A process of its own each time: it counts more seldom once it knows how long that takes.
            async with watched_system.running(database, has_worker=False) as system:
                sql.append(await _count_by_sql(database))
                counting.append(await _count(database, system))
                floors.append(await _load(loader, port, "", "/", seconds))
                found.append(await _load(loader, system.system.port, system.wire.token, PATH, seconds))
    return [
        row("counted once", "over one count by SQL", "s", counting, sql),
        row(
            "answered", "p50, over an empty endpoint", "ms", [each.p50 for each in found], [each.p50 for each in floors]
        ),
        row(
            "answered",
            "p99, over an empty endpoint",
            "ms",
            [each.p99 for each in found],
            [each.p99 for each in floors],
            TARGET,
        ),
        row("answered", "over an empty endpoint", "1/s", [each.rate for each in found], [each.rate for each in floors]),
    ]


async def _count_by_sql(database: Database) -> float:
    started = time.perf_counter()
    await database.connection.fetchval(_COUNT)
    return time.perf_counter() - started


async def _count(database: Database, system: WatchedSystem) -> float:
    """Return the seconds that whoever asks first of all waits."""
    await database.connection.execute("delete from dashboard")
    answer = await system.wire.get(PATH)
    assert answer.status == 200, answer.body
    return answer.seconds


async def _load(loader: Program, port: int, token: str, path: str, seconds: float) -> Load:
    question = {"port": port, "token": token, "paths": [path] * load.CONNECTIONS, "seconds": seconds}
    return msgspec.convert(await loader.ask(question), Load)
