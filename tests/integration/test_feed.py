import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from arq.connections import ArqRedis

from app import tasks
from app.jobs import events
from app.jobs.announcer import RedisAnnouncer
from app.jobs.feed import Feed
from app.jobs.models import Job
from tests.support.channel import is_subscribed_to
from tests.support.waiting import until
from tests.support.workbench import Workbench


class Watched:
    """A feed, and what it sent."""

    def __init__(self, bench: Workbench, redis: ArqRedis) -> None:
        self.sent: list[events.Event] = []
        self.feed = Feed(bench.engine, redis, self._send)

    async def _send(self, event: events.Event) -> None:
        self.sent.append(event)

    def of(self, job_id: UUID) -> list[tuple[str, int]]:
        return [(event.name, event.payload.seq) for event in self.sent if event.payload.job_id == job_id]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        loops = [asyncio.create_task(loop) for loop in self.feed.loops()]
        yield
        await tasks.end(loops)


@pytest.fixture
def watched(bench: Workbench, redis: ArqRedis) -> Watched:
    return Watched(bench, redis)


async def a_job(bench: Workbench) -> Job:
    return await bench.submit(await bench.tickets(25))


async def test_what_workers_announce_is_sent(bench: Workbench, redis: ArqRedis, watched: Watched) -> None:
    announcer = RedisAnnouncer(redis)
    async with watched.running():
        await until(lambda: is_subscribed_to(redis))
        job = await a_job(bench)
        await bench.lanes().run(job.id)
        for event in bench.announcer.events:
            await announcer.announce(event)
        await until(lambda: watched.of(job.id)[-1:] == [("jobs:completed", 5)])
    seqs = [seq for _, seq in watched.of(job.id)]
    assert seqs == sorted(set(seqs))


async def test_what_redis_lost_comes_from_postgres(bench: Workbench, watched: Watched) -> None:
    job = await a_job(bench)
    await watched.feed.resync()
    await bench.lanes(slice_seconds=0).run(job.id)
    await watched.feed.resync()
    await watched.feed.tick()
    await bench.lanes().run(job.id)
    await watched.feed.resync()
    await watched.feed.resync()
    assert watched.of(job.id) == [("jobs:created", 1), ("jobs:progress", 3), ("jobs:completed", 5)]


async def test_an_end_is_found_however_long_ago_its_clock_says_it_was(bench: Workbench, watched: Watched) -> None:
    job = await a_job(bench)
    await watched.feed.resync()
    await bench.lanes().run(job.id)
    await bench.execute("update jobs set finished_at = now() - interval '1 year'")
    await watched.feed.resync()
    assert watched.of(job.id)[-1] == ("jobs:completed", 5)


async def test_what_is_late_or_said_twice_is_dropped(bench: Workbench, watched: Watched) -> None:
    job = await a_job(bench)
    await bench.lanes().run(job.id)
    for event in [*bench.announcer.events[::-1], *bench.announcer.events]:
        await watched.feed.offer(event)
        await watched.feed.tick()
    assert watched.of(job.id) == [("jobs:completed", 5)]


async def test_one_who_asks_is_told_the_newest_even_if_the_database_was_read_before(
    bench: Workbench, watched: Watched
) -> None:
    job = await a_job(bench)
    await bench.lanes().run(job.id)
    for event in bench.announcer.events:
        await watched.feed.offer(event)
    [payload] = await watched.feed.newest([job])
    assert (payload.status, payload.seq) == ("completed", 5)


async def test_an_ended_job_is_forgotten_when_it_can_no_longer_turn_up(bench: Workbench, watched: Watched) -> None:
    job = await a_job(bench)
    await bench.lanes().run(job.id)
    await watched.feed.resync()
    await bench.execute("update jobs set finished_at = now() - interval '1 year'")
    await watched.feed.resync()
    await watched.feed.resync()
    assert watched.of(job.id) == [("jobs:completed", 5)]
    assert watched.feed._news.newest(job.id) is None
