"""Change, restore and purge: the same dialog."""

from playwright.async_api import Page, expect

from tests.browser import bulk
from tests.browser.browsers import Browsers
from tests.e2e.shared_system import SharedSystem


async def test_an_admin_changes_what_is_selected(shared: SharedSystem, admin: Page) -> None:
    tag, _ = await shared.tickets(3)
    await admin.goto(f"/tickets?tags={tag}")
    await bulk.select_page(admin)
    dialog = await bulk.opened(admin, "Change")
    await expect(dialog.get_by_role("button", name="Change 3 tickets")).to_be_disabled()  # to what?
    await dialog.get_by_label("Status", exact=True).select_option("Closed")
    await dialog.get_by_label("Priority", exact=True).select_option("Low")
    await dialog.get_by_label("Assignee").select_option("agent")
    await dialog.get_by_label("Add tags").fill("stale")
    await dialog.get_by_label("Add tags").press("Enter")
    await expect(dialog).to_contain_text("Status becomes closed, priority becomes low, agent is assigned")
    await bulk.confirm(dialog, "Change 3 tickets")
    await bulk.watch(admin, "Changing 3 tickets")
    await bulk.has_state(admin, "Completed")
    changed = "select distinct status, priority, assignee_id, tags from tickets where :tag = any(tags)"
    assert await shared.rows(changed, tag=tag) == [("closed", "low", shared.people.agent.id, [tag, "stale"])]


async def test_an_admin_restores_some_of_the_trash_and_purges_the_rest(shared: SharedSystem, admin: Page) -> None:
    tag, ids = await shared.tickets(4)
    await shared.run("bulk-delete", {"ticketIds": [str(one) for one in ids]})
    await admin.goto(f"/trash?tags={tag}")
    for row in range(2):
        await admin.get_by_role("checkbox", name="Select #").nth(row).check()
    await bulk.confirm(await bulk.opened(admin, "Restore"), "Restore 2 tickets")
    await bulk.watch(admin, "Restoring 2 tickets")
    await bulk.has_state(admin, "Completed")
    await admin.goto(f"/trash?tags={tag}")
    await bulk.select_page(admin)
    dialog = await bulk.opened(admin, "Purge")
    await expect(dialog).to_contain_text("2 cannot be purged: too recent 2")
    await dialog.get_by_role("checkbox", name="Also purge what was deleted too short a time ago").check()
    await expect(dialog).to_contain_text("This cannot be undone.")
    await bulk.confirm(dialog, "Purge 2 tickets")
    await bulk.watch(admin, "Purging 2 tickets")
    await bulk.has_state(admin, "Completed")
    left = await shared.rows("select title from tickets where :tag = any(tags) order by title", tag=tag)
    assert left == [("Ticket 3",), ("Ticket 4",)]


async def test_one_ticket_is_brought_back_from_the_trash_with_one_click(shared: SharedSystem, admin: Page) -> None:
    tag, ids = await shared.tickets(1)
    await shared.run("bulk-delete", {"ticketIds": [str(ids[0])]})
    await admin.goto(f"/trash?tags={tag}")
    await admin.get_by_role("button", name="Restore #").click()
    await expect(admin.get_by_role("button", name="Restore #")).to_be_hidden()
    await admin.goto(f"/tickets?tags={tag}")
    await expect(admin.get_by_role("table", name="Tickets")).to_contain_text("Ticket 1")


async def test_a_toast_that_cannot_be_fetched_takes_nothing_else_with_it(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    browsers.allow("net::ERR_FAILED .*/assets/notices-")
    tag, ids = await shared.tickets(1)
    await shared.run("bulk-delete", {"ticketIds": [str(ids[0])]})
    await admin.route("**/assets/notices-*.js", lambda route: route.abort())
    await admin.goto(f"/trash?tags={tag}")
    await admin.get_by_role("button", name="Restore #").click()
    await expect(admin.get_by_text("Restored #")).to_be_attached()
    await expect(admin.get_by_role("heading", name="Trash", exact=True)).to_be_visible()
