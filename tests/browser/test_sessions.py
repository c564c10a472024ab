"""What ends a session in the middle of work, and how one goes on."""

import httpx
from playwright.async_api import Page, expect

from tests.browser.browsers import SESSION_ENDED, Browsers, later
from tests.browser.forms import sign_in
from tests.e2e.shared_system import SharedSystem
from tests.support.http import http_client

REFRESH = "/api/session/refresh"


async def test_a_session_that_expires_in_mid_form_is_begun_anew_over_it_and_nothing_typed_is_lost(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    browsers.allow(SESSION_ENDED)
    await admin.goto("/tickets")
    await admin.get_by_role("button", name="New ticket").click()
    form = admin.get_by_role("dialog", name="New ticket")
    await form.get_by_label("Title").fill("Typed before the session ended")
    await shared.execute("delete from sessions")
    await form.get_by_role("button", name="Create").dispatch_event("click")  # the dialog may lie over it already
    again = admin.get_by_role("dialog", name="Sign in again")
    await expect(again).to_be_visible()
    await sign_in(admin, "admin")
    await expect(again).to_be_hidden()
    await expect(admin.get_by_text("Typed before the session ended").first).to_be_visible()
    assert await shared.rows("select count(*) from tickets where title like 'Typed before%'") == [(1,)]


async def test_a_token_that_was_stolen_and_used_ends_the_session_of_both(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    browsers.allow(SESSION_ENDED)
    await admin.goto("/tickets")
    await expect(admin.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
    [cookie] = await admin.context.cookies()
    async with http_client(shared.system.url) as thief:
        stolen = await thief.post(REFRESH, headers={"Cookie": f"refresh={cookie['value']}"})
        assert stolen.status_code == httpx.codes.OK
        await later(admin)
        await admin.get_by_role("link", name="Jobs").dispatch_event("click")  # the dialog may lie over it already
        await expect(admin.get_by_role("dialog", name="Sign in again")).to_be_visible()
        thief.cookies = stolen.cookies
        assert (await thief.post(REFRESH)).status_code == httpx.codes.UNAUTHORIZED
    await sign_in(admin, "admin")
    await expect(admin.get_by_role("heading", name="Jobs", exact=True)).to_be_visible()


async def test_two_tabs_renew_one_session_side_by_side(browsers: Browsers, admin: Page) -> None:
    other = await admin.context.new_page()
    for page in (admin, other):
        await page.goto("/tickets")
        await expect(page.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
    for page in (admin, other):
        await later(page)
        await page.get_by_role("link", name="Jobs").click()
        await expect(page.get_by_role("heading", name="Jobs", exact=True)).to_be_visible()
        await expect(page.get_by_role("status").filter(has_text="live")).to_be_visible()


async def test_who_signs_out_in_one_tab_is_asked_in_the_other(admin: Page, browsers: Browsers) -> None:
    browsers.allow(SESSION_ENDED)
    other = await admin.context.new_page()
    for page in (admin, other):
        await page.goto("/tickets")
    await admin.get_by_role("button", name="admin").click()
    await admin.get_by_role("menuitem", name="Sign out").click()
    await expect(admin).to_have_title("Sign in · Bulkhead")
    await expect(other.get_by_role("dialog", name="Sign in again")).to_be_visible()
