"""Random jobs under random faults, for as long as one likes."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from signal import SIGCONT, SIGKILL, SIGQUIT, SIGSTOP
from typing import get_args
from uuid import UUID

from redis.asyncio import Redis

from app.jobs.models import Priority
from tests.chaos.scenarios.postgres import terminate_all
from tests.chaos.scenarios.redis import cut_off, empty
from tests.chaos.scene import Scene
from tests.support.programs import Process

CLIENTS = 4
WORKERS = 2
PRIORITIES = get_args(Priority)
CHANGES: list[dict[str, object]] = [
    {"addTags": ["soaked"], "status": "closed"},
    {"priority": "urgent", "removeTags": ["soaked"]},
    {"status": "open", "assigneeId": None},
]
LAST: list[tuple[str, dict[str, object]]] = [("bulk-restore", {}), ("bulk-purge", {"force": True})]


async def soak(scene: Scene, random: Random, scale: float) -> None:
    """Play for `scale` minutes: clients that post, steer and undo jobs, and a gremlin."""
    workers = await scene.start(workers=WORKERS)
    ends_at = time.monotonic() + 60 * scale
    clients = [asyncio.create_task(_client(scene, Random(random.random()), ends_at)) for _ in range(CLIENTS)]
    gremlin = Gremlin(scene, random, workers)
    while time.monotonic() < ends_at:
        await gremlin.strike()
        await scene.lasts(random.uniform(0.2, 1.0))
    await asyncio.gather(*clients)


async def _client(scene: Scene, random: Random, ends_at: float) -> None:
    while time.monotonic() < ends_at:
        ids = await scene.add_tickets(random.randint(100, 3_000))
        job_id = await _post(scene, random, ids)
        await _steer(scene, random, job_id)
        await scene.jobs.through(job_id)
        if await scene.jobs.unprocessed_by(job_id):
            await scene.jobs.through(await scene.admin.retry(job_id))
        if await scene.jobs.changed_by(job_id) and random.random() < 0.5:
            await scene.jobs.through(await scene.admin.undo(job_id))
        if random.random() < 0.3:
            type_, payload = random.choice(LAST)
            await scene.jobs.through(await scene.admin.post(type_, ids, payload, reason="Soak"))


async def _post(scene: Scene, random: Random, ids: Sequence[UUID]) -> UUID:
    priority = random.choice(PRIORITIES)
    if random.random() < 0.5:
        return await scene.admin.post("bulk-delete", ids, priority=priority)
    return await scene.admin.post("bulk-update", ids, random.choice(CHANGES), priority=priority)


async def _steer(scene: Scene, random: Random, job_id: UUID) -> None:
    dice = random.random()
    await scene.lasts(random.uniform(0, 0.3))
    if dice < 0.25:
        await scene.admin.cancel(job_id)
    elif dice < 0.5:
        await scene.admin.pause_and_resume(job_id, random.uniform(0, 0.5))


class Gremlin:
    """Does one bad thing at a time."""

    def __init__(self, scene: Scene, random: Random, workers: list[Process]) -> None:
        self._scene = scene
        self._random = random
        self._workers = workers
        self._deeds: list[Callable[[], Awaitable[None]]] = [
            *[self._kill_worker] * 3,
            self._stop_worker,
            self._kill_api,
            *[self._trouble_redis] * 2,
            self._kill_redis,
            self._cut_postgres_off,
            self._kill_postgres,
        ]

    async def strike(self) -> None:
        deed = self._random.choice(self._deeds)
        await deed()
        await self._scene.jobs.go_on()

    async def _kill_worker(self) -> None:
        number = self._random.randrange(WORKERS)
        await self._scene.kill(self._workers[number])
        self._workers[number] = self._scene.start_worker()

    async def _stop_worker(self) -> None:
        worker = self._random.choice(self._workers)
        worker.send_signal(SIGSTOP)
        await self._scene.jobs.struck()
        await self._scene.lasts(self._random.uniform(0.5, 7))
        worker.send_signal(SIGCONT)

    async def _kill_api(self) -> None:
        await self._scene.kill(self._scene.api)
        await self._scene.start_api()

    async def _trouble_redis(self) -> None:
        async with Redis.from_url(self._scene.settings.redis_url) as redis:
            await self._random.choice((empty, cut_off))(self._scene, redis)

    async def _kill_redis(self) -> None:
        self._scene.servers.redis.end(SIGKILL)
        await self._scene.lasts(self._random.uniform(0, 1))
        await self._scene.servers.redis.start()
        await self._scene.jobs.struck()

    async def _cut_postgres_off(self) -> None:
        await terminate_all(self._scene)
        await self._scene.jobs.struck()

    async def _kill_postgres(self) -> None:
        self._scene.servers.postgres.end(SIGQUIT)
        await self._scene.lasts(self._random.uniform(0, 1))
        await self._scene.servers.postgres.start()
        await self._scene.jobs.struck()
