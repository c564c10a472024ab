"""What we keep in Redis goes on by itself when Sentinels put another server in the place of one that is gone."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from signal import SIGKILL
from uuid import uuid4

import pytest
from arq.connections import ArqRedis

from app import tasks
from app.channels import Channel
from app.embedded import binaries
from app.embedded.errors import EmbeddedError
from app.jobs import queue
from tests.support import sentinels, valkey
from tests.support.sentinels import Watched
from tests.support.waiting import until

RETRY_SECONDS = 0.1


@pytest.fixture(params=["Redis", "Valkey"])
async def watched(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Watched]:
    try:
        server = valkey.server() if request.param == "Valkey" else binaries.ensure(tmp_path).redis_server
    except EmbeddedError as error:
        pytest.skip(f"nobody looked at {request.param}: {error}")
    async with sentinels.watching(server) as started:
        yield started


@pytest.fixture
async def through(watched: Watched) -> AsyncIterator[ArqRedis]:
    redis = queue.create_redis(watched.url)
    yield redis
    await redis.aclose(close_connection_pool=True)


@contextlib.asynccontextmanager
async def heard(channel: Channel[str]) -> AsyncIterator[list[str]]:
    """Listen as processes do, again and again, to a channel."""
    told: list[str] = []

    async def hear(message: str) -> None:
        told.append(message)

    async def listen() -> None:
        await channel.listen(hear)

    listening = asyncio.create_task(tasks.repeat(listen, RETRY_SECONDS))
    yield told
    await tasks.end([listening])


async def is_heard(channel: Channel[str], told: list[str], message: str) -> bool:
    await channel.announce(message)
    return message in told


async def test_wake_ups_and_news_go_on_through_the_server_that_is_the_master_then(
    watched: Watched, through: ArqRedis
) -> None:
    wake_ups, channel, job_id = queue.ArqWakeUps(through), Channel[str](through, "tests:news", str), uuid4()
    old = await watched.master()
    async with heard(channel) as told:
        await until(lambda: is_heard(channel, told, "before"))
        watched.end(old, SIGKILL)
        await wake_ups.wake(uuid4())  # which is lost, and raises nothing
        await until(lambda: is_heard(channel, told, "after"))
    assert await watched.master() != old
    await wake_ups.wake(job_id, 2)
    assert (await wake_ups.waiting())[job_id] == 2


async def test_who_listens_to_a_server_that_stands_still_goes_to_the_one_in_its_place(
    watched: Watched, through: ArqRedis
) -> None:
    channel = Channel[str](through, "tests:news", str)
    async with heard(channel) as told:
        await until(lambda: is_heard(channel, told, "before"))
        watched.freeze(await watched.master())
        await until(lambda: is_heard(channel, told, "after"))
