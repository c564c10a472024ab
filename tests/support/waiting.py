import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

T = TypeVar("T")

SOON = 0.02


@overload
async def until(condition: Callable[[], Awaitable[T | None]], *, seconds: float = 30, every: float = SOON) -> T: ...


@overload
async def until(condition: Callable[[], T | None], *, seconds: float = 30, every: float = SOON) -> T: ...


async def until(condition: Callable[[], object], *, seconds: float = 30, every: float = SOON) -> object:
    """Wait until `condition` gives something true, and return that; fail after `seconds`."""
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            value = await found if inspect.isawaitable(found) else found
            if value:
                return value
            await asyncio.sleep(every)
