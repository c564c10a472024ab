"""Bulkhead at work on a database: an API and workers as processes, with an admin who asks and watches."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, NamedTuple

import anyio.to_thread
import msgspec
from redis.asyncio import Redis

from app.jobs import events
from tests.bench import socket
from tests.bench.databases import Database
from tests.bench.wire import Answer, Wire
from tests.support.people import PASSWORD
from tests.support.programs import Process
from tests.support.system import System

PATIENCE_SECONDS = 300
TERMINAL = {"completed", "failed", "canceled"}

Payload = dict[str, Any]


class Seen(NamedTuple):
    """An event and when it came, by time.perf_counter()."""

    at: float
    name: str
    payload: Payload


class Sightings:
    """Events in the order that they came."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Seen] = asyncio.Queue()

    def add(self, name: str, payload: Payload) -> None:
        self._queue.put_nowait(Seen(time.perf_counter(), name, payload))

    async def until(self, job_id: str, is_wanted: Callable[[Seen], bool]) -> Seen:
        """Return the first event of a job that is wanted; those before it are forgotten."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                seen = await self._queue.get()
                if seen.payload["jobId"] == job_id and is_wanted(seen):
                    return seen


class WatchedSystem:
    """`seen` is what one socket gets, `committed` what workers announce on Redis right after a commit."""

    def __init__(self, database: Database, system: System, wire: Wire, redis: Redis) -> None:
        self.database = database
        self.system = system
        self.wire = wire
        self.redis = redis
        self.seen = Sightings()
        self.committed = Sightings()
        self.api: Process
        self.worker: Process

    async def log_in(self) -> None:
        credentials = msgspec.json.encode({"username": "admin", "password": PASSWORD})
        self.wire.token = (await self.wire.post("/api/login", credentials)).json()["access_token"]

    async def post(self, body: bytes) -> tuple[Answer, str]:
        """Post a job; return the answer and the job's id."""
        answer = await self.wire.post("/api/jobs", body)
        assert answer.status == 202, answer.body
        return answer, answer.json()["id"]

    async def finish(self, job_id: str) -> Seen:
        seen = await self.seen.until(job_id, lambda seen: seen.payload["status"] in TERMINAL)
        assert seen.name == "jobs:completed", seen
        return seen

    async def warm_up(self) -> None:
        """Do a job with nothing in it to change, so that connections and caches are there."""
        unknown = "01980000-0000-7000-8000-000000000001"
        _, job_id = await self.post(request("bulk-delete", ticketIds=[unknown]))
        await self.finish(job_id)

    @contextlib.asynccontextmanager
    async def busy(self, tag: str) -> AsyncIterator[None]:
        """Keep a job running that updates all tickets with a tag, over and over."""
        task = asyncio.create_task(self._keep_busy(tag))
        try:
            await asyncio.sleep(1)  # until it is at full speed
            assert not task.done()
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _keep_busy(self, tag: str) -> None:
        wire = await Wire.connect(self.system.port, self.wire.token)
        priority = "low"
        while True:
            answer = await wire.post("/api/jobs", request("bulk-update", filter={"tags": tag}, priority=priority))
            path = f"/api/jobs/{answer.json()['id']}"
            while (await wire.get(path)).json()["status"] not in TERMINAL:  # noqa: ASYNC110 - another process's
                await asyncio.sleep(0.5)
            priority = "high" if priority == "low" else "low"


@contextlib.asynccontextmanager
async def running(database: Database, *, has_worker: bool = True, **environ: str) -> AsyncIterator[WatchedSystem]:
    """Start one API and one worker, as `manage.sh up` does, with a Redis that nobody has used."""
    redis = Redis.from_url(database.settings.redis_url)
    await redis.flushall()
    with tempfile.TemporaryDirectory(prefix="bulkhead-bench-logs-") as logs:
        system = System(database.settings, Path(logs), **environ)
        try:
            api = await system.start_api()
            watched = WatchedSystem(database, system, await Wire.connect(system.port), redis)
            watched.api = api
            await watched.log_in()
            async with _watching(watched):
                if has_worker:
                    watched.worker = system.start_worker()
                    await watched.warm_up()
                yield watched
        finally:
            await anyio.to_thread.run_sync(system.stop)
            await redis.aclose()


@contextlib.asynccontextmanager
async def _watching(watched: WatchedSystem) -> AsyncIterator[None]:
    def see(event: bytes) -> None:
        if event.startswith(b'["jobs:'):
            watched.seen.add(*msgspec.json.decode(event))

    watcher = await socket.connect(watched.system.port, watched.wire.token, see)
    async with watched.redis.pubsub(ignore_subscribe_messages=True) as channel:
        await channel.subscribe(events.CHANNEL)
        listening = asyncio.create_task(_listen(channel, watched.committed))
        try:
            yield
        finally:
            listening.cancel()
            watcher.close()


async def _listen(channel: Any, sightings: Sightings) -> None:
    async for message in channel.listen():
        event = msgspec.msgpack.decode(message["data"])
        sightings.add(event["name"], event["payload"])


def request(job_type: str, **payload: object) -> bytes:
    return msgspec.json.encode({"type": job_type, "payload": payload})
