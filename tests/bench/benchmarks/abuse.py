"""What others feel of a client that misbehaves, beside what they feel without one.

They are one admin who lists 20 tickets, over and over, on one connection. The client sends half of its requests, tries
one password on many names, or has the same large preview made many times at once.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable

import msgspec

from tests.bench import watched_system
from tests.bench.databases import Databases
from tests.bench.figures import Row, Target, percentile, row
from tests.bench.watched_system import WatchedSystem
from tests.bench.wire import Wire

ROUNDS, QUICK_ROUNDS = 3, 1
TICKETS = 100_000
QUIET_SECONDS = 2.0
REQUEST_SECONDS = 5.0

HALVES = 400
NAMES, SPRAYERS = 300, 10
PREVIEWS = 30

_HALF = b'POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{"username": '
_PREVIEW = msgspec.json.encode({"type": "bulk-delete", "payload": {"filter": {}, "all": True}})

Abuse = Callable[[WatchedSystem], Awaitable[float]]


async def measure(databases: Databases) -> list[Row]:
    rows = []
    async with databases.copy(TICKETS) as database:
        for name, figure, unit, abuse, target in (
            ("half-sent requests", "all hung up on", "s", _send_halves, Target("median", "<", REQUEST_SECONDS + 1)),
            ("one password, many names", "tried", "names", _spray, Target("median", "<", 100)),
            ("the same preview", "answered", "previews", _preview, None),
        ):
            figures, quiet, felt = (list[float]() for _ in range(3))
            for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
                # A process of its own each time, with an empty Redis: what is limited is so for a minute.
                async with watched_system.running(
                    database, has_worker=False, REQUEST_SECONDS=str(REQUEST_SECONDS)
                ) as system:
                    quiet.append(percentile(await _felt(system, asyncio.sleep(QUIET_SECONDS)), 99))
                    done = asyncio.ensure_future(abuse(system))
                    felt.append(percentile(await _felt(system, done), 99))
                    figures.append(await done)
            rows.append(row(name, figure, unit, figures, target=target))
            rows.append(row(name, "others' p99", "ms", felt, quiet, Target("median", "<", 100)))
    return rows


async def _felt(system: WatchedSystem, meanwhile: Awaitable[object]) -> list[float]:
    """Return what each list of tickets took, in ms, until something else is done."""
    milliseconds: list[float] = []
    task = asyncio.ensure_future(meanwhile)
    wire = await Wire.connect(system.system.port, system.wire.token)
    while not task.done():
        answer = await wire.get("/api/tickets?limit=20")
        assert answer.status == 200, answer
        milliseconds.append(answer.seconds * 1000)
    await wire.close()
    await task
    return milliseconds


async def _send_halves(system: WatchedSystem) -> float:
    """Return how long it took until the last connection was closed."""
    started = time.perf_counter()
    await asyncio.gather(*(_send_half(system.system.port) for _ in range(HALVES)))
    return time.perf_counter() - started


async def _send_half(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_HALF)
    answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 408 "), answer
    writer.close()


async def _spray(system: WatchedSystem) -> float:
    """Return how many names were tried before the address was refused."""
    statuses = Counter[int]()
    names = iter(range(NAMES))

    async def spray() -> None:
        wire = await Wire.connect(system.system.port)
        for number in names:
            credentials = msgspec.json.encode({"username": f"user-{number}", "password": "Summer2026"})
            statuses[(await wire.post("/api/login", credentials)).status] += 1
        await wire.close()

    await asyncio.gather(*(spray() for _ in range(SPRAYERS)))
    assert statuses.keys() <= {401, 429}, statuses
    return statuses[401]


async def _preview(system: WatchedSystem) -> float:
    """Return how many of the previews were made."""
    answers = await asyncio.gather(*(_preview_once(system) for _ in range(PREVIEWS)))
    assert set(answers) <= {200, 429}, answers
    return answers.count(200)


async def _preview_once(system: WatchedSystem) -> int:
    wire = await Wire.connect(system.system.port, system.wire.token)
    answer = await wire.post("/api/jobs/preview", _PREVIEW)
    await wire.close()
    return answer.status
