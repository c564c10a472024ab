"""Events that are sent while their senders are killed, and what becomes of them at the other end."""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from random import Random
from signal import SIGKILL
from typing import Final

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.chaos.scene import Scene
from tests.support.programs import Process
from tests.support.waiting import until

ROLLED_BACK: Final = -1


class Sending(ABC):
    """Events with a number each, and what came of them.

    unit: what they are called where some are missing.
    pending: a query that finds something while anything is to be sent for the first time to who takes all at once.
    """

    unit: str
    pending: str

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.count = 0

    @abstractmethod
    async def write(self, connection: AsyncConnection, number: int) -> None:
        """Record an event, in a transaction that may yet be rolled back."""

    @abstractmethod
    def came(self) -> list[int]:
        """Return how many came to each who is to get all, first to who takes them at once."""

    @abstractmethod
    def ids(self) -> dict[str, dict[int, set[str]]]:
        """Return for each who is to get all which numbers came, and by which ids."""

    async def record(self, count: int) -> None:
        """Commit so many events, and roll back as many."""
        async with self.scene.engine.connect() as connection:
            for _ in range(count):
                await self.write(connection, ROLLED_BACK)
            await connection.rollback()
            for number in range(self.count, self.count + count):
                await self.write(connection, number)
            await connection.commit()
        self.count += count

    async def begin(self, count: int, share: int) -> None:
        """Commit so many events, and wait until so many more than before have come."""
        before = self.came()[0]
        await self.record(count)
        await until(lambda: self.came()[0] >= before + share, seconds=self.scene.patience_seconds)

    async def is_all_there(self) -> None:
        """Wait for as long as more comes: `faults` says what never did."""
        with contextlib.suppress(TimeoutError):
            while (came := sum(self.came())) < self.count * len(self.came()):
                await until(lambda: sum(self.came()) > came, seconds=self.scene.patience_seconds)

    def faults(self) -> list[str]:
        """Hold what came against what was committed."""
        found = []
        for where, numbers in self.ids().items():
            if missing := set(range(self.count)) - numbers.keys():
                found.append(f"{len(missing)} of {self.count} {self.unit} never came to {where}")
            if doubled := [number for number, ids in numbers.items() if len(ids) > 1]:
                found.append(f"{len(doubled)} {self.unit} came to {where} with more than one id")
            if ROLLED_BACK in numbers:
                found.append(f"to {where} was sent what was rolled back")
        return found


async def killed(sending: Sending, random: Random, start_worker: Callable[[], Process], kills: int, each: int) -> None:
    """SIGKILL workers, `each` time that so many more events are on their way."""
    scene, workers = sending.scene, [start_worker(), start_worker()]
    for _ in range(kills):
        await sending.begin(each, random.randint(1, each // 2))
        victim = random.randrange(len(workers))
        workers[victim].send_signal(SIGKILL)
        await scene.ends(workers[victim])
        await _struck(sending)
        workers[victim] = start_worker()


async def robbed(sending: Sending, random: Random, each: int) -> None:
    """Restart Postgres after a crash, then empty Redis, while so many more events are on their way."""
    for strike in (_restart_postgres, _empty_redis):
        await sending.begin(each, random.randint(1, each // 2))
        await strike(sending.scene)
        await _struck(sending)


async def _restart_postgres(scene: Scene) -> None:
    scene.servers.postgres.end(SIGKILL)
    await scene.servers.postgres.start()


async def _empty_redis(scene: Scene) -> None:
    async with Redis.from_url(scene.settings.redis_url) as redis:
        await redis.flushall()


async def _struck(sending: Sending) -> None:
    """Count a fault that struck while something was to be sent."""
    sending.scene.record.hits += bool(await sending.scene.jobs.rows(sending.pending))
