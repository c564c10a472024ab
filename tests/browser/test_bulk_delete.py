"""The main flow: filter, select, preview, confirm, watch, and put right what went wrong."""

import re

from playwright.async_api import Page, Route, expect

from tests.browser import bars, bulk
from tests.browser.browsers import Browsers
from tests.browser.jobs import held, refused
from tests.e2e.shared_system import SharedSystem
from tests.support.waiting import until


async def test_an_admin_deletes_all_that_match_but_three_watches_it_retries_what_failed_and_undoes_it(
    shared: SharedSystem, admin: Page
) -> None:
    tag, ids = await shared.tickets(403)
    await admin.goto("/tickets?status=open")
    await admin.get_by_role("button", name="Tags").click()
    await admin.get_by_label("Tag", exact=True).fill(tag)
    await admin.get_by_role("button", name="Add").click()
    await expect(admin.get_by_text("403 tickets")).to_be_visible()
    await admin.keyboard.press("Escape")

    await bulk.select_all_that_match(admin)
    for row in range(3):
        await admin.get_by_role("checkbox", name="Select #").nth(row).uncheck()
    await expect(admin.get_by_role("region", name="Selection")).to_contain_text("400 selected")
    dialog = await bulk.opened(admin, "Delete")
    await expect(dialog).to_contain_text("without the 3 you took out")
    await expect(dialog.get_by_role("list", name="What they are now")).to_contain_text("Open 400")
    await expect(dialog.get_by_role("button", name="Delete 400 tickets")).to_be_disabled()

    async with refused(shared, "tickets", f"old.id = '{ids[200]}'"):
        async with held(shared, ids[0]):
            await bulk.confirm(dialog, "Delete 400 tickets", typed=400)
            await bulk.watch(admin, "Deleting 400 tickets")
            await expect(bulk.bar(admin)).to_have_attribute("aria-valuenow", "300")
            await bars.record(admin)
        await expect(bulk.bar(admin)).to_have_attribute("aria-valuenow", "400")
        await bulk.has_state(admin, "Completed")
        assert await bars.recorded(admin) == [300, 400]

    await expect(admin.get_by_role("heading", name="Why 1 failed")).to_be_visible()
    failure = admin.get_by_role("table", name="Failures by code").get_by_role("row")
    await expect(failure).to_contain_text("error")
    await failure.get_by_role("link", name="Show error").click()
    item = admin.get_by_role("table", name="Items").get_by_role("row").filter(has_text="Ticket 201")
    await expect(item).to_contain_text("refused to change")
    await admin.get_by_role("button", name="Retry those that may work now").click()
    await expect(admin.get_by_role("heading", name="Delete 1 ticket", exact=True)).to_be_visible()
    await bulk.has_state(admin, "Completed")

    await admin.get_by_role("listitem").filter(has_text="This retries").get_by_role("link").click()
    await expect(admin.get_by_role("heading", name="Delete 400 tickets")).to_be_visible()
    await admin.get_by_role("button", name="Undo", exact=True).click()
    await expect(admin.get_by_role("listitem").filter(has_text="This undoes")).to_be_visible()
    await bulk.has_state(admin, "Completed")
    assert await deleted(shared, tag) == 1  # by the retry, which nobody has undone


async def test_what_cannot_be_deleted_is_said_before(shared: SharedSystem, admin: Page) -> None:
    tag, ids = await shared.tickets(5)
    await admin.goto(f"/tickets?tags={tag}")
    await bulk.select_page(admin)
    await shared.run("bulk-delete", {"ticketIds": [str(ids[0])]})
    dialog = await bulk.opened(admin, "Delete")
    await expect(dialog).to_contain_text("1 cannot be deleted: already deleted 1")
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_be_hidden()


async def test_a_toast_takes_back_what_its_job_has_done(shared: SharedSystem, browsers: Browsers, admin: Page) -> None:
    browsers.allow("409 .*/(cancel|undo)$")  # it may have ended, or done nothing yet
    tag, ids = await shared.tickets(300)
    await admin.goto(f"/tickets?tags={tag}")
    await bulk.select_all_that_match(admin)
    dialog = await bulk.opened(admin, "Delete")
    async with held(shared, ids[0]) as hold:
        await bulk.confirm(dialog, "Delete 300 tickets", typed=300)
        undo = admin.get_by_role("alert").filter(has_text="Deleting 300 tickets").get_by_role("button", name="Undo")
        await expect(undo).to_be_visible()
        await hold.rollback()
        await undo.click()
        await expect(admin.get_by_text(re.compile("Undoing it for|Nothing had been changed"))).to_be_visible()

    async def are_all_back() -> bool:
        return await deleted(shared, tag) == 0

    await until(are_all_back)


