from collections.abc import AsyncIterator
from typing import Any, cast
from uuid import UUID

import fakeredis
import msgspec
import pytest
from structlog.testing import capture_logs

from app.jobs import events
from app.jobs.announcer import RedisAnnouncer
from app.jobs.status import Status
from tests.support.samples import event, job

PARENT = UUID("01980000-0000-7000-8000-0000000000ff")


@pytest.fixture
def server() -> fakeredis.FakeServer:
    return fakeredis.FakeServer()


@pytest.fixture
async def redis(server: fakeredis.FakeServer) -> AsyncIterator[fakeredis.FakeAsyncRedis]:
    redis = fakeredis.FakeAsyncRedis(server=server)
    yield redis
    await redis.aclose(close_connection_pool=True)


async def published_by(redis: fakeredis.FakeAsyncRedis, told: events.Event) -> bytes:
    async with redis.pubsub(ignore_subscribe_messages=True) as channel:
        await channel.subscribe(events.CHANNEL)
        await RedisAnnouncer(redis).announce(told)
        message = None
        while message is None:
            message = await channel.get_message(timeout=1)
    data: bytes = message["data"]
    return data


@pytest.mark.parametrize("status", Status)
async def test_what_is_published_decodes_to_the_event(redis: fakeredis.FakeAsyncRedis, status: Status) -> None:
    told = event(7, status, succeeded=3, failed=1)
    data = await published_by(redis, told)
    assert msgspec.msgpack.decode(data, type=events.Event) == told


async def test_an_event_with_a_name_of_its_own_keeps_it(redis: fakeredis.FakeAsyncRedis) -> None:
    told = events.of(job(), "jobs:resumed")
    decoded = msgspec.msgpack.decode(await published_by(redis, told), type=events.Event)
    assert decoded.name == "jobs:resumed"


async def test_that_nobody_listens_is_no_error(redis: fakeredis.FakeAsyncRedis) -> None:
    with capture_logs() as lines:
        await RedisAnnouncer(redis).announce(event(1))
    assert lines == []


async def test_an_announcement_that_redis_does_not_take_is_logged_and_not_raised(
    server: fakeredis.FakeServer, redis: fakeredis.FakeAsyncRedis
) -> None:
    server.connected = False
    with capture_logs() as lines:
        await RedisAnnouncer(redis).announce(event(1))
    assert [(line["event"], line["channel"]) for line in lines] == [("announcement_lost", events.CHANNEL)]


@pytest.mark.parametrize("error", [OSError("no route"), TimeoutError()])
async def test_a_network_that_fails_is_logged_and_not_raised(error: Exception) -> None:
    class BrokenRedis:
        async def publish(self, channel: str, message: bytes) -> int:
            raise error

    with capture_logs() as lines:
        await RedisAnnouncer(cast(Any, BrokenRedis())).announce(event(1))
    assert [line["error"] for line in lines] == [type(error).__name__]


def test_an_event_goes_to_its_owner_the_admins_and_who_watches_the_job() -> None:
    told = event(1)
    assert told.rooms == [f"user:{told.owner_id}", "admins", f"job:{told.payload.job_id}"]


def test_who_watches_a_job_learns_of_its_retry_or_undo() -> None:
    told = event(1, parent_job_id=PARENT)
    assert told.rooms[-1] == f"job:{PARENT}"


def test_clients_see_a_payload_in_camel_case_with_absolute_figures() -> None:
    seen = msgspec.to_builtins(event(7, succeeded=3, failed=1).payload)
    assert list(seen) == [
        "jobId",
        "parentJobId",
        "type",
        "status",
        "progress",
        "total",
        "processed",
        "succeeded",
        "failed",
        "unprocessed",
        "seq",
        "at",
        "ratePerSecond",
        "etaSeconds",
    ]
    assert (seen["processed"], seen["unprocessed"], seen["total"], seen["seq"]) == (4, 96, 100, 7)
