"""The address bar is the state: reload, back, and a link sent to a colleague show the same thing."""

import re

from playwright.async_api import Locator, Page, expect

from tests.browser import bulk
from tests.browser.browsers import NARROW, Browsers
from tests.browser.requests import FIELDS, a_request
from tests.e2e.shared_system import SharedSystem


async def test_a_filter_and_a_search_come_out_of_the_address_and_outlive_a_reload(
    shared: SharedSystem, admin: Page
) -> None:
    tag, _ = await shared.tickets(12)
    await shared.execute("update tickets set status = 'closed' where title = 'Ticket 10' and :tag = any(tags)", tag=tag)
    await admin.goto(f"/tickets?status=open&tags={tag}&text=%22Ticket%22+tick")
    titles = admin.get_by_role("table", name="Tickets").get_by_role("row").filter(has_text="Ticket")
    for _ in range(2):
        await expect(titles).to_have_count(11)
        await expect(admin.get_by_role("searchbox", name="Search")).to_have_value('"Ticket" tick')
        await admin.reload()


async def test_pages_are_in_the_address_and_back_goes_back(shared: SharedSystem, admin: Page) -> None:
    tag, _ = await shared.tickets(45)
    await admin.goto(f"/tickets?tags={tag}")
    pages = admin.get_by_role("navigation", name="Pages")
    await expect(pages).to_contain_text("1–20 of 45")
    await pages.get_by_role("link", name="Next").click()
    await expect(pages).to_contain_text("21–40 of 45")
    assert admin.url.endswith(f"/tickets?tags={tag}&page=2")
    await pages.get_by_role("link", name="Next").click()
    await expect(pages).to_contain_text("41–45 of 45")
    await admin.go_back()
    await expect(pages).to_contain_text("21–40 of 45")


async def test_an_order_is_in_the_address_and_outlives_a_reload(shared: SharedSystem, admin: Page) -> None:
    tag, ids = await shared.tickets(3)
    await shared.execute("update tickets set updated_at = now() + interval '1 hour' where id = :id", id=ids[1])
    await admin.goto(f"/tickets?tags={tag}")
    await has_order(admin, 3, 2, 1)
    for header, sort, order in (
        ("Number", "created", (1, 2, 3)),
        ("Updated", "-updated", (2, 3, 1)),
        ("Updated", "updated", (1, 3, 2)),
    ):
        await admin.get_by_role("columnheader", name=header).get_by_role("button").click()
        await has_order(admin, *order)
        assert admin.url.endswith(f"/tickets?tags={tag}&sort={sort}")
    await admin.reload()
    await has_order(admin, 1, 3, 2)
    await expect(admin.get_by_role("columnheader", name="Updated")).to_have_attribute("aria-sort", "ascending")


