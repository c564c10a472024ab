"""What people are told of: what they choose, and what admins see of it."""

from playwright.async_api import Page, expect

from tests.browser.browsers import Browsers
from tests.browser.requests import a_request
from tests.e2e.shared_system import SharedSystem


async def test_a_request_is_approved_by_the_link_in_the_outbox(shared: SharedSystem, admin: Page) -> None:
    asked = await a_request(shared, fields={"cableType": "Cat8", "cableGauge": "22AWG", "cableLength": "3 m"})
    await admin.goto("/outbox")
    message = admin.get_by_role("row").filter(has_text="Request to approve").first
    await expect(message).to_contain_text("no provider is configured")
    await message.get_by_role("button", name="agent").click()
    letter = admin.get_by_role("region", name="Message")
    await expect(letter).to_contain_text("requester asks you to approve this request")
    async with admin.expect_popup() as opened:
        await letter.get_by_role("link", name="/approve/").click()
    page = await opened.value
    await page.get_by_role("button", name="Approve", exact=True).click()
    await expect(page.get_by_role("heading", name="You have approved this request")).to_be_visible()
    [(status,)] = await shared.rows("select status from tickets where id = :id", id=asked["id"])
    assert status == "approved"
    await page.close()

    await admin.get_by_label("Status").select_option("Delivered")
    await expect(admin.get_by_text("None of these")).to_be_visible()
    await admin.get_by_label("Status").select_option("Skipped")
    await admin.get_by_role("button", name="Send all lost ones again").click()
    await expect(admin.get_by_role("alert").filter(has_text="to be sent again")).to_be_visible()


async def test_one_chooses_what_one_is_told_of(shared: SharedSystem, browsers: Browsers) -> None:
    page = await browsers.open("agent")
    await page.goto("/account")
    by_mail = page.get_by_role("checkbox", name="Ticket assigned: E-mail")
    await expect(by_mail).to_be_checked()
    await expect(page.get_by_role("checkbox", name="Ticket assigned: SMS")).to_be_disabled()
    await expect(page.get_by_role("checkbox", name="Low stock: E-mail")).to_have_count(0)
    async with page.expect_response("**/api/me/notifications") as saved:
        await by_mail.click()
    assert (await (await saved.value).json())["assigned"] == []
    await page.reload()
    await expect(by_mail).not_to_be_checked()


async def test_the_outbox_is_for_admins(browsers: Browsers) -> None:
    page = await browsers.open("agent")
    await page.goto("/tickets")
    await expect(page.get_by_role("link", name="Tickets")).to_be_visible()
    await expect(page.get_by_role("link", name="Outbox")).to_have_count(0)
