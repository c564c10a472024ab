"""What is refused for now says when to try again; reads do so by themselves."""

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser import bulk
from tests.browser.browsers import Browsers
from tests.e2e.shared_system import SharedSystem

PROBLEMS = {
    429: ("too_many_requests", "You have two of these under way."),
    503: ("unavailable", "The database cannot be reached at the moment."),
}


async def refuse_once(page: Page, url: str, method: str, status: int, seconds: int) -> None:
    """Refuse one call, as the API would in a plight that a test cannot put it in at the right moment."""
    code, detail = PROBLEMS[status]

    refused = False

    async def choose(route: Route) -> None:
        nonlocal refused
        if refused or route.request.method != method:
            await route.continue_()
            return
        refused = True
        await route.fulfill(
            status=status,
            json={"status": status, "code": code, "title": "Refused", "detail": detail, "requestId": "a-request"},
            headers={"Retry-After": str(seconds), "Content-Type": "application/problem+json"},
        )

    await page.route(url, choose)


@pytest.mark.parametrize("status", PROBLEMS)
async def test_a_read_that_is_refused_says_when_it_is_tried_again_and_is(
    shared: SharedSystem, browsers: Browsers, admin: Page, status: int
) -> None:
    browsers.allow(f"{status} .*/api/tickets")
    tag, _ = await shared.tickets(1)
    await refuse_once(admin, "**/api/tickets?*", "GET", status, 1)
    await admin.goto(f"/tickets?tags={tag}")
    await expect(admin.get_by_text(f"{PROBLEMS[status][1]} Trying again in 1 s")).to_be_visible()
    await expect(admin.get_by_role("table", name="Tickets")).to_be_visible()


@pytest.mark.parametrize("status", PROBLEMS)
async def test_a_job_that_is_refused_says_when_to_try_again(
    shared: SharedSystem, browsers: Browsers, admin: Page, status: int
) -> None:
    browsers.allow(f"{status} .*/api/jobs$")
    tag, _ = await shared.tickets(2)
    await admin.goto(f"/tickets?tags={tag}")
    await bulk.select_page(admin)
    dialog = await bulk.opened(admin, "Delete")
    await refuse_once(admin, "**/api/jobs", "POST", status, 7)
    await dialog.get_by_role("button", name="Delete 2 tickets").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Try again in 7 s")
    await dialog.get_by_role("button", name="Delete 2 tickets").click()
    await bulk.watch(admin, "Deleting 2 tickets")
    await bulk.has_state(admin, "Completed")


async def test_who_has_too_many_jobs_is_told_so_in_the_dialog(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    browsers.allow("429 .*/api/jobs$")
    tag, ids = await shared.tickets(2)
    later = [
        await shared.post("bulk-delete", {"ticketIds": [str(ids[0])]}, runAt="2099-01-01T00:00:00Z") for _ in range(5)
    ]
    await admin.goto(f"/tickets?tags={tag}")
    await bulk.select_page(admin)
    dialog = await bulk.opened(admin, "Delete")
    await dialog.get_by_role("button", name="Delete 2 tickets").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("5")
    for job in later:
        await shared.api.post(f"/api/jobs/{job['id']}/cancel")
    await dialog.get_by_role("button", name="Delete 2 tickets").click()
    await expect(dialog).to_be_hidden()


async def test_who_guesses_passwords_is_told_how_long_to_wait(browsers: Browsers, stranger: Page) -> None:
    browsers.allow("(401|429) .*/api/session$")
    await stranger.goto("/")
    await stranger.get_by_label("User name or e-mail").fill("nobody-at-all")
    for _ in range(20):
        await stranger.get_by_label("User name or e-mail").fill("nobody-at-all")
        await stranger.get_by_label("Password").fill("wrong")
        async with stranger.expect_response("**/api/session") as answer:
            await stranger.get_by_role("button", name="Sign in").click()
        await expect(stranger.get_by_role("button", name="Sign in")).to_be_enabled()
        if (await answer.value).status == 429:
            break
    await expect(stranger.get_by_text("Try again in")).to_be_visible()
