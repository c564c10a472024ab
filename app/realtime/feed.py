"""What one API process sends its sockets: news from Redis at once, and from Postgres whatever Redis lost."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence

import msgspec
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from app.jobs import events, store
from app.jobs.models import Job
from app.realtime.news import News
from app.tasks import repeat

TICK_SECONDS = 0.1
RESYNC_SECONDS = 1.0
RECONNECT_SECONDS = 0.5

Send = Callable[[events.Event], Awaitable[None]]


class Feed:
    def __init__(self, engine: AsyncEngine, redis: Redis, send: Send) -> None:
        self._engine = engine
        self._redis = redis
        self._send = send
        self._news = News()
        self._sending = asyncio.Lock()  # what is newer must not overtake what is older
        self._decoder = msgspec.msgpack.Decoder(events.Event)

    def loops(self) -> list[Coroutine[None, None, None]]:
        """Return what has to run, side by side, as long as there are sockets to feed."""
        return [
            repeat(self.listen, RECONNECT_SECONDS),
            repeat(self.tick, TICK_SECONDS),
            repeat(self.resync, RESYNC_SECONDS),
        ]

    async def newest(self, jobs: Sequence[Job]) -> list[events.Payload]:
        """Return the newest known of these jobs; what is sent once the caller awaits again is never older.

        So one who is told this, and then enters the jobs' rooms, misses nothing and never sees a step back.
        """
        for job in jobs:
            await self.offer(events.of(job))
        return [self._news.newest(job.id) or events.payload_of(job) for job in jobs]

    async def offer(self, event: events.Event) -> None:
        """Send `event` if it is news, progress at the next tick."""
        async with self._sending:
            news = self._news.offer(event)
            if news is not None:
                await self._send(news)

    async def listen(self) -> None:
        """Offer what others announce, until Redis goes away."""
        async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(events.CHANNEL)
            while True:
                message = await channel.get_message(timeout=RESYNC_SECONDS)
                if message is not None:
                    await self.offer(self._decoder.decode(message["data"]))

    async def tick(self) -> None:
        async with self._sending:
            for event in self._news.take_held():
                await self._send(event)

    async def resync(self) -> None:
        """Offer every job in motion as Postgres has it."""
        ended_before = self._news.ended()
        async with self._engine.connect() as connection:
            jobs = await store.in_motion(connection, self._news.unfinished())
        for job in jobs:
            await self.offer(events.of(job))
        self._news.forget(ended_before - {job.id for job in jobs})