async def test_a_number_that_changed_under_the_dialog_is_shown_and_asked_for_again(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    browsers.allow("409 .*/api/jobs$")
    tag, ids = await shared.tickets(150)
    await admin.goto(f"/tickets?tags={tag}")
    await bulk.select_all_that_match(admin)
    dialog = await bulk.opened(admin, "Delete")
    await expect(dialog.get_by_label("To go on, type 150")).to_be_visible()
    await shared.run("bulk-delete", {"ticketIds": [str(one) for one in ids[:20]]})
    await bulk.confirm(dialog, "Delete 150 tickets", typed=150)
    await expect(dialog.get_by_role("alert")).to_contain_text("150 → 130 tickets")
    assert await deleted(shared, tag) == 20
    await expect(dialog.get_by_label("Why?")).to_have_value("Spam of last night")
    await bulk.confirm(dialog, "Delete 130 tickets", typed=130)
    await bulk.watch(admin, "Deleting 130 tickets")
    await bulk.has_state(admin, "Completed")
    assert await deleted(shared, tag) == 150


async def test_a_double_click_posts_one_job(shared: SharedSystem, admin: Page) -> None:
    tag, _ = await shared.tickets(3)
    await admin.goto(f"/tickets?tags={tag}")
    await bulk.select_page(admin)
    dialog = await bulk.opened(admin, "Delete")
    await dialog.get_by_label("Why?").fill(tag)
    await dialog.get_by_role("button", name="Delete 3 tickets").dblclick()
    await bulk.watch(admin, "Deleting 3 tickets")
    await bulk.has_state(admin, "Completed")
    assert await shared.rows("select count(*) from jobs where reason = :tag", tag=tag) == [(1,)]


async def test_an_answer_that_was_lost_is_asked_for_again_and_there_is_one_job(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    browsers.allow("net::ERR_FAILED")
    tag, _ = await shared.tickets(3)
    await admin.goto(f"/tickets?tags={tag}")
    await bulk.select_page(admin)
    dialog = await bulk.opened(admin, "Delete")
    posted: list[str] = []

    async def lose(route: Route) -> None:
        if route.request.method != "POST" or posted:
            await route.continue_()
            return
        posted.append((await (await route.fetch()).json())["id"])
        await route.abort()

    await admin.route("**/api/jobs", lose)
    await dialog.get_by_role("button", name="Delete 3 tickets").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("it is posted only once")
    await dialog.get_by_role("button", name="Delete 3 tickets").click()
    await bulk.watch(admin, "Deleting 3 tickets")
    await bulk.has_state(admin, "Completed")
    assert admin.url.endswith(posted[0])


async def test_another_filter_clears_the_selection_and_says_so(shared: SharedSystem, admin: Page) -> None:
    tag, _ = await shared.tickets(3)
    await admin.goto(f"/tickets?tags={tag}")
    await bulk.select_page(admin)
    await admin.get_by_role("button", name="Any priority").click()
    await admin.get_by_role("checkbox", name="Normal").check()
    await expect(admin.get_by_text("the selection was cleared").first).to_be_visible()
    await expect(admin.get_by_role("region", name="Selection")).to_be_hidden()


async def test_shift_and_a_click_reach_over_all_rows_between(shared: SharedSystem, admin: Page) -> None:
    tag, _ = await shared.tickets(6)
    await admin.goto(f"/tickets?tags={tag}")
    boxes = admin.get_by_role("checkbox", name="Select #")
    await boxes.nth(4).click()
    await boxes.nth(1).click(modifiers=["Shift"])
    await expect(admin.get_by_role("region", name="Selection")).to_contain_text("4 selected")
    chosen = admin.get_by_role("row").filter(has=admin.get_by_role("checkbox", name="Select #", checked=True))
    await expect(chosen.get_by_role("link")).to_have_text([f"Ticket {number}" for number in (5, 4, 3, 2)])
    await boxes.nth(2).click(modifiers=["Shift"])
    await expect(chosen.get_by_role("link")).to_have_text([f"Ticket {number}" for number in (3, 2)])


async def deleted(shared: SharedSystem, tag: str) -> int:
    [(count,)] = await shared.rows(
        "select count(*) from tickets where :tag = any(tags) and deleted_at is not null", tag=tag
    )
    return int(count)
