"""Every screen and dialog: nothing for axe to find, in light and dark, and no sideways scrolling on a telephone."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from tests.browser import axe
from tests.browser.browsers import NARROW, Browsers
from tests.browser.screens import MEANT, SCREENS, Shown, few_tickets, furnished
from tests.e2e.shared_system import SharedSystem

OVERFLOWING = """
() => {
  const width = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > width + 1);
  const scrolls = document.documentElement.scrollWidth > width || document.body.scrollWidth > width;
  return scrolls ? ["sideways:", ...wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120))] : [];
}
"""


@pytest.fixture(scope="module")
async def shown(shared: SharedSystem) -> AsyncIterator[Shown]:
    async with furnished(shared) as shown:
        yield shown


@pytest.fixture(scope="module")
def axe_source(shared: SharedSystem, tmp_path_factory: pytest.TempPathFactory) -> str:
    return axe.installed(tmp_path_factory.mktemp("axe") / "package")


@pytest.mark.parametrize("screen", SCREENS)
async def test_axe_finds_nothing_in_light_nor_in_dark_and_narrow_where_nothing_scrolls_sideways(
    browsers: Browsers, shown: Shown, axe_source: str, screen: str
) -> None:
    browsers.allow(MEANT)
    page = await browsers.open("admin")
    await SCREENS[screen](page, shown)
    light = await axe.findings(page, axe_source)
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size({"width": NARROW, "height": 760})
    dark_and_narrow = await axe.findings(page, axe_source)
    assert (light, dark_and_narrow, await page.evaluate(OVERFLOWING)) == ([], [], [])


async def test_axe_finds_nothing_in_what_the_filters_open(browsers: Browsers, shown: Shown, axe_source: str) -> None:
    page = await browsers.open("admin")
    await few_tickets(page, shown)
    bar = page.get_by_role("group", name="Filter")
    found = []
    for name in ("Any status", "Any type", "Any priority", "Any assignee", "Due", "Tags", "Created", "Views"):
        await bar.get_by_role("button", name=name).click()
        popover = page.get_by_role("dialog", name=name)
        await expect(popover.locator("input").or_(popover.get_by_text("All open")).first).to_be_visible()
        found += await axe.findings(page, axe_source)
        await page.keyboard.press("Escape")
        await expect(popover).to_be_hidden()
    await page.set_viewport_size({"width": NARROW, "height": 760})  # where all of them are in one sheet
    await bar.get_by_role("button", name="Filters").click()
    await expect(page.get_by_role("dialog", name="Filters").get_by_label("Order")).to_be_visible()
    assert (found, await in_light_and_dark(page, axe_source), await page.evaluate(OVERFLOWING)) == ([], [], [])


async def in_light_and_dark(page: Page, axe_source: str) -> list[str]:
    await page.emulate_media(color_scheme="light")
    light = await axe.findings(page, axe_source)
    await page.emulate_media(color_scheme="dark")
    return light + await axe.findings(page, axe_source)
