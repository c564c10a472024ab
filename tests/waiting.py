import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(
    condition: Callable[[], Awaitable[T]] | Callable[[], T], *, seconds: float = 10, every: float = 0.02
) -> T:
    """Wait until `condition` holds and return what it gave; fail after `seconds`."""
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            value = await found if isinstance(found, Awaitable) else found
            if value:
                return value
            await asyncio.sleep(every)
