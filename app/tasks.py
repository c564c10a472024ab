"""Background tasks: how they go on in spite of trouble, and how they end."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog

from app.outages import is_unavailable

CANCEL_AGAIN_SECONDS = 0.1

log = structlog.get_logger(__name__)


async def repeat(step: Callable[[], Awaitable[None]], every_seconds: float) -> None:
    """Run `step` again and again until canceled: an outage, or a fault in one round, must not end the others."""
    while True:
        try:
            await step()
        except Exception as error:
            if is_unavailable(error):
                log.warning("step_interrupted", step=step.__qualname__, error=type(error).__name__)
            else:
                log.exception("step_failed", step=step.__qualname__)
        await asyncio.sleep(every_seconds)


async def end(tasks: "Iterable[asyncio.Task[Any]]") -> None:
    """Cancel tasks and wait until they have ended.

    Once is not always enough: redis-py looks at a connection within `asyncio.timeout(0)`, which swallows a
    cancellation that came just before (https://github.com/python/cpython/issues/134471).
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=CANCEL_AGAIN_SECONDS)
