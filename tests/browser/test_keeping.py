"""Nothing that was typed is lost: to someone else's change, to a reload, to a screen that was left."""

import re

from playwright.async_api import Page, expect

from tests.browser import bulk
from tests.browser.browsers import Browsers
from tests.e2e.shared_system import SharedSystem


async def test_whom_another_was_faster_than_sees_both_versions_and_keeps_what_is_theirs(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    browsers.allow("412 .*/api/tickets/")
    _, [ticket_id] = await shared.tickets(1)
    await admin.goto(f"/tickets/{ticket_id}")
    await admin.get_by_role("button", name="Edit").click()
    await admin.get_by_role("textbox", name="Title").fill("A title of mine")
    faster = {"title": "A title of theirs", "priority": "urgent"}
    theirs = await shared.api.patch(f"/api/tickets/{ticket_id}", json=faster, headers={"If-Match": "*"})
    assert theirs.status_code == 200, theirs.text
    await admin.get_by_role("button", name="Save", exact=True).click()

    conflict = admin.get_by_role("dialog", name="Someone else changed this ticket")
    title = conflict.get_by_role("row").filter(has=admin.get_by_role("rowheader", name="Title"))
    await expect(title).to_contain_text("A title of mine")
    await expect(title).to_contain_text("A title of theirs")
    await conflict.get_by_role("button", name="Save mine").click()
    await expect(admin.get_by_role("form", name=re.compile("^Edit #"))).to_have_count(0)
    saved = (await shared.api.get(f"/api/tickets/{ticket_id}")).json()
    assert (saved["title"], saved["priority"]) == ("A title of mine", "urgent")


async def test_a_new_ticket_is_written_to_its_end_after_a_reload(admin: Page) -> None:
    await admin.goto("/tickets")
    await admin.get_by_role("button", name="New ticket").first.click()
    await admin.get_by_role("textbox", name="Title").fill("The printer, again")
    await admin.reload()
    await expect(admin.get_by_role("textbox", name="Title")).to_have_value("The printer, again")


async def test_a_reload_keeps_the_selection_and_what_was_said_of_it_and_another_screen_does_not(
    shared: SharedSystem, admin: Page
) -> None:
    tag, _ = await shared.tickets(3)
    await admin.goto(f"/tickets?tags={tag}")
    await bulk.select_page(admin)
    dialog = await bulk.opened(admin, "Delete")
    await dialog.get_by_label("Why?").fill("Spam of last night")
    await admin.reload()
    await expect(admin.get_by_role("dialog").get_by_label("Why?")).to_have_value("Spam of last night")
    await admin.keyboard.press("Escape")
    await expect(admin.get_by_role("region", name="Selection")).to_contain_text("3 selected")
    views = admin.get_by_role("list", name="Views").get_by_role("link")
    await expect(views.first).to_be_visible()  # they push Jobs down
    await admin.get_by_role("link", name=re.compile("^Jobs")).first.click()
    await expect(admin.get_by_role("heading", name="Jobs", exact=True)).to_be_visible()
    await admin.go_back()
    await expect(admin.get_by_role("table", name="Tickets")).to_be_visible()
    await expect(admin.get_by_role("region", name="Selection")).to_have_count(0)
