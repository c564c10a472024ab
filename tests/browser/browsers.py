"""Browsers of people at work, each with its own cookies; what goes wrong in one fails the test."""

import re
from typing import Literal

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Page, WebError

from tests.browser.chromium import PATIENCE_MS
from tests.support.people import PASSWORD

Colors = Literal["light", "dark"]

NO_SESSION = r"401 .*/api/session/refresh$"  # how a page learns that nobody is signed in
SESSION_ENDED = "401 .*/api/"  # whatever a page asks for, or still waits for, before it learns of that
WIDE, NARROW = 1440, 375
LATER_MS = 290_000  # a token of five minutes is renewed by then
PARKED = "/api/health"  # a page of the same origin, and so of the same process, with no script


class Browsers:
    """Those of one test. Whoever opens one finds it as if new, though it may have been lent before.

    So nothing may be changed in it that outlives a page: no clock, and no script that runs before the page's own.
    """

    def __init__(self, browser: Browser, url: str, spare: list[Page]) -> None:
        self._browser = browser
        self._url = url
        self._spare = spare
        self._lent: list[Page] = []
        self._allowed = [NO_SESSION]
        self._errors: list[str] = []

    async def open(self, username: str | None = None, *, width: int = WIDE, colors: Colors = "light") -> Page:
        """Open one; a user is signed in already, without having seen the form."""
        page = self._spare.pop() if self._spare else await self._new()
        self._lent.append(page)
        page.context.on("console", self._hear)
        page.context.on("weberror", self._hear_of)
        await shape(page, width, colors)
        if username:
            await sign_in(page.context, username)
        return page

    def allow(self, *patterns: str) -> None:
        """Expect errors like these: `503 .*/api/jobs`."""
        self._allowed += patterns

    async def close(self) -> None:
        for page in self._lent:
            if await is_as_new(page):
                self._spare.append(page)
            else:
                await page.context.close()
            page.context.remove_listener("console", self._hear)
            page.context.remove_listener("weberror", self._hear_of)
        unexpected = [error for error in self._errors if not any(re.search(one, error) for one in self._allowed)]
        assert not unexpected, "\n".join(unexpected)

    async def _new(self) -> Page:
        context = await self._browser.new_context(base_url=self._url, locale="en-US")
        context.set_default_timeout(PATIENCE_MS)
        return await context.new_page()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._errors.append(f"{message.text} {message.location['url']}")

    def _hear_of(self, error: WebError) -> None:
        self._errors.append(str(error.error))


async def shape(page: Page, width: int, colors: Colors) -> None:
    """Give a page its size and colors, which other tabs of its browser do not take over."""
    await page.set_viewport_size({"width": width, "height": 900})
    await page.emulate_media(color_scheme=colors, reduced_motion="reduce")


async def is_as_new(page: Page) -> bool:
    """Take from a browser what it knows, if it can be told to.

    A new one would start a process, and compile all scripts again: half of what a short test takes.
    """
    try:
        for other in page.context.pages:
            if other is not page:
                await other.close()
        await page.unroute_all()
        await page.goto(PARKED)
        devtools = await page.context.new_cdp_session(page)
        await devtools.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
        await devtools.send("Page.resetNavigationHistory")
        await devtools.detach()
    except Error:  # it was closed, or the API is away
        return False
    return True


async def sign_in(context: BrowserContext, username: str) -> None:
    answer = await context.request.post("/api/session", data={"username": username, "password": PASSWORD})
    assert answer.ok, await answer.text()


async def later(page: Page) -> None:
    """Let the page believe that its token is about to end, until it is loaded anew."""
    await page.evaluate("ms => { const { now } = Date; Date.now = () => now() + ms; }", LATER_MS)
