"""How many rows match what a list is asked for, where they are too many to be counted each time."""

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Final

from app.database import COUNT_LIMIT

KEEP_SECONDS: Final = 1.0
MOST_KEPT: Final = 1_024


class Counts:
    """Remembers for a moment what was more than COUNT_LIMIT: nobody is told the number, only that it is more.

    Smaller counts are exact, and so counted anew: whoever has just added a row looks for it in them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._many_until: dict[Hashable, float] = {}

    async def get(self, what: Hashable, count: Callable[[], Awaitable[int]]) -> int:
        """Return the count of `what`, or COUNT_LIMIT + 1 if it was more than that a moment ago."""
        if self._many_until.get(what, 0.0) > self._clock():
            return COUNT_LIMIT + 1
        counted = await count()
        if counted > COUNT_LIMIT:
            self._remember(what)
        return counted

    def _remember(self, what: Hashable) -> None:
        self._many_until.pop(what, None)
        self._many_until[what] = self._clock() + KEEP_SECONDS
        if len(self._many_until) > MOST_KEPT:
            self._many_until.pop(next(iter(self._many_until)))
