"""Rows a second that a file's import makes tickets of: from the job's POST to its terminal event.

The floor is COPY of the same tickets and items by asyncpg, from records that lie in memory, in one transaction. Beside
it the upload: from the first byte of the file to the answer that says what is in it.
"""

import time
from typing import Any
from uuid import UUID

import msgspec

from tests.bench import watched_system
from tests.bench.databases import Database, Databases
from tests.bench.figures import Row, Target, row
from tests.bench.watched_system import WatchedSystem

ROUNDS, QUICK_ROUNDS = 3, 2
ROWS, QUICK_ROWS = 200_000, 20_000
DESCRIPTION = "Nothing works. " * 10
TARGET = Target("ratio", ">=", 0.5)

TICKET = ("id", "title", "description", "status", "priority", "requester_id", "tags", "external_id")
ITEM = ("job_id", "position", "ticket_id", "result", "code", "before", "version")
BEFORE = '{"deletedAt": "now"}'


async def measure(databases: Databases) -> list[Row]:
    count = QUICK_ROWS if databases.is_quick else ROWS
    floors, rates, uploads = [], [], []
    for number in databases.rounds(ROUNDS, QUICK_ROUNDS):
        contenders = [_floor, _system]
        for contender in contenders if number % 2 else contenders[::-1]:
            async with databases.copy() as database:
                if contender is _floor:
                    floors.append(count / await _floor(database, count))
                else:
                    upload, job = await _system(database, count)
                    uploads.append(upload)
                    rates.append(count / job)
    case = f"{count:,} rows"
    return [
        row(case, "over COPY of tickets and items", "rows/s", rates, floors, TARGET),
        row(case, "the upload before", "s", uploads),
    ]


async def _floor(database: Database, count: int) -> float:
    """Return the seconds of COPY, to its commit."""
    requester = await database.connection.fetchval("select id from users where username = 'admin'")
    [made] = await database.connection.fetch("select uuidv7() as first, uuidv7() as job")
    ids = [UUID(int=made["first"].int + number) for number in range(count)]
    tickets = [
        (ids[number], f"Ticket {number}", DESCRIPTION, "open", "normal", requester, ["imported"], f"x-{number}")
        for number in range(count)
    ]
    items = [(made["job"], number, ids[number], "succeeded", "imported", BEFORE, 1) for number in range(count)]
    await database.settle()
    started = time.perf_counter()
    async with database.connection.transaction():
        await _copy(database, "tickets", tickets, TICKET)
        await _copy(database, "job_items", items, ITEM)
    return time.perf_counter() - started


async def _copy(database: Database, table: str, records: list[Any], columns: tuple[str, ...]) -> None:
    await database.connection.copy_records_to_table(table, records=records, columns=columns)


async def _system(database: Database, count: int) -> tuple[float, float]:
    """Return the seconds of the upload, and of the job."""
    async with watched_system.running(database) as system:
        answer = await system.wire.post("/api/imports?format=ndjson", _file(count))
        assert answer.json()["valid"] == count, answer.body[:1_000]
        await database.settle()
        return answer.seconds, await _import(system, answer.json()["id"], count)


async def _import(system: WatchedSystem, import_id: str, count: int) -> float:
    answer, job_id = await system.post(watched_system.request("bulk-import", importId=import_id))
    done = await system.finish(job_id)
    assert done.payload["succeeded"] == count, done.payload
    return done.at - answer.sent_at


def _file(count: int) -> bytes:
    return msgspec.json.Encoder().encode_lines(
        [
            {"title": f"Ticket {number}", "description": DESCRIPTION, "tags": ["imported"], "externalId": f"x-{number}"}
            for number in range(count)
        ]
    )
