"""Requests: how they are made, decided on and followed."""

import re

from playwright.async_api import expect

from tests.browser.browsers import NARROW, WIDE, Browsers
from tests.browser.requests import a_request
from tests.e2e.shared_system import SharedSystem
from tests.support.waiting import until


async def mailed_link(shared: SharedSystem, ticket_id: str) -> str | None:
    """Return the path of the link in the letter that asks for a decision, once it is written."""
    for message in (await shared.api.get("/api/outbox")).json()["messages"]:
        letter = (await shared.api.get(f"/api/outbox/{message['id']}")).json()["letter"]
        found = re.search(f"/tickets/{ticket_id}/approve/\\S+", letter["text"] if letter else "")
        if found:
            return found[0]
    return None


async def test_an_agent_approves_what_they_are_asked_for_and_its_fields_are_shown(
    shared: SharedSystem, browsers: Browsers
) -> None:
    asked = await a_request(shared)
    page = await browsers.open("agent")
    await page.goto(f"/tickets/{asked['id']}")
    panel = page.get_by_role("region", name="Ticket", exact=True)
    await expect(panel.get_by_role("definition").filter(has_text="100 ft")).to_be_visible()
    names = panel.get_by_role("term").filter(has_text=re.compile("^(Type|Cable .*|Quantity)$"))
    await expect(names).to_have_text(["Type", "Cable type", "Cable gauge", "Cable length", "Quantity"])
    await expect(panel.get_by_role("button", name="Status")).to_be_hidden()
    await panel.get_by_role("button", name="Approve").click()
    await expect(panel.get_by_role("definition").filter(has_text="Approved")).to_be_visible()
    await panel.get_by_role("button", name="Status").click()
    await expect(page.get_by_role("menuitem")).to_have_text(["In progress"])


async def test_what_is_to_decide_is_a_view_of_those_who_are_asked(shared: SharedSystem, browsers: Browsers) -> None:
    asked = await a_request(shared)
    other = await a_request(shared, assigneeId=str(shared.people.admin.id))
    page = await browsers.open("agent")
    await page.goto("/tickets")
    await page.get_by_role("navigation", name="Screens").get_by_role("link", name="To decide").click()
    table = page.get_by_role("table", name="Tickets")
    await expect(table.get_by_text(f"#{asked['number']}", exact=True)).to_be_visible()
    await expect(table.get_by_text(f"#{other['number']}", exact=True)).to_be_hidden()


async def test_a_long_status_is_seen_whole_beside_an_open_ticket_and_so_is_something_of_the_title(
    shared: SharedSystem, browsers: Browsers
) -> None:
    asked = await a_request(shared)
    page = await browsers.open("agent")
    await page.goto(f"/tickets/{asked['id']}?type=cable")
    row = page.get_by_role("table", name="Tickets").get_by_role("row").filter(has_text=f"#{asked['number']}")
    status = row.get_by_role("cell", name="Pending approval")
    for width in (1200, WIDE):
        await page.set_viewport_size({"width": width, "height": 900})
        await expect(status).to_be_visible()
        assert await status.evaluate("cell => cell.scrollWidth <= cell.clientWidth"), width
        assert await row.get_by_role("link").evaluate("link => link.clientWidth") > 80, width


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


async def test_a_cable_is_asked_for_on_a_phone_approved_by_a_mailed_link_and_handed_out_and_that_is_seen_live(
    shared: SharedSystem, browsers: Browsers
) -> None:
    phone = await browsers.open("requester", width=NARROW)
    await phone.goto("/tickets")
    await phone.get_by_role("button", name="New ticket").click()
    await phone.get_by_role("navigation", name="What it is").get_by_role("link", name="Cable").click()
    form = phone.get_by_role("dialog", name="Request cable")
    await expect(form.get_by_label("Cable type")).to_be_focused()
    await form.get_by_label("Cable type").fill("Cat6a")
    await form.get_by_label("Cable gauge").fill("23AWG")
    await form.get_by_label("Cable length").fill("30 m")
    await form.get_by_label("Location").fill("Room 4")
    await form.get_by_label("Who approves it").click()
    await phone.get_by_role("option", name="agent", exact=True).click()
    await form.get_by_role("button", name="Ask for it").click()
    panel = phone.get_by_role("region", name="Ticket", exact=True)
    await expect(panel.get_by_role("definition").filter(has_text="Pending approval")).to_be_visible()
    [(ticket_id, assignee_id)] = await shared.rows(
        "select id::text, assignee_id from tickets where fields ->> 'cableType' = 'Cat6a'"
    )
    assert assignee_id == shared.people.agent.id

    stranger = await browsers.open(width=NARROW)
    await stranger.goto(await until(lambda: mailed_link(shared, ticket_id), seconds=30))
    await stranger.get_by_role("button", name="Approve", exact=True).click()
    await expect(stranger.get_by_role("heading", name="You have approved this request")).to_be_visible()
    await expect(panel.get_by_role("definition").filter(has_text="Approved")).to_be_visible()

    cable = {"cableType": "Cat6a", "cableGauge": "23AWG", "cableLength": "30 m"}
    await shared.api.post("/api/cable-receiving", json=cable | {"quantity": 5})
    agent = await browsers.open("agent")
    await agent.goto(f"/tickets/{ticket_id}")
    for status in ("In progress", "Fulfilled"):
        await agent.get_by_role("region", name="Ticket", exact=True).get_by_role("button", name="Status").click()
        await agent.get_by_role("menuitem", name=status).click()
        await expect(panel.get_by_role("definition").filter(has_text=status)).to_be_visible()
    assert await shared.rows("select on_hand from inventory_items where cable_type = 'Cat6a'") == [(4,)]


async def test_what_is_missing_is_said_beside_its_field_and_closing_keeps_what_was_typed(
    browsers: Browsers,
) -> None:
    browsers.allow("400 .*/api/tickets")
    page = await browsers.open("requester")
    await page.goto("/tickets/new/cable")
    form = page.get_by_role("dialog", name="Request cable")
    await form.get_by_label("Cable type").fill("Cat6")
    await form.get_by_label("Cable gauge").fill("23AWG")
    await form.get_by_label("Cable length").fill("30 m")
    await form.get_by_label("Quantity").fill("20000")
    await form.get_by_role("button", name="Ask for it").click()
    await expect(form.get_by_label("Quantity")).to_have_attribute("aria-invalid", "true")
    await page.keyboard.press("Escape")
    await page.goto("/tickets/new/cable")
    await expect(form.get_by_label("Cable type")).to_have_value("Cat6")


async def test_optics_are_chosen_from_the_list_of_parts(shared: SharedSystem, browsers: Browsers) -> None:
    await shared.api.put("/api/optics-parts", json={"parts": ["SFP-10G-SR"]})
    page = await browsers.open("requester")
    await page.goto("/tickets/new/optics")
    form = page.get_by_role("dialog", name="Request optics")
    await form.get_by_label("Part").select_option("SFP-10G-SR")
    await form.get_by_role("button", name="Ask for it").click()
    panel = page.get_by_role("region", name="Ticket", exact=True)
    await expect(panel.get_by_role("definition").filter(has_text="SFP-10G-SR")).to_be_visible()
