"""Nobody touches a mouse here."""

from playwright.async_api import Page, expect

from tests.browser import bulk
from tests.e2e.shared_system import SharedSystem
from tests.support.people import PASSWORD

MOST_TABS = 80
FOCUSED = "() => document.activeElement.ariaLabel ?? document.activeElement.innerText"


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called that has the focus."""
    passed = []
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        passed.append((await page.evaluate(FOCUSED)).strip())
        if passed[-1] == name:
            return
    raise AssertionError(f"{name} is not among what Tab leads to: {passed}")


async def test_from_the_sign_in_to_a_finished_bulk_delete(shared: SharedSystem, stranger: Page) -> None:
    tag, _ = await shared.tickets(150)
    keys = stranger.keyboard
    await stranger.goto(f"/tickets?tags={tag}")
    await expect(stranger.get_by_label("User name or e-mail")).to_be_focused()
    await keys.type("admin")
    await keys.press("Tab")
    await keys.type(PASSWORD)
    await keys.press("Enter")
    await expect(stranger.get_by_role("table", name="Tickets")).to_be_visible()
    await tab_to(stranger, "Select all on this page")
    await keys.press("Space")
    await expect(stranger.get_by_role("button", name="Select all 150 that match")).to_be_visible()
    await tab_to(stranger, "Select all 150 that match")
    await keys.press("Enter")
    await tab_to(stranger, "Delete…")
    await keys.press("Enter")
    dialog = stranger.get_by_role("dialog", name="Delete 150 tickets")
    await expect(dialog.get_by_label("Why?")).to_be_focused()
    await keys.type("By hand, all of it")
    await expect(dialog.get_by_label("To go on, type 150")).to_be_visible()
    await keys.press("Tab")
    await keys.type("150")
    await tab_to(stranger, "Delete 150 tickets")
    await keys.press("Enter")
    await expect(stranger.get_by_text("Deleting 150 tickets")).to_be_visible()
    await tab_to(stranger, "Watch")
    await keys.press("Enter")
    await bulk.has_state(stranger, "Completed")
    assert await shared.rows("select count(*) from tickets where :tag = any(tags) and deleted_at is null", tag=tag) == [
        (0,)
    ]


async def test_rows_are_walked_selected_and_opened(shared: SharedSystem, admin: Page) -> None:
    tag, _ = await shared.tickets(5)
    await admin.goto(f"/tickets?tags={tag}")
    await expect(admin.get_by_role("table", name="Tickets")).to_be_visible()
    await admin.keyboard.press("j")
    await admin.keyboard.press("j")
    await admin.keyboard.press("x")
    selection = admin.get_by_role("region", name="Selection")
    await expect(selection).to_contain_text("1 selected")
    await admin.keyboard.press("Shift+J")
    await expect(selection).to_contain_text("2 selected")
    await expect(admin.get_by_role("checkbox", name="Select #", checked=True)).to_have_count(2)
    await admin.keyboard.press("Enter")
    await expect(admin.get_by_role("region", name="Ticket", exact=True)).to_contain_text("Ticket 3")
    await admin.keyboard.press("e")
    await expect(admin.get_by_role("textbox", name="Title")).to_be_focused()


async def test_a_slash_searches(shared: SharedSystem, admin: Page) -> None:
    tag, _ = await shared.tickets(12)
    await admin.goto(f"/tickets?tags={tag}")
    await expect(admin.get_by_role("table", name="Tickets")).to_be_visible()
    await admin.keyboard.press("/")
    await admin.keyboard.type('"Ticket 12"')  # another one may have the number 12
    await admin.keyboard.press("Enter")
    await expect(admin.get_by_role("navigation", name="Pages")).to_contain_text("of 1")


async def test_everything_is_found_by_what_it_is_called(shared: SharedSystem, admin: Page) -> None:
    await admin.goto("/tickets")
    await expect(admin.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
    await admin.keyboard.press("Control+k")
    palette = admin.get_by_role("dialog", name="Find and do anything")
    await expect(palette.get_by_role("combobox")).to_be_focused()
    await admin.keyboard.type("audit")
    await admin.keyboard.press("Enter")
    await expect(admin.get_by_role("heading", name="Audit", exact=True)).to_be_visible()
    await admin.keyboard.press("?")
    await expect(admin.get_by_role("dialog", name="Keys")).to_contain_text("Find and do anything")
    await admin.keyboard.press("Escape")
    await admin.keyboard.press("g")
    await admin.keyboard.press("j")
    await expect(admin.get_by_role("heading", name="Jobs", exact=True)).to_be_visible()
