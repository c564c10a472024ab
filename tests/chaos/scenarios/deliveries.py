"""Workers killed while they send to webhooks; then Postgres restarted, and Redis emptied."""

import contextlib
from collections import defaultdict
from random import Random
from signal import SIGKILL
from typing import Final

import httpx
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncConnection
from standardwebhooks import WebhookVerificationError

from app.events import store
from tests.chaos.scene import Scene
from tests.support.receiver import Received, Receiver, Reply, receiving
from tests.support.waiting import until

WELL, OTHER, BROKEN, GONE, HANGING = "/well", "/other", "/broken", "/gone", "/hanging"
HEALTHY: Final = (WELL, OTHER, BROKEN)  # in the end
ROLLED_BACK: Final = -1


class Sent:
    """The events that were committed, and what came of them at a receiver."""

    def __init__(self, scene: Scene, receiver: Receiver) -> None:
        self._scene = scene
        self._receiver = receiver
        self._secrets: dict[str, str] = {}
        self.count = 0

    async def add_webhook(self, path: str) -> None:
        body = {"url": self._receiver.url + path, "events": ["ticket.created"]}
        answer = await self._scene.admin.ask("POST", "/api/webhooks", json=body)
        assert answer is not None, "the API is away"
        assert answer.status_code == httpx.codes.CREATED, answer.text
        self._secrets[path] = answer.json()["secret"]

    async def record(self, count: int) -> None:
        """Commit so many events, and roll back as many."""
        async with self._scene.engine.connect() as connection:
            for _ in range(count):
                await _record(connection, ROLLED_BACK)
            await connection.rollback()
            for number in range(self.count, self.count + count):
                await _record(connection, number)
            await connection.commit()
        self.count += count

    async def begin(self, count: int, share: int) -> None:
        """Commit so many events, and wait until so many more than before have come to a webhook that is well."""
        came = self._receiver.ids[WELL]
        before = len(came)
        await self.record(count)
        await until(lambda: len(came) >= before + share, seconds=self._scene.patience_seconds)

    async def is_all_there(self) -> None:
        """Wait for as long as more comes to the webhooks that are well: `faults` says what never did."""
        with contextlib.suppress(TimeoutError):
            while (came := self._came()) < self.count * len(HEALTHY):
                await until(lambda: self._came() > came, seconds=self._scene.patience_seconds)

    def _came(self) -> int:
        return sum(len(self._receiver.ids[path]) for path in HEALTHY)

    def faults(self) -> list[str]:
        """Hold what came against what was committed."""
        found = []
        for path in HEALTHY:
            numbers = self._numbers(path)
            if missing := self.count - len(numbers):
                found.append(f"{missing} of {self.count} events never came to {path}")
            if doubled := [number for number, ids in numbers.items() if len(ids) > 1]:
                found.append(f"{len(doubled)} events came to {path} with more than one id")
        if any(_number(request) == ROLLED_BACK for request in self._receiver.requests):
            found.append("an event was sent that was rolled back")
        if unsigned := sum(not self._is_signed(request) for request in self._receiver.requests):
            found.append(f"{unsigned} requests were not signed")
        return found

    def _numbers(self, path: str) -> dict[int, set[str]]:
        numbers = defaultdict(set)
        for request in self._receiver.at(path):
            numbers[_number(request)].add(request.id)
        return numbers

    def _is_signed(self, request: Received) -> bool:
        try:
            request.verify(self._secrets[request.path])
        except WebhookVerificationError:
            return False
        return True


async def killed_while_sending(scene: Scene, random: Random, scale: int) -> None:
    """SIGKILL workers while events go to five webhooks: one hangs, one answers 500 for a while, one 410.

    Then restart Postgres, and empty Redis.
    """
    kills, portion = max(5, 2 * scale), 100 if scale == 1 else 250
    async with receiving() as receiver:
        receiver.replies |= {BROKEN: Reply(500), GONE: Reply(410), HANGING: Reply(hangs=True)}
        workers = await scene.start(workers=2)
        sent = Sent(scene, receiver)
        for path in (WELL, OTHER, BROKEN, GONE, HANGING):
            await sent.add_webhook(path)
        for _ in range(kills):
            await sent.begin(portion, random.randint(1, portion // 2))
            victim = random.randrange(len(workers))
            workers[victim].send_signal(SIGKILL)
            await scene.ends(workers[victim])
            await _struck(scene)
            workers[victim] = scene.start_worker()
        receiver.replies[BROKEN] = Reply()
        for strike in (_restart_postgres, _empty_redis):
            await sent.begin(portion, random.randint(1, portion // 2))
            await strike(scene)
            await _struck(scene)
        await sent.is_all_there()
        scene.record.broken += sent.faults()
        await _is_disabled(scene)


async def _restart_postgres(scene: Scene) -> None:
    scene.servers.postgres.end(SIGKILL)
    await scene.servers.postgres.start()


async def _empty_redis(scene: Scene) -> None:
    async with Redis.from_url(scene.settings.redis_url) as redis:
        await redis.flushall()


async def _struck(scene: Scene) -> None:
    """Count a fault that struck while something was to be sent to a webhook that is well."""
    pending = """
        select deliveries.id from deliveries join webhooks on webhooks.id = webhook_id
        where status = 'pending' and attempts = 0 and url like '%/well' limit 1
    """
    scene.record.hits += bool(await scene.jobs.rows(pending))


async def _is_disabled(scene: Scene) -> None:
    [[reason]] = await scene.jobs.rows("select disabled_reason from webhooks where url like '%/gone'")
    if reason != "gone":
        scene.record.broken.append("a webhook that answered 410 is still sent to")


async def _record(connection: AsyncConnection, number: int) -> None:
    await store.record(connection, "ticket.created", {"number": number}, actor_id=None)


def _number(request: Received) -> int:
    return int(request.event["data"]["number"])
