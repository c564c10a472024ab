"""Forms that several tests fill in."""

from playwright.async_api import Page

from tests.support.people import PASSWORD


async def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    await page.get_by_label("User name or e-mail").fill(username)
    await page.get_by_label("Password").fill(password)
    await page.get_by_label("Password").press("Enter")
