"""Reads that keep Postgres busy for long: previews, exports, summaries, searches."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.errors import TooManyRequests

AT_ONCE: Final = 2  # of one user, in one process
PATIENCE_SECONDS: Final = 2.0
RETRY_AFTER_SECONDS: Final = 2


class CostlyReads:
    """Opens connections for costly reads, few to each user, and from a pool of their own.

    So one user's reads hold up neither other users nor requests that are answered in a moment.
    """

    def __init__(
        self, engine: AsyncEngine, *, at_once: int = AT_ONCE, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self.engine = engine
        self._at_once = at_once
        self._patience_seconds = patience_seconds
        self._turns: WeakValueDictionary[UUID, asyncio.Semaphore] = WeakValueDictionary()  # of those who read or wait

    @contextlib.asynccontextmanager
    async def connect(self, user_id: UUID, *, is_begun: bool = False) -> AsyncIterator[AsyncConnection]:
        """Open a connection, as soon as this user has not `at_once` already.

        is_begun: the answer is under way and cannot be a refusal any more, so this waits for as long as it takes.

        Raises:
            TooManyRequests: the user's other reads went on for longer than `patience_seconds`.
        """
        turns = self._turns.setdefault(user_id, asyncio.Semaphore(self._at_once))
        try:
            async with asyncio.timeout(None if is_begun else self._patience_seconds):
                await turns.acquire()
        except TimeoutError as error:
            detail = f"You have {self._at_once} large reads under way; try again when one of them is done."
            raise TooManyRequests(RETRY_AFTER_SECONDS, detail) from error
        try:
            async with self.engine.connect() as connection:
                yield connection
        finally:
            turns.release()
