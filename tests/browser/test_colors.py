from typing import get_args

from playwright.async_api import Page, expect

from tests.browser.browsers import Browsers, Colors
from tests.e2e.shared_system import SharedSystem
from tests.support.waiting import until

BACKGROUND = "getComputedStyle(document.body).backgroundColor"
ACCENT = """
() => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = "var(--accent)";
  return getComputedStyle(probe).color;
}
"""


async def becomes_dark(page: Page, *, dark: bool = True) -> None:
    async def is_so() -> bool:
        color: str = await page.evaluate(BACKGROUND)
        return dark == all(int(part) < 64 for part in color.removeprefix("rgb(").removesuffix(")").split(","))

    await until(is_so)


async def test_words_that_can_be_pressed_have_the_accent_in_the_dark_too(
    shared: SharedSystem, browsers: Browsers
) -> None:
    await shared.tickets(1)  # without any, there is nothing to choose among
    for colors in get_args(Colors):
        page = await browsers.open("admin", colors=colors)
        await page.goto("/tickets")
        views = page.get_by_role("button", name="Views")
        await expect(views).to_have_css("color", await page.evaluate(ACCENT))


async def test_the_colors_are_those_of_the_system_until_others_are_chosen(browsers: Browsers) -> None:
    page = await browsers.open("admin", colors="dark")
    await page.goto("/tickets")
    await expect(page.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
    await becomes_dark(page)
    await page.emulate_media(color_scheme="light")
    await becomes_dark(page, dark=False)
    await page.get_by_role("button", name="admin").click()
    await page.get_by_role("menuitemradio", name="Dark").click()
    await becomes_dark(page)
    await page.reload()
    await expect(page.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
    await becomes_dark(page)
