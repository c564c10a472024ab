import asyncio
import contextlib

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy import exc
from structlog.testing import capture_logs

from app import tasks


@pytest.mark.parametrize(
    ("error", "event"),
    [
        (exc.TimeoutError("QueuePool limit"), "step_interrupted"),
        (RedisConnectionError(), "step_interrupted"),
        (ConnectionRefusedError(), "step_interrupted"),
        (TimeoutError(), "step_interrupted"),
        (ValueError("a fault of ours"), "step_failed"),
    ],
    ids=["pool", "redis", "refused", "timeout", "fault"],
)
async def test_a_step_that_fails_is_logged_and_tried_again(error: Exception, event: str) -> None:
    failures = [error, error]

    async def step() -> None:
        if failures:
            raise failures.pop()
        raise asyncio.CancelledError

    with capture_logs() as lines, contextlib.suppress(asyncio.CancelledError):
        await tasks.repeat(step, 0)
    assert [line["event"] for line in lines] == [event, event]


async def test_a_task_that_swallowed_its_cancellation_is_ended_all_the_same() -> None:
    swallowed = asyncio.Event()

    async def deaf_once() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            swallowed.set()
        await asyncio.get_running_loop().create_future()

    task = asyncio.create_task(deaf_once())
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await tasks.end([task])
    assert swallowed.is_set()
    assert task.cancelled()


async def test_tasks_that_have_ended_are_left_alone() -> None:
    async def fail() -> None:
        raise ValueError

    task = asyncio.create_task(fail())
    await asyncio.wait({task})
    await tasks.end([task])
    assert isinstance(task.exception(), ValueError)
    await tasks.end([])
