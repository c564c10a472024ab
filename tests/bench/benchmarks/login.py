"""A login, one after the other and four at a time; the floor is the check of the password alone, in one thread.

That check, Argon2id, is slow on purpose: it is what makes stolen hashes worthless.
"""

import asyncio
import time

import msgspec
from argon2 import PasswordHasher

from tests.bench import watched_system
from tests.bench.databases import Databases
from tests.bench.figures import Row, percentile, row
from tests.bench.watched_system import WatchedSystem
from tests.bench.wire import Wire
from tests.support.people import PASSWORD

ROUNDS = 3
REPEATS, QUICK_REPEATS = 15, 4  # in each round
AT_ONCE = 4
TICKETS = 10_000  # how many there are makes no difference here

_CREDENTIALS = msgspec.json.encode({"username": "agent", "password": PASSWORD})


async def measure(databases: Databases) -> list[Row]:
    repeats = QUICK_REPEATS if databases.is_quick else REPEATS
    hasher = PasswordHasher()
    password_hash = hasher.hash(PASSWORD)
    halves, worsts, rates, floors = (list[float]() for _ in range(4))
    async with databases.copy(TICKETS) as database, watched_system.running(database, has_worker=False) as system:
        for _ in databases.rounds(ROUNDS, ROUNDS):
            checks = [await asyncio.to_thread(_check, hasher, password_hash) for _ in range(repeats)]
            floors.append(percentile(checks, 50))
            times = [await _log_in(system.wire) for _ in range(repeats)]
            halves.append(percentile(times, 50))
            worsts.append(percentile(times, 99))
            rates.append(await _rate(system, repeats))
    return [
        row("one after the other", "p50", "ms", halves, floors),
        row("one after the other", "p99", "ms", worsts, floors),
        row(f"{AT_ONCE} at a time", "logins", "1/s", rates, [1000 / floor for floor in floors]),
    ]


async def _rate(system: WatchedSystem, repeats: int) -> float:
    wires = [await Wire.connect(system.system.port) for _ in range(AT_ONCE)]
    started = time.perf_counter()
    await asyncio.gather(*(_log_in_often(wire, repeats) for wire in wires))
    seconds = time.perf_counter() - started
    for wire in wires:
        await wire.close()
    return AT_ONCE * repeats / seconds


async def _log_in_often(wire: Wire, repeats: int) -> None:
    for _ in range(repeats):
        await _log_in(wire)


async def _log_in(wire: Wire) -> float:
    answer = await wire.post("/api/login", _CREDENTIALS)
    assert answer.status == 200, answer.body
    return answer.seconds * 1000


def _check(hasher: PasswordHasher, password_hash: str) -> float:
    started = time.perf_counter()
    hasher.verify(password_hash, PASSWORD)
    return (time.perf_counter() - started) * 1000
