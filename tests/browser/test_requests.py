"""Requests: how they are made, decided on and followed."""

from playwright.async_api import expect

from tests.browser.browsers import Browsers
from tests.browser.requests import a_request
from tests.e2e.shared_system import SharedSystem


async def test_an_agent_approves_what_they_are_asked_for_and_its_fields_are_shown(
    shared: SharedSystem, browsers: Browsers
) -> None:
    asked = await a_request(shared)
    page = await browsers.open("agent")
    await page.goto(f"/tickets/{asked['id']}")
    panel = page.get_by_role("region", name="Ticket", exact=True)
    await expect(panel.get_by_role("definition").filter(has_text="100 ft")).to_be_visible()
    names = await panel.get_by_role("term").all_text_contents()
    assert [name for name in names if name.startswith("Cable") or name in {"Type", "Quantity"}] == [
        "Type",
        "Cable type",
        "Cable gauge",
        "Cable length",
        "Quantity",
    ]
    await expect(panel.get_by_role("button", name="Status")).to_be_hidden()
    await panel.get_by_role("button", name="Approve").click()
    await expect(panel.get_by_role("definition").filter(has_text="Approved")).to_be_visible()
    await panel.get_by_role("button", name="Status").click()
    await expect(page.get_by_role("menuitem")).to_have_text(["In progress"])


async def test_rejecting_asks_why(shared: SharedSystem, browsers: Browsers) -> None:
    asked = await a_request(shared)
    page = await browsers.open("admin")
    await page.goto(f"/tickets/{asked['id']}")
    await page.get_by_role("button", name="Reject…").click()
    dialog = page.get_by_role("dialog", name=f"Reject #{asked['number']}")
    await expect(dialog.get_by_role("button", name="Reject")).to_be_disabled()
    await dialog.get_by_label("Why?").fill("There is none left")
    await dialog.get_by_role("button", name="Reject").click()
    await expect(page.get_by_role("button", name="Approve")).to_be_hidden()
    await page.get_by_role("tab", name="History").click()
    await expect(page.get_by_role("region", name="History")).to_contain_text("There is none left")


async def test_who_is_not_asked_decides_nothing_and_takes_nothing_over(
    shared: SharedSystem, browsers: Browsers
) -> None:
    asked = await a_request(shared, assigneeId=str(shared.people.admin.id))
    for name in ("requester", "agent"):
        page = await browsers.open(name)
        await page.goto(f"/tickets/{asked['id']}")
        panel = page.get_by_role("region", name="Ticket", exact=True)
        await expect(panel.get_by_role("button", name="Edit", exact=True)).to_be_visible()
        for button in ("Approve", "Reject…", "Status", "Take over"):
            await expect(panel.get_by_role("button", name=button)).to_be_hidden()


async def test_tickets_are_filtered_by_type(shared: SharedSystem, browsers: Browsers) -> None:
    asked = await a_request(shared)
    await shared.tickets(2)
    page = await browsers.open("agent")
    await page.goto("/tickets")
    await page.get_by_role("button", name="Any type").click()
    await page.get_by_role("dialog", name="Any type").get_by_label("Cable").check()
    table = page.get_by_role("table", name="Tickets")
    await expect(table.get_by_text(f"#{asked['number']}", exact=True)).to_be_visible()
    await expect(table.get_by_text("Ticket 1")).to_be_hidden()
    await expect(page).to_have_url(f"{shared.system.url}/tickets?type=cable")
