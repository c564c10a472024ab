"""Visits of an admin to the console, each with cookies and a cache of its own, and the jobs that they look at."""

import contextlib
import itertools
from collections.abc import AsyncIterator, Iterator

import msgspec
from playwright.async_api import Browser, BrowserContext

from tests.bench.databases import Database
from tests.bench.tickets import HALF
from tests.bench.watched_system import WatchedSystem
from tests.browser.browsers import WIDE, sign_in

PATIENCE_MS = 60_000


class Visits:
    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self._url = url

    @contextlib.asynccontextmanager
    async def begin(self, username: str | None = "admin") -> AsyncIterator[BrowserContext]:
        """Let a user come who is signed in, or a stranger."""
        context = await self.browser.new_context(base_url=self._url, viewport={"width": WIDE, "height": 900})
        context.set_default_timeout(PATIENCE_MS)
        try:
            if username:
                await sign_in(context, username)
            yield context
        finally:
            await context.close()


class Jobs:
    """Jobs that each change half of all tickets, so that the next has something to change again."""

    def __init__(self, system: WatchedSystem, database: Database) -> None:
        self.size = database.tagged(HALF)
        self._system = system
        self._priorities: Iterator[str] = itertools.cycle(["low", "high"])

    async def post(self, *, seconds: float | None = None) -> str:
        """Post one that goes as fast as it can, or takes so many seconds."""
        payload = {"filter": {"tags": HALF}, "priority": next(self._priorities)}
        pace = {"maxItemsPerSecond": round(self.size / seconds)} if seconds else {}
        _, job_id = await self._system.post(msgspec.json.encode({"type": "bulk-update", "payload": payload, **pace}))
        return job_id

    async def finish(self, job_id: str) -> None:
        done = await self._system.finish(job_id)
        assert done.payload["processed"] == self.size, done.payload
