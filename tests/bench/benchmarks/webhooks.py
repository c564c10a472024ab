"""Deliveries to a receiver on this machine, from the commit of their events to their last one, by one worker.

The floor posts as many bodies of that size with httpx alone, in a process of its own, as many at once as a lane.
"""

import time

import asyncpg
import msgspec

from app.events import outbox
from tests.bench import programs, watched_system
from tests.bench.databases import Databases
from tests.bench.figures import Row, Target, row
from tests.bench.watched_system import PATIENCE_SECONDS, WatchedSystem
from tests.support.waiting import until
from worker.webhooks import AT_ONCE

ROUNDS, QUICK_ROUNDS = 3, 1
DELIVERIES, QUICK_DELIVERIES = 3_000, 1_000
HANGING = 3
TARGET = Target("ratio", ">=", 0.4)

_ADD = """
    insert into webhooks (url, events, secret, created_by)
    select $1, '{ticket.created}', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', id from users where role = 'admin' limit 1
"""
_RECORD = """
    insert into events (type, data)
    select 'ticket.created', jsonb_build_object('number', number, 'title', repeat('x', 400))
    from generate_series(1, $1) as number
"""
_DELIVERED = "select count(*) from deliveries where status = 'delivered'"


async def measure(databases: Databases) -> list[Row]:
    count = QUICK_DELIVERIES if databases.is_quick else DELIVERIES
    cases = {"one webhook": ["/1"], "five webhooks": [f"/{number}" for number in range(1, 6)]}
    cases[f"one webhook beside {HANGING} that hang"] = ["/1", *["/hanging"] * HANGING]
    rates: dict[str, list[float]] = {case: [] for case in cases}
    floors: list[float] = []
    async with (
        databases.copy(1_000) as database,
        watched_system.running(database) as system,
        programs.running("receiver") as receiver,
        programs.running("poster") as poster,
    ):
        url = f"http://127.0.0.1:{await receiver.ask('port')}"
        for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
            floors.append(count / await poster.ask({"url": f"{url}/floor", "count": count, "at_once": AT_ONCE}))
            for case, paths in cases.items():
                rates[case].append(await _deliver(system, url, paths, count))
    return [
        row(f"{count:,} to {case}", "deliveries, over httpx alone", "1/s", found, floors, TARGET)
        for case, found in rates.items()
    ]


async def _deliver(system: WatchedSystem, url: str, paths: list[str], count: int) -> float:
    """Record the events of so many deliveries to those that answer; return how many come a second."""
    connection = system.database.connection
    for table in ("webhooks", "events"):  # with their deliveries, once no lane has any in hand
        await connection.execute(f"delete from {table}")
    for path in paths:
        await connection.execute(_ADD, url + path)
    await system.database.settle()
    answering = sum(path != "/hanging" for path in paths)
    started = time.perf_counter()
    await connection.execute(_RECORD, count // answering)
    await system.redis.publish(outbox.CHANNEL, msgspec.msgpack.encode(None))
    await until(lambda: _are_delivered(connection, count), seconds=PATIENCE_SECONDS)
    return count / (time.perf_counter() - started)


async def _are_delivered(connection: asyncpg.Connection, count: int) -> bool:
    return bool(await connection.fetchval(_DELIVERED) == count)
