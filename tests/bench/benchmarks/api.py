"""Reads over HTTP: ten connections that each ask again at once, idle and while a job of half of all tickets runs.

Two floors: requests a second beside those of an endpoint that does nothing, on the same libraries; and times beside
those of the same rows read by bare SQL, over as many connections to Postgres, without a token to check.
"""

import asyncio
import time
from collections import defaultdict
from typing import Any, Literal, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from tests.bench import load, programs, watched_system
from tests.bench.databases import Database, Databases
from tests.bench.figures import Row, Target, row
from tests.bench.load import Load
from tests.bench.programs import Program
from tests.bench.tickets import HALF
from tests.bench.watched_system import WatchedSystem

ROUNDS, QUICK_ROUNDS = 3, 1
SECONDS, QUICK_SECONDS = 2.0, 1.0
IDS = 1_000

_JOB = "select * from jobs where id = $1"
_ITEMS = "select position, ticket_id, result, code, at from job_items where job_id = $1 order by position limit {}"


class Read(NamedTuple):
    """A path, the statements that answer it, and the share of an empty endpoint's rate that it is to reach.

    Both are given a ticket, the job or a cursor, as `of` says.
    """

    name: str
    path: str
    of: Literal["ticket", "job", "cursor"]
    statements: tuple[str, ...]
    target: float


_TICKET = "select * from tickets where id = $1 and deleted_at is null"
_PAGE = "select * from tickets where deleted_at is null order by created_at desc, id desc {}limit 20"
_COUNT = "select count(*) from (select 1 from tickets where deleted_at is null limit 10001) as counted"

READS = (
    Read("GET ticket", "/api/tickets/{}", "ticket", (_TICKET,), 0.39),
    Read("GET tickets", "/api/tickets", "job", (_PAGE.format(""), _COUNT), 0.18),
    Read("GET tickets by cursor", "/api/tickets?cursor={}", "cursor", (_PAGE.format("offset 20 "), _COUNT), 0.18),
    Read("GET tickets, page 500", "/api/tickets?page=500", "job", (_PAGE.format("offset 9980 "), _COUNT), 0.11),
    Read("GET job", "/api/jobs/{}", "job", (_JOB, _ITEMS.format(20)), 0.32),
    Read("GET items", "/api/jobs/{}/items", "job", (_JOB, _ITEMS.format(21)), 0.18),
)

Loads = dict[tuple[str, str], list[Load]]
Subjects = dict[str, list[Any]]


async def measure(databases: Databases) -> list[Row]:
    loads: Loads = defaultdict(list)
    seconds = QUICK_SECONDS if databases.is_quick else SECONDS
    async with (
        databases.copy() as database,
        watched_system.running(database) as system,
        programs.running("nothing") as nothing,
        programs.running("load") as loader,
    ):
        subjects: Subjects = {
            "ticket": await database.random_ids(IDS),
            "job": [await _job(system, database)] * load.CONNECTIONS,
            "cursor": [(await system.wire.get("/api/tickets")).json()["nextCursor"]] * load.CONNECTIONS,
        }
        readers = Readers(system, loader, await nothing.ask("port"), subjects, seconds)
        for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
            await readers.round("idle", loads)
        async with system.busy(HALF):
            for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
                await readers.round("busy", loads)
    return [made for state in ("idle", "busy") for read in READS for made in _rows(state, read, loads)]


def _rows(state: str, read: Read, loads: Loads) -> list[Row]:
    case, found = f"{read.name}, {state}", loads[state, read.name]
    nothing, sql = loads[state, "nothing"], loads[state, f"SQL of {read.name}"]
    target = Target("ratio", ">=", read.target) if state == "idle" else None
    rates, floors = [each.rate for each in found], [each.rate for each in nothing]
    return [
        row(case, "over an empty endpoint", "1/s", rates, floors, target),
        row(case, "over its SQL", "1/s", rates, [each.rate for each in sql]),
        row(case, "p50, over its SQL", "ms", [each.p50 for each in found], [each.p50 for each in sql]),
        row(case, "p99, over its SQL", "ms", [each.p99 for each in found], [each.p99 for each in sql]),
    ]


class Readers(NamedTuple):
    """Those who ask, and what for; `nothing` is the port of the endpoint that does nothing."""

    system: WatchedSystem
    loader: Program
    nothing: int
    subjects: Subjects
    seconds: float

    async def round(self, state: str, loads: Loads) -> None:
        loads[state, "nothing"].append(await self._load(self.nothing, "", ["/"] * load.CONNECTIONS))
        for read in READS:
            subjects = self.subjects[read.of]
            paths = [read.path.format(each) for each in subjects]
            found = await self._load(self.system.system.port, self.system.wire.token, paths)
            loads[state, read.name].append(found)
            loads[state, f"SQL of {read.name}"].append(await self._select(read, subjects))

    async def _load(self, port: int, token: str, paths: list[str]) -> Load:
        question = {"port": port, "token": token, "paths": paths, "seconds": self.seconds}
        return msgspec.convert(await self.loader.ask(question), Load)

    async def _select(self, read: Read, subjects: list[Any]) -> Load:
        url, count = self.system.database.settings.database_url, load.CONNECTIONS
        async with asyncpg.create_pool(url, min_size=count, max_size=count) as pool:
            started = time.perf_counter()
            readers = (_select(pool, read, subjects, started + self.seconds) for _ in range(count))
            found = await asyncio.gather(*readers)
            return load.of([each for times in found for each in times], time.perf_counter() - started)


async def _job(system: WatchedSystem, database: Database) -> UUID:
    """Return a job that is done, whose items are there to be read."""
    _, job_id = await system.post(watched_system.request("bulk-delete", ticketIds=await database.random_ids(IDS)))
    await system.finish(job_id)
    return UUID(job_id)


async def _select(pool: asyncpg.Pool, read: Read, subjects: list[Any], until: float) -> list[float]:
    milliseconds: list[float] = []
    async with pool.acquire() as connection:
        while (started := time.perf_counter()) < until:
            chosen = subjects[len(milliseconds) % len(subjects)]
            for statement in read.statements:
                await connection.fetch(statement, *((chosen,) if "$1" in statement else ()))
            milliseconds.append((time.perf_counter() - started) * 1000)
    return milliseconds
