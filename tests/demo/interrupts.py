"""Ctrl-C, where a library could lose it."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import TypeVar

from app import tasks

T = TypeVar("T")


def run(work: Coroutine[None, None, T]) -> T:
    """Do as `asyncio.run` does, but end the work for sure when Ctrl-C is pressed, and raise KeyboardInterrupt then.

    `asyncio.run` cancels its task only once, and a cancellation can get lost in a library (see `tasks.end`).
    """
    ended = asyncio.run(_until_interrupted(work))
    if ended is None:
        raise KeyboardInterrupt
    return ended.result()


async def _until_interrupted(work: Coroutine[None, None, T]) -> "asyncio.Task[T] | None":
    interrupted = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupted.set)
    working, waiting = asyncio.create_task(work), asyncio.create_task(interrupted.wait())
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    is_done = working.done()
    await tasks.end([working, waiting])
    return working if is_done else None
