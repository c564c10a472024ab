"""Webhooks as an admin sees them, with a receiver that answers as it is told."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.browsers import Browsers
from tests.e2e.shared_system import SharedSystem
from tests.support.receiver import Receiver, Reply, receiving


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


async def test_an_admin_makes_a_webhook_copies_its_secret_and_sees_a_ping_arrive(
    admin: Page, receiver: Receiver
) -> None:
    await admin.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await admin.goto("/webhooks")
    await admin.get_by_role("button", name="New webhook").click()
    dialog = admin.get_by_role("dialog", name="New webhook")
    await dialog.get_by_label("URL").fill(f"{receiver.url}/hook")
    await dialog.get_by_label("Description").fill("The stock keeper’s")
    await dialog.get_by_role("checkbox", name="ticket.created").check()
    await dialog.get_by_role("button", name="Create webhook").click()
    shown = admin.get_by_role("dialog", name="The webhook is there")
    secret = await shown.get_by_label("Secret").input_value()
    await shown.get_by_role("button", name="Copy secret").click()
    await expect(shown.get_by_role("button", name="Copied")).to_be_visible()
    assert await admin.evaluate("navigator.clipboard.readText()") == secret
    await shown.get_by_role("button", name="Done").click()
    await admin.get_by_role("table", name="Webhooks").get_by_role("link", name="The stock keeper’s").click()

    await admin.get_by_role("button", name="Ping", exact=True).click()
    row = deliveries(admin).filter(has_text="webhook.ping")
    await expect(row).to_contain_text("Delivered")
    await row.get_by_role("button", name="webhook.ping").click()
    await expect(admin.get_by_role("region", name="Request")).to_contain_text('"type": "webhook.ping"')
    await expect(admin.get_by_role("region", name="Attempts")).to_contain_text("thank you")
    [request] = receiver.at("/hook")
    request.verify(secret)


async def test_what_failed_is_found_by_its_status_and_sent_again_one_or_all(
    shared: SharedSystem, admin: Page, receiver: Receiver
) -> None:
    webhook_id = await made(shared, receiver)
    for _ in range(3):
        await shared.api.post(f"/api/webhooks/{webhook_id}/ping")
    await admin.goto(f"/webhooks/{webhook_id}")
    await expect(deliveries(admin).filter(has_text="Delivered")).to_have_count(3)
    failed = "update deliveries set status = 'failed' where webhook_id = :id"
    await shared.execute(failed, id=webhook_id)
    await admin.get_by_label("Status", exact=True).select_option("Failed")
    await expect(deliveries(admin).filter(has_text="Failed")).to_have_count(3)
    assert admin.url.endswith("?status=failed")

    await deliveries(admin).first.get_by_role("button", name="webhook.ping").click()
    await admin.get_by_role("button", name="Send again", exact=True).click()
    await expect(deliveries(admin)).to_have_count(2)
    await admin.get_by_role("button", name="Send all failed ones again").click()
    await expect(admin.get_by_role("alert").filter(has_text="2 to be sent again")).to_be_visible()
    await expect(admin.get_by_text("None of these")).to_be_visible()
    await admin.get_by_label("Status", exact=True).select_option("Delivered")
    await expect(deliveries(admin)).to_have_count(3)
    assert [len({request.id for request in receiver.requests}), len(receiver.requests)] == [3, 6]


async def test_one_that_is_gone_is_off_and_says_why_until_it_is_turned_on(
    shared: SharedSystem, browsers: Browsers, admin: Page, receiver: Receiver
) -> None:
    receiver.replies["/hook"] = Reply(410, b"moved away")
    webhook_id = await made(shared, receiver)
    await admin.goto(f"/webhooks/{webhook_id}")
    await admin.get_by_role("button", name="Ping", exact=True).click()
    await expect(admin.get_by_text("the receiver answered 410: gone for good")).to_be_visible()
    await expect(admin.get_by_role("button", name="Ping", exact=True)).to_be_disabled()
    receiver.replies.clear()
    await admin.get_by_role("button", name="Turn on").click()
    await admin.get_by_role("button", name="Ping", exact=True).click()
    await expect(deliveries(admin).filter(has_text="Delivered")).to_have_count(1)


async def test_a_webhook_gets_a_new_secret_is_changed_and_deleted(
    shared: SharedSystem, browsers: Browsers, admin: Page, receiver: Receiver
) -> None:
    browsers.allow("400 .*/api/webhooks/")
    webhook_id = await made(shared, receiver)
    await admin.goto(f"/webhooks/{webhook_id}")
    await chosen(admin, "New secret…")
    await admin.get_by_role("dialog", name="Make a new secret").get_by_role("button", name="Make new secret").click()
    shown = admin.get_by_role("dialog", name="The new secret")
    secret = await shown.get_by_label("Secret").input_value()
    await shown.get_by_role("button", name="Done").click()
    await expect(admin.get_by_text("the old secret signs until")).to_be_visible()
    await admin.get_by_role("button", name="Ping", exact=True).click()
    await expect(deliveries(admin).filter(has_text="Delivered")).to_have_count(1)
    receiver.requests[0].verify(secret)

    await admin.get_by_role("button", name="Edit").click()
    dialog = admin.get_by_role("dialog", name="Change the webhook")
    await dialog.get_by_label("URL").fill("http://10.0.0.1/hook")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_label("URL")).to_have_attribute("aria-invalid", "true")
    await dialog.get_by_label("URL").fill(f"{receiver.url}/other")
    await dialog.get_by_role("button", name="All of them").click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    [events] = (await shared.rows("select cardinality(events) from webhooks where id = :id", id=webhook_id))[0]
    assert events == len((await shared.api.get("/api/event-types")).json()["eventTypes"])

    await chosen(admin, "Delete…")
    await admin.get_by_role("dialog", name="Delete the webhook").get_by_role("button", name="Delete webhook").click()
    await admin.wait_for_url(re.compile("/webhooks$"))
    assert (await shared.api.get(f"/api/webhooks/{webhook_id}")).status_code == 404


def deliveries(page: Page) -> Locator:
    return (
        page.get_by_role("table", name="Deliveries")
        .get_by_role("row")
        .filter(has_text="webhook.ping")
        .filter(has=page.get_by_role("button", name="webhook.ping"))
    )


async def made(shared: SharedSystem, receiver: Receiver) -> str:
    body = {"url": f"{receiver.url}/hook", "events": ["ticket.created"]}
    return str((await shared.api.post("/api/webhooks", json=body)).json()["id"])


async def chosen(page: Page, action: str) -> None:
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name=action).click()
