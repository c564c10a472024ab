"""Every screen and dialog: nothing for axe to find, in light and dark, and no sideways scrolling on a telephone."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from tests.browser import axe
from tests.browser.browsers import NARROW, Browsers
from tests.browser.screens import SCREENS, Shown, furnished
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
    page = await browsers.open("admin")
    await SCREENS[screen](page, shown)
    light = await axe.findings(page, axe_source)
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size({"width": NARROW, "height": 760})
    dark_and_narrow = await axe.findings(page, axe_source)
    assert (light, dark_and_narrow, await page.evaluate(OVERFLOWING)) == ([], [], [])


async def test_axe_finds_nothing_where_one_signs_in(stranger: Page, axe_source: str) -> None:
    await stranger.goto("/")
    await stranger.get_by_label("Password").wait_for()
    found = await axe.findings(stranger, axe_source)
    await stranger.emulate_media(color_scheme="dark")
    assert found + await axe.findings(stranger, axe_source) == []
