"""Browsers of people at work, each with its own cookies; what goes wrong in one fails the test."""

import re
import time
from typing import Literal

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.chromium import PATIENCE_MS
from tests.support.people import PASSWORD

NO_SESSION = r"401 .*/api/session/refresh$"  # how a page learns that nobody is signed in
WIDE, NARROW = 1440, 375
LATER_SECONDS = 290  # a token of 300 is renewed by then


class Browsers:
    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._contexts: list[BrowserContext] = []
        self._allowed = [NO_SESSION]
        self._errors: list[str] = []

    async def open(
        self, username: str | None = None, *, width: int = WIDE, colors: Literal["light", "dark"] = "light"
    ) -> Page:
        """Open one; a user is signed in already, without having seen the form."""
        context = await self._browser.new_context(
            base_url=self._url,
            viewport={"width": width, "height": 900},
            color_scheme=colors,
            reduced_motion="reduce",
            locale="en-US",
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._errors.append(str(error.error)))
        if username:
            await sign_in(context, username)
        return await context.new_page()

    def allow(self, *patterns: str) -> None:
        """Expect errors like these: `503 .*/api/jobs`."""
        self._allowed += patterns

    async def close(self) -> None:
        for context in self._contexts:
            await context.close()
        unexpected = [error for error in self._errors if not any(re.search(one, error) for one in self._allowed)]
        assert not unexpected, "\n".join(unexpected)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._errors.append(f"{message.text} {message.location['url']}")


async def sign_in(context: BrowserContext, username: str) -> None:
    answer = await context.request.post("/api/session", data={"username": username, "password": PASSWORD})
    assert answer.ok, await answer.text()


async def later(page: Page) -> None:
    """Let the page believe that its token is about to end."""
    await page.clock.set_fixed_time(time.time() + LATER_SECONDS)
