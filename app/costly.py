"""Reads that keep Postgres busy for long: previews, exports, summaries, searches."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.errors import TooManyRequests

AT_ONCE: Final = 2  # of one user, in one process
PATIENCE_SECONDS: Final = 2.0
RETRY_AFTER_SECONDS: Final = 2

Found = TypeVar("Found")
Work = Callable[[AsyncConnection], Awaitable[Found]]


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

    async def read(self, user_id: UUID, work: Work[Found], *, is_begun: bool = False) -> Found:
        """Do what reads alone, and again from the beginning where that fails; in a user's turn, as `turn` says."""
        async with self.turn(user_id, is_begun=is_begun):
            return await self.over(work)

    async def over(self, work: Work[Found]) -> Found:
        async with self.engine.connect() as connection:
            return await work(connection)

    async def read_beside(self, connection: AsyncConnection, work: Work[Found]) -> Found:
        """Do what reads alone in nobody's turn: over the connection at hand, unless there is one to another server."""
        return await work(connection)

    @contextlib.asynccontextmanager
    async def connect(self, user_id: UUID) -> AsyncIterator[AsyncConnection]:
        """Open a connection for what must be of this moment, in a user's turn, as `turn` says."""
        async with self.turn(user_id), self.engine.connect() as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def turn(self, user_id: UUID, *, is_begun: bool = False) -> AsyncIterator[None]:
        """Wait until this user has not `at_once` under way already.

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
            yield
        finally:
            turns.release()
