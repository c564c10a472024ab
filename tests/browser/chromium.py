"""The Chromium of this machine, driven by Playwright."""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator

from playwright.async_api import Browser, async_playwright, expect

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the lightest first
AS_ROOT = ["--no-sandbox"] if os.geteuid() == 0 else []  # it would not start as root with one
NO_GPU = "--disable-gpu"  # where there is none, one in software takes a fifth of the CPU
UNOPTIMIZED = "--js-flags=--no-opt --no-maglev"  # no page lives for long enough to gain from it
PATIENCE_MS = 10_000  # much on a busy machine; nothing waits for longer than it has to


def path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextlib.asynccontextmanager
async def launched(executable_path: str) -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        switches = [*AS_ROOT, NO_GPU, UNOPTIMIZED]
        browser = await playwright.chromium.launch(executable_path=executable_path, args=switches)
        yield browser
        await browser.close()
