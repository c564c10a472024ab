from playwright.async_api import Page, expect

from tests.browser.browsers import Browsers

DARK = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every((part) => part < 64)"


async def is_dark(page: Page) -> None:
    await page.wait_for_function(DARK)


async def is_light(page: Page) -> None:
    await page.wait_for_function(f"!{DARK}")


async def test_the_colors_are_those_of_the_system_until_others_are_chosen(browsers: Browsers) -> None:
    page = await browsers.open("admin", colors="dark")
    await page.goto("/tickets")
    await expect(page.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
    await is_dark(page)
    await page.emulate_media(color_scheme="light")
    await is_light(page)
    await page.get_by_role("button", name="admin").click()
    await page.get_by_role("menuitemradio", name="Dark").click()
    await is_dark(page)
    await page.reload()
    await expect(page.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
    await is_dark(page)
