"""The bulk dialog, as one comes to it and goes through it."""

import re

from playwright.async_api import Locator, Page, expect

from tests.browser.chromium import PATIENCE_MS

ALL_THAT_MATCH = re.compile("^Select all .*that match$")


async def select_all_that_match(page: Page) -> None:
    await page.get_by_role("checkbox", name="Select all on this page").check()
    await page.get_by_role("button", name=ALL_THAT_MATCH).click()


async def select_page(page: Page) -> None:
    await page.get_by_role("checkbox", name="Select all on this page").check()


async def opened(page: Page, action: str) -> Locator:
    """Open the dialog for what is selected."""
    await page.get_by_role("region", name="Selection").get_by_role("button", name=f"{action}…").click()
    dialog = page.get_by_role("dialog", name=re.compile(f"^{action} [0-9,]+ tickets?$"))
    await expect(dialog).to_be_visible()
    return dialog


async def confirm(dialog: Locator, order: str, *, typed: int | None = None) -> None:
    """Say why, type the number where that is asked for, and press the button that says what it does."""
    await dialog.get_by_label("Why?").fill("Spam of last night")
    if typed is not None:
        await dialog.get_by_label(f"To go on, type {typed}").fill(str(typed))
    await dialog.get_by_role("button", name=order, exact=True).click()


async def watch(page: Page, toast: str) -> None:
    """Follow a toast to its job."""
    await page.get_by_role("alert").filter(has_text=toast).get_by_role("button", name="Watch").click()


def bar(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("progressbar")


async def has_state(page: Page, word: str, *, timeout_ms: int = PATIENCE_MS) -> None:
    """Wait until a job's screen says how it is."""
    said = page.get_by_role("article").get_by_text(word, exact=True).first
    await expect(said).to_be_visible(timeout=timeout_ms)
