from playwright.async_api import Browser, Page, expect

from tests.browser.browsers import SESSION_ENDED, WIDE, Browsers
from tests.browser.forms import sign_in
from tests.e2e.shared_system import SharedSystem
from tests.support.people import PASSWORD


async def test_who_signs_in_finds_what_the_address_says(stranger: Page) -> None:
    await stranger.goto("/jobs?status=running")
    await expect(stranger).to_have_title("Sign in · Bulkhead")
    await sign_in(stranger, "admin")
    await expect(stranger.get_by_role("heading", name="Jobs", exact=True)).to_be_visible()
    assert stranger.url.endswith("/jobs?status=running")


async def test_a_wrong_password_is_told_in_the_servers_words_and_what_was_typed_stays(
    browsers: Browsers, stranger: Page
) -> None:
    browsers.allow("401 .*/api/session$")
    await stranger.goto("/")
    await sign_in(stranger, "admin", "wrong")
    await expect(stranger.get_by_role("alert")).to_contain_text("password")
    await expect(stranger.get_by_label("User name or e-mail")).to_have_value("admin")
    await sign_in(stranger, "admin", PASSWORD)
    await expect(stranger.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()


async def test_who_comes_back_is_signed_in_and_who_signs_out_is_not(stranger: Page, browsers: Browsers) -> None:
    browsers.allow(SESSION_ENDED)
    await stranger.goto("/")
    await sign_in(stranger, "admin")
    await expect(stranger.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
    async with stranger.expect_response("**/api/views?*"):
        await stranger.reload()
    await expect(stranger.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
    await stranger.get_by_role("button", name="admin").click()
    await stranger.get_by_role("menuitem", name="Sign out").click()
    await expect(stranger).to_have_title("Sign in · Bulkhead")
    await stranger.go_back()
    await stranger.reload()
    await expect(stranger).to_have_title("Sign in · Bulkhead")


async def test_a_console_that_cannot_be_fetched_says_so_and_can_be_loaded_again(
    browsers: Browsers, admin: Page
) -> None:
    browsers.allow("net::ERR_FAILED .*/assets/app-")
    await admin.route("**/assets/app-*.js", lambda route: route.abort())
    await admin.goto("/jobs")
    await expect(admin.get_by_role("alert")).to_contain_text("could not be fetched")
    await admin.unroute("**/assets/app-*.js")
    await admin.get_by_role("button", name="Load again").click()
    await expect(admin.get_by_role("heading", name="Jobs", exact=True)).to_be_visible()


async def test_a_browser_that_is_lent_again_knows_nothing_of_who_had_it_before(
    browser: Browser, shared: SharedSystem
) -> None:
    spare: list[Page] = []
    before, after = (Browsers(browser, shared.system.url, spare) for _ in range(2))
    page = await before.open("admin", width=500, colors="dark")
    await page.goto("/jobs")
    await expect(page.get_by_role("heading", name="Jobs", exact=True)).to_be_visible()
    await page.evaluate("localStorage.mine = sessionStorage.mine = 'draft'")
    await page.route("**/*", lambda route: route.abort())
    await before.close()

    assert await after.open() is page
    assert await page.context.cookies() == []
    await page.goto("/jobs")
    await expect(page).to_have_title("Sign in · Bulkhead")
    left = "[localStorage.mine, sessionStorage.mine, innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]"
    assert await page.evaluate(left) == [None, None, WIDE, False]
    await after.close()
    await page.context.close()
