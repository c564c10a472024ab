"""The address bar is the state: reload, back, and a link sent to a colleague show the same thing."""

from playwright.async_api import Page, expect

from tests.e2e.shared_system import SharedSystem


async def test_a_filter_and_a_search_come_out_of_the_address_and_outlive_a_reload(
    shared: SharedSystem, admin: Page
) -> None:
    tag, _ = await shared.tickets(12)
    await shared.execute("update tickets set status = 'closed' where title = 'Ticket 10' and :tag = any(tags)", tag=tag)
    await admin.goto(f"/tickets?status=open&tags={tag}&text=Ticket+1")
    titles = admin.get_by_role("table", name="Tickets").get_by_role("row").filter(has_text="Ticket")
    for _ in range(2):
        await expect(titles).to_have_count(3)  # 1, 11 and 12
        await expect(admin.get_by_role("searchbox", name="Search")).to_have_value("Ticket 1")
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


async def test_what_no_screen_knows_is_left_out(shared: SharedSystem, admin: Page) -> None:
    tag, _ = await shared.tickets(3)
    await admin.goto(f"/tickets?tags={tag}&status=nonsense&page=0&utm_source=mail")
    await expect(admin.get_by_role("navigation", name="Pages")).to_contain_text("1–3 of 3")


async def test_an_address_that_nothing_has_says_so_and_leads_on(admin: Page) -> None:
    await admin.goto("/nowhere/at/all")
    await expect(admin.get_by_role("heading", name="Not found")).to_be_visible()
    await admin.get_by_role("link", name="Go to the tickets").click()
    await expect(admin.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
