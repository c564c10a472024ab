import asyncio
from collections.abc import Iterable

CANCEL_AGAIN_SECONDS = 0.1


async def end(tasks: "Iterable[asyncio.Task[None]]") -> None:
    """Cancel tasks and wait until they have ended.

    Once is not always enough: redis-py looks at a connection within `asyncio.timeout(0)`, which swallows a
    cancellation that came just before (https://github.com/python/cpython/issues/134471).
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=CANCEL_AGAIN_SECONDS)
