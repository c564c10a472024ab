"""What one API process tells its sockets of jobs: what Redis brings, and from Postgres whatever Redis lost."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Final

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from app import tracing
from app.jobs import events, store
from app.jobs.announcer import RedisAnnouncer
from app.jobs.models import Job
from app.jobs.news import News
from app.metrics import FEED_LAG, FEED_RESYNCS
from app.tasks import repeat

TICK_SECONDS = 0.1
RESYNC_SECONDS = 1.0
RECONNECT_SECONDS = 0.5
OLD: Final = timedelta(minutes=1)  # far less than what `store.in_motion` takes for lately

Send = Callable[[events.Event], Awaitable[None]]


class Feed:
    def __init__(self, engine: AsyncEngine, redis: Redis, send: Send) -> None:
        self._engine = engine
        self._announced = RedisAnnouncer(redis)
        self._send = send
        self._news = News()
        self._since = datetime.now(UTC)
        self._sending = asyncio.Lock()  # what is newer must not overtake what is older

    def loops(self) -> list[Coroutine[None, None, None]]:
        """Return what has to run, side by side, as long as there are sockets to feed."""
        return [
            repeat(self.listen, RECONNECT_SECONDS),
            repeat(self.tick, TICK_SECONDS),
            repeat(self.resync, RESYNC_SECONDS),
        ]

    @contextlib.asynccontextmanager
    async def standing_still(self) -> AsyncIterator[News]:
        """Send nothing as long as the context lasts.

        Who is told the latest news in it, and enters the rooms they go to, hears each event from then on, and once.
        """
        async with self._sending:
            yield self._news

    async def newest(self, jobs: Sequence[Job]) -> list[events.Payload]:
        """Return the newest known of these jobs; what is sent once the caller awaits again is never older.

        So a client that is told this, and then enters the jobs' rooms, misses nothing and never sees a step back. It
        may hear the same once more: progress that waits for the next tick is among what is known.
        """
        for job in jobs:
            if not _is_old(job):
                await self.offer(events.of(job))
        return [self._news.newest(job.id) or events.payload_of(job) for job in jobs]

    async def offer(self, event: events.Event) -> None:
        """Send `event` if it is news: now, or at the next tick."""
        async with self._sending:
            news = self._news.offer(event)
            if news is not None:
                await self._tell(news)

    async def listen(self) -> None:
        """Offer what others announce, until Redis goes away."""
        await self._announced.listen(self.offer)

    async def tick(self) -> None:
        async with self._sending:
            for event in self._news.take_held():
                await self._tell(event)

    async def resync(self) -> None:
        """Offer every job in motion as Postgres has it."""
        ended_before = self._news.ended()
        async with self._engine.connect() as connection:
            jobs = await store.in_motion(connection, self._news.unfinished())
        for job in jobs:
            await self.offer(events.of(job))
        self._news.forget(ended_before - {job.id for job in jobs})
        FEED_RESYNCS.inc()

    async def _tell(self, event: events.Event) -> None:
        is_new = event.payload.at >= self._since  # what is older than this feed was told by others
        with _traced(event) if is_new else contextlib.nullcontext():
            await self._send(event)
        if is_new:
            FEED_LAG.observe(max((datetime.now(UTC) - event.payload.at).total_seconds(), 0))


def _traced(event: events.Event) -> AbstractContextManager[object]:
    if event.traceparent is None:
        return contextlib.nullcontext()
    about: tracing.Attributes = {"bulkhead.job.id": str(event.payload.job_id), "bulkhead.job.seq": event.payload.seq}
    return tracing.span(event.name, kind="producer", parent=event.traceparent, attributes=about)


def _is_old(job: Job) -> bool:
    """Tell whether everyone has been told of a job's end long ago: to them it would be no news, but a second end."""
    return job.finished_at is not None and datetime.now(UTC) - job.finished_at > OLD
