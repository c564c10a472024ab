"""A shift of an agent, and what a requester sees of it."""

from datetime import timedelta
from uuid import UUID, uuid4

from playwright.async_api import Locator, Page, expect

from tests.browser.browsers import Browsers
from tests.e2e.shared_system import SharedSystem
from tests.support.people import PASSWORD


def ticket_in(page: Page) -> Locator:
    return page.get_by_role("region", name="Ticket", exact=True)


def comments_in(page: Page) -> Locator:
    return ticket_in(page).get_by_role("list", name="Comments")


async def opened(page: Page, ticket_id: UUID) -> None:
    await page.goto(f"/tickets/{ticket_id}")
    await expect(comments_in(page)).to_be_attached()


async def state_of(shared: SharedSystem, ticket_id: UUID) -> tuple[str, UUID | None]:
    [row] = await shared.rows("select status, assignee_id from tickets where id = :id", id=ticket_id)
    return row[0], row[1]


async def test_a_ticket_is_taken_answered_noted_and_solved_without_a_mouse(
    shared: SharedSystem, browsers: Browsers
) -> None:
    tag, [ticket_id] = await shared.tickets(1)
    page = await browsers.open("agent")
    keys = page.keyboard
    await page.goto(f"/tickets?tags={tag}")
    await expect(page.get_by_role("table", name="Tickets")).to_be_visible()
    await keys.press("j")
    await keys.press("Enter")
    await expect(ticket_in(page).get_by_role("button", name="Take")).to_be_visible()

    await keys.press("t")
    await expect(ticket_in(page).get_by_role("button", name="Take")).to_be_hidden()
    await keys.press("r")
    await keys.type("It is **fixed** by now.")
    await keys.press("Control+Enter")
    await expect(comments_in(page)).to_contain_text("It is fixed by now.")
    await keys.press("Escape")
    await keys.press("n")
    await keys.type("The cable was loose.")
    await keys.press("Control+Enter")
    note = comments_in(page).get_by_role("listitem").filter(has_text="The cable was loose.")
    await expect(note).to_contain_text("Internal note")
    await keys.press("Escape")
    await keys.press("s")
    menu = page.get_by_role("menu")
    await expect(menu.get_by_role("menuitem")).to_have_text(["In progress", "Pending", "Resolved", "Closed"])
    await menu.get_by_role("menuitem", name="In progress").focus()
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(ticket_in(page).get_by_role("definition").filter(has_text="Resolved")).to_be_visible()
    assert await state_of(shared, ticket_id) == ("resolved", shared.people.agent.id)
    internal = await shared.rows("select body, internal from comments where ticket_id = :id order by id", id=ticket_id)
    assert internal == [("It is **fixed** by now.", False), ("The cable was loose.", True)]


async def test_who_registers_and_writes_sees_the_answer_at_once_but_no_notes(
    shared: SharedSystem, browsers: Browsers, stranger: Page
) -> None:
    name = f"rita-{uuid4().hex[:8]}"
    await stranger.goto("/")
    await stranger.get_by_role("link", name="Register").click()
    await stranger.get_by_label("User name").fill(name)
    await stranger.get_by_label("E-mail").fill(f"{name}@example.com")
    await stranger.get_by_label("Password").fill(PASSWORD)
    await stranger.get_by_role("button", name="Register").click()
    await stranger.get_by_role("button", name="New ticket").first.click()
    await stranger.get_by_role("textbox", name="Title").fill(f"The printer of {name} is on fire")
    await stranger.get_by_role("button", name="Create ticket").click()
    await stranger.get_by_role("link", name=f"The printer of {name}").click()
    await expect(ticket_in(stranger)).to_contain_text("Nobody has answered yet.")
    await stranger.evaluate("window.isSamePage = true")

    [[ticket_id]] = await shared.rows("select id from tickets where title like :title", title=f"%{name}%")
    agent = await browsers.open("agent")
    await opened(agent, ticket_id)
    answer = ticket_in(agent).get_by_role("textbox")
    await ticket_in(agent).get_by_text("Internal note").click()
    await answer.fill("They had it coming.")
    await answer.press("Control+Enter")
    await expect(comments_in(agent)).to_contain_text("They had it coming.")
    await ticket_in(agent).get_by_role("radiogroup").get_by_text("Answer").click()
    await answer.fill("Pull the plug.")
    await answer.press("Control+Enter")

    await expect(comments_in(stranger)).to_contain_text("Pull the plug.")
    await expect(comments_in(stranger).get_by_role("listitem")).to_have_count(1)
    await expect(stranger.get_by_text("They had it coming.")).to_have_count(0)
    assert await stranger.evaluate("window.isSamePage")