async def test_an_edited_view_is_in_the_address_and_outlives_a_reload(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    browsers.allow("409 .*/api/views/")
    tag, _ = await shared.tickets(3)
    for name in ("Old ones", "Other ones"):
        await shared.api.post("/api/views", json={"name": name, "filter": {"tags": tag}})
    await admin.goto("/tickets")
    await admin.get_by_role("button", name="Edit the view Old ones").press("Enter")
    dialog = admin.get_by_role("dialog", name="Edit the view")
    await dialog.get_by_label("Name").fill("Other ones")
    await dialog.get_by_role("combobox", name="Columns").press("ArrowDown")
    for column in ("Tags", "Number"):
        await admin.get_by_role("option", name=column).click()
    await admin.keyboard.press("Tab")
    await dialog.get_by_label("Sort").select_option("Oldest first")
    await dialog.get_by_label("Agents").check()
    await dialog.get_by_label("Name").press("Enter")
    await expect(dialog.get_by_label("Name")).to_have_accessible_description(re.compile("You have a view of this name"))
    await dialog.get_by_label("Name").fill("Oldest ones")
    await dialog.get_by_label("Name").press("Enter")
    for _ in range(2):
        await has_order(admin, 1, 2, 3)
        await expect(admin.get_by_role("columnheader")).to_have_text(["", "Title", "Tags", re.compile("Number")])
        await expect(admin.get_by_role("link", name="Oldest ones")).to_have_attribute("aria-current", "page")
        await admin.reload()
    assert await shared.rows("select shared_with from views where name = 'Oldest ones'") == [(["agent"],)]


async def has_order(page: Page, *numbers: int) -> None:
    titles = page.get_by_role("table", name="Tickets").get_by_role("link")
    await expect(titles).to_have_text([f"Ticket {number}" for number in numbers])


async def test_a_filter_is_saved_as_a_view_chosen_and_deleted(shared: SharedSystem, admin: Page) -> None:
    tag, _ = await shared.tickets(2)
    await admin.goto(f"/tickets?status=open&tags={tag}")
    views = await opened_views(admin)
    await views.get_by_label("Save this filter as").fill("Open ones of today")
    await views.get_by_role("button", name="Save view").click()
    view = views.get_by_role("button", name="Open ones of today", exact=True)
    await expect(view).to_be_visible()
    await admin.goto("/tickets")
    await opened_views(admin)
    await view.click()
    await expect(admin.get_by_role("navigation", name="Pages")).to_contain_text("of 2")
    assert admin.url.endswith(f"/tickets?status=open&tags={tag}")
    await opened_views(admin)
    await views.get_by_role("button", name="Delete the view Open ones of today").click()
    await expect(view).to_be_hidden()
    await admin.get_by_role("alert").get_by_role("button", name="Undo").click()
    await opened_views(admin)
    await expect(view).to_be_visible()
    assert await shared.rows("select count(*) from views where name = 'Open ones of today'") == [(1,)]


async def test_a_view_by_a_field_of_a_type_finds_no_more_here_than_in_the_api(
    shared: SharedSystem, admin: Page
) -> None:
    few, many = [await a_request(shared, fields=FIELDS | {"quantity": quantity}) for quantity in (3, 40)]
    view = {"name": "A few cables", "filter": {"fields": {"cableType": "Cat6", "quantity": 3}}}
    await shared.api.post("/api/views", json=view)
    await admin.goto("/tickets")
    await (await opened_views(admin)).get_by_role("button", name="A few cables", exact=True).click()
    table = admin.get_by_role("table", name="Tickets")
    await expect(table.get_by_text(f"#{many['number']}", exact=True)).to_be_hidden()
    await expect(table.get_by_text(f"#{few['number']}", exact=True)).to_be_visible()
    assert admin.url.endswith("/tickets?fields.cableType=Cat6&fields.quantity=3")
    await admin.reload()
    views = await opened_views(admin)
    await views.get_by_label("Save this filter as").fill("The same again")
    await views.get_by_role("button", name="Save view").click()
    await expect(views.get_by_role("button", name="The same again", exact=True)).to_be_visible()
    assert await shared.rows("select filter from views where name = 'The same again'") == [(view["filter"],)]


async def test_a_field_that_is_sought_limits_what_is_done_in_bulk_and_can_be_taken_out(
    shared: SharedSystem, admin: Page
) -> None:
    tag, ids = await shared.tickets(25)
    await shared.execute(
        "update tickets set type = 'cable', fields = jsonb_build_object('quantity', 5) where id = any(:ids)",
        ids=ids[:22],
    )
    await admin.goto(f"/tickets?tags={tag}&fields.quantity=5")
    await bulk.select_all_that_match(admin)
    dialog = await bulk.opened(admin, "Delete")
    await expect(dialog).to_contain_text(f"tag is {tag} · quantity is 5")
    await expect(dialog.get_by_role("button", name="Delete 22 tickets")).to_be_visible()
    await admin.keyboard.press("Escape")
    await admin.get_by_role("button", name="Fields: Quantity 5").click()
    await admin.get_by_role("dialog").get_by_label("Quantity 5").click()
    await expect(admin).to_have_url(f"{shared.system.url}/tickets?tags={tag}")


async def opened_views(page: Page) -> Locator:
    await page.get_by_role("button", name="Views").click()
    views = page.get_by_role("dialog", name="Views")
    await expect(views).to_be_visible()
    return views


async def test_what_the_dashboard_counts_is_what_its_links_list(shared: SharedSystem, admin: Page) -> None:
    _, ids = await shared.tickets(2)
    await shared.execute("update tickets set status = 'closed', assignee_id = null where id = :id", id=ids[0])
    [(unassigned,)] = await shared.rows(
        "select count(*) from tickets where assignee_id is null and deleted_at is null"
        " and status not in ('resolved', 'closed')"
    )
    await admin.goto("/dashboard")
    await admin.get_by_role("link", name="Nobody").click()
    await expect(admin.get_by_role("button", name="Assignee: Nobody")).to_be_visible()
    await expect(admin.get_by_role("group", name="Filter")).to_contain_text(f"{unassigned} ticket")


async def test_tags_are_beside_the_title_or_in_their_column_and_not_twice(shared: SharedSystem, admin: Page) -> None:
    tag, _ = await shared.tickets(1)
    await admin.goto(f"/tickets?tags={tag}&columns=title&columns=tags")
    tags = admin.get_by_role("table", name="Tickets").get_by_text(tag).filter(visible=True)
    await expect(tags).to_have_count(1)
    await expect(admin.get_by_role("cell", name=tag, exact=True)).to_be_visible()
    await admin.set_viewport_size({"width": NARROW, "height": 760})
    await expect(admin.get_by_role("cell", name=tag, exact=True)).to_be_hidden()
    await expect(tags).to_have_count(1)


async def test_what_no_screen_knows_is_left_out(shared: SharedSystem, admin: Page) -> None:
    tag, _ = await shared.tickets(3)
    await admin.goto(f"/tickets?tags={tag}&status=nonsense&page=0&utm_source=mail")
    await expect(admin.get_by_role("navigation", name="Pages")).to_contain_text("1–3 of 3")


async def test_an_address_that_nothing_has_says_so_and_leads_on(admin: Page) -> None:
    await admin.goto("/nowhere/at/all")
    await expect(admin.get_by_role("heading", name="Not found")).to_be_visible()
    await admin.get_by_role("link", name="Go to the tickets").click()
    await expect(admin.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
