"""A worker looks into the queue when it is called, long before its next poll."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from arq.connections import ArqRedis

from app.jobs import queue
from app.jobs.queue import ArqWakeUps
from tests.support.waiting import until
from worker import consumer, main


class Noted:
    """In place of lanes: which jobs they were run for."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.job_ids: list[UUID] = []

    async def run(self, job_id: UUID) -> None:
        self.job_ids.append(job_id)


@pytest.fixture
async def lanes(monkeypatch: pytest.MonkeyPatch, redis: ArqRedis) -> AsyncIterator[Noted]:
    monkeypatch.setattr(consumer, "POLL_SECONDS", 600)
    lanes = Noted()
    taking = consumer.Consumer(redis, main.JOBS, lanes.run, lanes=2, lane_seconds=10, stop=lanes.stop)
    working = asyncio.create_task(taking.consume())
    yield lanes
    lanes.stop.set()
    await working


async def test_a_worker_that_is_called_does_not_wait_for_its_next_poll(lanes: Noted, redis: ArqRedis) -> None:
    await until(lambda: is_listening(redis))
    job_ids = [uuid4(), uuid4()]
    for job_id in job_ids:
        await ArqWakeUps(redis).wake(job_id)
    await until(lambda: lanes.job_ids == job_ids)


async def test_it_listens_again_after_its_connection_was_lost(lanes: Noted, redis: ArqRedis) -> None:
    await until(lambda: is_listening(redis))
    await redis.client_kill_filter(_type="pubsub")
    await until(lambda: is_listening(redis))
    await ArqWakeUps(redis).wake(job_id := uuid4())
    await until(lambda: lanes.job_ids == [job_id])


async def is_listening(redis: ArqRedis) -> bool:
    [(_, listeners)] = await redis.pubsub_numsub(queue.CALLS)
    return bool(listeners)
