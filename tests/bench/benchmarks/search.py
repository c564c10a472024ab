"""Search over HTTP, one request after the other, beside the list of the newest tickets; and what its triggers cost.

Agents search all tickets, requesters a thousand of their own. What is searched for changes with each request.
"""

import random
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import asyncpg
import msgspec

from tests.bench import watched_system, words
from tests.bench.databases import Database, Databases
from tests.bench.figures import Row, Target, percentile, row
from tests.bench.watched_system import WatchedSystem
from tests.bench.wire import Wire
from tests.bench.words import word
from tests.support.people import PASSWORD

ROUNDS, QUICK_ROUNDS = 3, 1
ASKED, QUICK_ASKED = 200, 50
OWN = 1_000
INSERTED = 100_000
TARGET = Target("median", "<", 100)
SEED = 4

_TAKE = "update tickets set requester_id = (select id from users where username = 'other_requester') where id = any($1)"
_INSERT = """
    insert into tickets (title, description, requester_id)
    select 'Ticket ' || number, repeat('Nothing works. ', 10), users.id
    from users, generate_series(1, cast($1 as int)) as number where username = 'requester'
"""
_TRIGGER: Final = "alter table tickets {} trigger ticket_texts_inserted"

Times = dict[tuple[str, str], list[list[float]]]


async def measure(databases: Databases) -> list[Row]:
    times: Times = defaultdict(list)
    asked = QUICK_ASKED if databases.is_quick else ASKED
    async with databases.copy() as database:
        databases.tell("writing texts")
        await words.write(database.connection)
        await database.connection.execute(_TAKE, await database.random_ids(OWN))
        await database.settle()
        async with watched_system.running(database, has_worker=False) as system:
            for number in databases.rounds(ROUNDS, QUICK_ROUNDS):
                for who in ("admin", "other_requester"):
                    wire = await _signed_in(system, who)
                    for case, texts in _cases(random.Random(SEED + number), asked):
                        times[who, case].append([await _milliseconds(wire, text) for text in texts])
        inserts = [await _insert(database) for _ in databases.rounds(ROUNDS, QUICK_ROUNDS)]
    searches = [key for key in times if key[1] != "no text"]
    return [made for key in searches for made in _rows(key, times)] + [_insert_row(inserts)]


def _cases(chance: random.Random, count: int) -> Iterator[tuple[str, list[str]]]:
    """Yield what is searched for, so many texts each."""

    def ranked(first: int, last: int) -> str:
        return word(chance.randint(first, last))

    yield "no text", [""] * count
    yield "a rare word", [ranked(5_000, words.VOCABULARY - 1) for _ in range(count)]
    yield "a common word", [ranked(1, 10) for _ in range(count)]
    yield "a word between", [ranked(100, 1_000) for _ in range(count)]
    yield "a prefix of 1", [ranked(1, 1_000)[:1] for _ in range(count)]
    yield "a prefix of 3", [ranked(1, 1_000)[:3] for _ in range(count)]
    yield "two words", [f"{ranked(10, 1_000)} {ranked(10, 1_000)}" for _ in range(count)]
    yield "a phrase", [f'"{ranked(1, 100)} {ranked(1, 100)}"' for _ in range(count)]


async def _signed_in(system: WatchedSystem, who: str) -> Wire:
    wire = await Wire.connect(system.system.port)
    credentials = msgspec.json.encode({"username": who, "password": PASSWORD})
    wire.token = (await wire.post("/api/login", credentials)).json()["access_token"]
    return wire


async def _milliseconds(wire: Wire, text: str) -> float:
    answer = await wire.get(f"/api/tickets?text={quote(text)}" if text else "/api/tickets")
    assert answer.status == 200, answer.body
    return answer.seconds * 1000


def _rows(key: tuple[str, str], times: Times) -> list[Row]:
    who, case = key
    name = f"{case}, {'all' if who == 'admin' else 'own'}"
    made = []
    for percent, target in ((50, None), (99, TARGET)):
        found, floors = ([percentile(each, percent) for each in times[who, of]] for of in (case, "no text"))
        made.append(row(name, f"p{percent}", "ms", found, floors, target))
    return made


async def _insert(database: Database) -> tuple[float, float]:
    """Return the tickets a second that one statement adds, with texts and without."""
    await database.settle()
    rate = await _insert_rate(database.connection)
    await database.connection.execute(_TRIGGER.format("disable"))
    await database.settle()
    bare = await _insert_rate(database.connection)
    await database.connection.execute(_TRIGGER.format("enable"))
    return rate, bare


async def _insert_rate(connection: asyncpg.Connection) -> float:
    started = time.perf_counter()
    await connection.execute(_INSERT, INSERTED)
    return INSERTED / (time.perf_counter() - started)


def _insert_row(inserts: list[tuple[float, float]]) -> Row:
    rates, bare = zip(*inserts, strict=True)
    return row(f"{INSERTED:,} tickets inserted", "with texts, over without", "tickets/s", rates, bare)