async def test_two_agents_see_each_other_at_a_ticket_and_that_one_writes(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    _, [ticket_id] = await shared.tickets(1)
    agent = await browsers.open("agent")
    await opened(admin, ticket_id)
    await opened(agent, ticket_id)
    seen_by_admin, seen_by_agent = (page.get_by_role("status", name="Who else is here") for page in (admin, agent))
    await expect(seen_by_admin).to_have_text("agent has this open, too")
    await expect(seen_by_agent).to_have_text("admin has this open, too")
    await agent.get_by_role("textbox", name="Answer").press_sequentially("Hello")
    await expect(seen_by_admin).to_have_text("agent is writing")
    await agent.get_by_role("textbox", name="Answer").press("Control+Enter")
    await expect(seen_by_admin).to_have_text("agent has this open, too")
    await agent.get_by_role("link", name="Jobs").click()
    await expect(seen_by_admin).to_have_text("")


async def test_a_duplicate_is_merged_and_leads_to_the_ticket_that_survives(
    shared: SharedSystem, browsers: Browsers
) -> None:
    _, [survivor, duplicate] = await shared.tickets(2)
    [[number]] = await shared.rows("select number from tickets where id = :id", id=survivor)
    page = await browsers.open("agent")
    await opened(page, duplicate)
    await ticket_in(page).get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name="Merge into another").click()
    dialog = page.get_by_role("dialog", name="Merge #")
    await dialog.get_by_role("combobox").fill(f"#{number}")
    await page.get_by_role("option", name=f"#{number} Ticket 1").click()
    await dialog.get_by_role("button", name=f"Merge into #{number}").click()
    await expect(ticket_in(page).get_by_role("heading", name=f"#{number} Ticket 1")).to_be_visible()
    await opened(page, duplicate)
    await ticket_in(page).get_by_role("link", name=f"#{number} Ticket 1").click()
    await expect(ticket_in(page).get_by_role("heading", name=f"#{number} Ticket 1")).to_be_visible()


async def test_tickets_are_related_and_unrelated(shared: SharedSystem, browsers: Browsers) -> None:
    _, [one, other] = await shared.tickets(2)
    [[number]] = await shared.rows("select number from tickets where id = :id", id=other)
    page = await browsers.open("agent")
    await opened(page, one)
    related = page.get_by_role("region", name="Related tickets")
    await related.get_by_role("button", name="Relate a ticket").click()
    dialog = page.get_by_role("dialog", name="Relate a ticket")
    await dialog.get_by_role("combobox").fill(str(number))
    await page.get_by_role("option", name=f"#{number} Ticket 2").click()
    await dialog.get_by_role("button", name=f"Relate #{number}").click()
    await related.get_by_role("link", name=f"#{number} Ticket 2").click()
    await related.get_by_role("link", name="Ticket 1").wait_for()
    await related.get_by_role("button", name="Do not relate").click()
    await expect(related.get_by_role("listitem")).to_have_count(0)


async def test_what_is_late_is_found_and_said(shared: SharedSystem, browsers: Browsers) -> None:
    tag, [late, near, _] = await shared.tickets(3)
    due = "update tickets set due_at = now() + :left, breached = :late where id = :id"
    await shared.execute(due, left=timedelta(hours=-3), late=True, id=late)
    await shared.execute(due, left=timedelta(minutes=50), late=False, id=near)
    page = await browsers.open("agent")
    await page.goto(f"/tickets?tags={tag}")
    await page.get_by_role("group", name="Filter").get_by_role("button", name="Due").click()
    await page.get_by_role("checkbox", name="Late", exact=True).check()
    rows = page.get_by_role("table", name="Tickets").get_by_role("row")
    await expect(rows).to_have_count(2)  # the head, and one
    await expect(rows.last).to_contain_text("3 h late")
    await page.get_by_role("checkbox", name="Due within an hour").check()
    await expect(rows).to_have_count(3)
    assert page.url.endswith(f"/tickets?tags={tag}&sla=breached&sla=at_risk")


async def test_a_policy_in_the_hours_of_a_calendar_is_made_and_its_job_watched(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    browsers.allow("400 .*/api/sla-policies", "409 .*/api/calendars/")
    await admin.goto("/policies")
    await admin.get_by_role("button", name="New calendar").click()
    dialog = admin.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Office")
    await dialog.get_by_label("Time zone").fill("Europe/Berlin")
    await dialog.get_by_label("Opening hours").fill("Mon-Fri 9 to 5")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_contain_text("“Mon-Fri 9 to 5” does not read like")
    await dialog.get_by_label("Opening hours").fill("Mon-Thu 09:00-17:00\nFri 09:00-13:00")
    await dialog.get_by_label("Holidays").fill("2026-12-25")
    await dialog.get_by_role("button", name="Save").click()
    await expect(admin.get_by_role("table", name="Calendars")).to_contain_text("Mon-Thu 09:00-17:00, Fri 09:00-13:00")

    await admin.get_by_role("button", name="New policy").click()
    await dialog.get_by_label("Name").fill("Urgent ones")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Give one of the three")
    await dialog.get_by_label("Urgent", exact=True).check()
    await dialog.get_by_label("First answer").fill("90")
    await dialog.get_by_label("Hours that count").select_option("Office")
    await dialog.get_by_role("button", name="Save").click()
    row = admin.get_by_role("table", name="Policies").get_by_role("row").last
    await expect(row).to_contain_text("Urgent")
    await expect(row).to_contain_text("1 h 30 min")
    await expect(row).to_contain_text("Office")
    await admin.get_by_role("button", name="Watch").click()
    await expect(admin.get_by_role("heading", name="Recompute the deadlines of")).to_be_visible()

    await admin.goto("/policies")
    await admin.get_by_role("button", name="Change Office").click()
    await dialog.get_by_role("button", name="Delete").click()
    await dialog.get_by_role("button", name="Delete it for good").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("A policy counts by this calendar")
