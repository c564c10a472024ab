"""The pages of documents, in a browser that has no network but to the API itself."""

import json
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.browsers import Browsers
from tests.browser.chromium import PATIENCE_MS
from tests.e2e.shared_system import SharedSystem
from tests.support.people import PASSWORD

DRAWN_MS = 60_000  # of a document of thousands of lines, by scripts that nothing has optimized


@pytest.fixture
async def cut_off(shared: SharedSystem, stranger: Page) -> AsyncIterator[Page]:
    """A page that reaches nothing elsewhere, and may not even try to."""
    elsewhere: list[str] = []

    async def cut(route: Route) -> None:
        elsewhere.append(route.request.url)
        await route.abort()

    await stranger.route(lambda url: not url.startswith((shared.system.url, "data:", "blob:")), cut)
    stranger.set_default_timeout(DRAWN_MS)
    yield stranger
    stranger.set_default_timeout(PATIENCE_MS)
    assert elsewhere == []


async def test_a_job_can_be_posted_from_the_document_of_the_api(shared: SharedSystem, cut_off: Page) -> None:
    tag, _ = await shared.tickets(3)
    await cut_off.goto("/docs#/jobs/submitJob")
    await cut_off.get_by_role("button", name="Authorize").first.click()
    dialog = cut_off.locator(".dialog-ux")
    oauth2 = dialog.locator(".auth-container").filter(has_text="OAuth2")
    await oauth2.get_by_label("username:").fill("admin")
    await oauth2.get_by_label("password:").fill(PASSWORD)
    await oauth2.get_by_role("button", name="Apply given OAuth2 credentials").click()
    await expect(oauth2.get_by_role("button", name="Remove authorization")).to_be_visible(timeout=DRAWN_MS)
    await dialog.get_by_role("button", name="Close").first.click()
    operation = cut_off.locator("#operations-jobs-submitJob")
    reason = uuid4().hex
    body = {"type": "bulk-delete", "payload": {"filter": {"tags": tag}}, "reason": reason}
    await operation.locator("textarea").fill(json.dumps(body))
    await operation.get_by_role("button", name="Execute").click()
    await expect(operation.locator(".live-responses-table .response .response-col_status")).to_contain_text(
        "202", timeout=DRAWN_MS
    )
    [(job_id,)] = await shared.rows("select id from jobs where reason = :reason", reason=reason)
    assert (await shared.end_of({"id": str(job_id)}))["succeeded"] == 3


async def test_a_token_can_be_pasted(shared: SharedSystem, cut_off: Page) -> None:
    await cut_off.goto("/docs#/accounts/me")
    await cut_off.get_by_role("button", name="Authorize").first.click()
    dialog = cut_off.locator(".dialog-ux")
    bearer = dialog.locator(".auth-container").filter(has_text="BearerToken")
    await bearer.get_by_role("textbox").fill(shared.api.headers["Authorization"].removeprefix("Bearer "))
    await bearer.get_by_role("button", name="Apply credentials").click()
    await dialog.get_by_role("button", name="Close").first.click()
    operation = cut_off.locator("#operations-accounts-me")
    await operation.get_by_role("button", name="Execute").click()
    await expect(operation.locator(".live-responses-table")).to_contain_text('"role": "admin"', timeout=DRAWN_MS)


async def test_where_the_document_is_for_users_it_is_shown_to_who_is_signed_in(browsers: Browsers) -> None:
    browsers.allow("401 .*/api/openapi.json")
    for username, told in ((None, "sign in to the console"), ("agent", "webhooks")):
        tab = await browsers.open(username)
        await tab.route("**/api/openapi.json", for_users)
        await tab.goto("/docs")
        await expect(tab.locator("#docs")).to_contain_text(told, timeout=DRAWN_MS)


async def for_users(route: Route) -> None:
    """Answer as in production."""
    if "authorization" in route.request.headers:
        await route.continue_()
    else:
        await route.fulfill(status=401)


async def test_it_can_be_read_as_a_whole(cut_off: Page) -> None:
    await cut_off.goto("/redoc")
    await expect(cut_off.get_by_role("heading", name="Bulkhead")).to_be_visible(timeout=DRAWN_MS)
    await expect(cut_off.get_by_role("heading", name="SubmitJob")).to_be_attached(timeout=DRAWN_MS)
    await expect(cut_off.locator("#docs")).to_contain_text("Spam of last night", timeout=DRAWN_MS)
