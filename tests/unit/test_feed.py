import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast

import msgspec

from app.jobs import events
from app.jobs.feed import Feed
from app.jobs.models import Job
from app.jobs.status import Status
from tests.support.samples import STARTED, event, job

Reading = Callable[[], Awaitable[list[Job]]]


class FakeDatabase:
    """Answers every statement with the jobs that `read` gives."""

    def __init__(self, read: Reading) -> None:
        self._read = read

    @contextlib.asynccontextmanager
    async def connect(self) -> AsyncIterator["FakeDatabase"]:
        yield self

    async def execute(self, _: object) -> list[tuple[Any, ...]]:
        return [msgspec.structs.astuple(found) for found in await self._read()]


def feed_on(read: Reading) -> tuple[Feed, list[events.Event]]:
    sent: list[events.Event] = []

    async def send(told: events.Event) -> None:
        sent.append(told)

    return Feed(cast(Any, FakeDatabase(read)), cast(Any, None), send), sent


async def nothing() -> list[Job]:
    return []


async def test_first_events_go_out_at_once_and_later_progress_with_the_tick() -> None:
    feed, sent = feed_on(nothing)
    first = [event(1, Status.QUEUED), event(2), event(3, succeeded=10)]
    later = [event(4, succeeded=20), event(5, succeeded=30)]
    for told in first + later:
        await feed.offer(told)
    assert sent == first
    await feed.tick()
    assert sent == [*first, later[-1]]


async def test_nothing_is_sent_while_the_feed_stands_still() -> None:
    feed, sent = feed_on(nothing)
    async with feed.standing_still() as news:
        offering = asyncio.create_task(feed.offer(event(1, Status.QUEUED)))
        await asyncio.wait([offering], timeout=0)
        assert news.latest() == sent == []
    await offering
    assert sent == [event(1, Status.QUEUED)]


async def test_the_end_of_a_job_of_long_ago_is_told_to_who_asks_and_to_nobody_else() -> None:
    feed, sent = feed_on(nothing)
    ended = job(status=Status.COMPLETED, finished_at=STARTED)
    assert await feed.newest([ended]) == [events.payload_of(ended)]
    assert sent == []


async def test_what_redis_lost_comes_from_postgres_and_only_once() -> None:
    ended = job(revision=9, status=Status.CANCELED)

    async def in_motion() -> list[Job]:
        return [ended]

    feed, sent = feed_on(in_motion)
    await feed.offer(event(1, Status.QUEUED))
    await feed.resync()
    await feed.offer(events.of(ended))
    await feed.resync()
    assert sent == [event(1, Status.QUEUED), events.of(ended)]


async def test_the_newest_of_a_job_is_what_was_announced_if_the_row_was_read_before() -> None:
    feed, _ = feed_on(nothing)
    await feed.offer(event(5))
    assert await feed.newest([job(revision=3)]) == [event(5).payload]
    assert await feed.newest([job(revision=6)]) == [event(6).payload]


async def test_the_end_of_a_job_that_lived_during_a_resync_is_told_once() -> None:
    """Posted and done after Postgres was read, and before the resync forgets what it did not find there."""
    ended = job(revision=3, status=Status.COMPLETED)
    found: list[Job] = []

    async def in_motion() -> list[Job]:
        snapshot = list(found)
        if not found:
            found.append(ended)
            await feed.offer(events.of(ended))
        return snapshot

    feed, sent = feed_on(in_motion)
    await feed.resync()
    await feed.resync()
    assert sent == [events.of(ended)]
