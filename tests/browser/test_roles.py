import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.browsers import SESSION_ENDED, Browsers
from tests.browser.forms import sign_in
from tests.e2e.shared_system import SharedSystem

VIEWS = [
    re.compile(rf"^{name} \d*$") for name in ("Mine", "Unassigned", "Breaching", "All open", "To decide", "My requests")
]
SCREENS: dict[str, list[str | re.Pattern[str]]] = {
    "requester": ["Tickets", VIEWS[-1]],
    "agent": ["Tickets", *VIEWS, "Jobs", "Trash", "Dashboard", "Contacts", "Stock"],
    "admin": [
        "Tickets",
        *VIEWS,
        "Jobs",
        "Trash",
        "Dashboard",
        "Contacts",
        "Stock",
        "Import",
        "Audit",
        "Users",
        "Policies",
        "Webhooks",
        "Outbox",
    ],
}


@pytest.mark.parametrize("role", SCREENS)
async def test_the_side_bar_has_what_a_role_may_see(browsers: Browsers, role: str) -> None:
    page = await browsers.open(role)
    await page.goto("/")
    links = page.get_by_role("navigation", name="Screens").get_by_role("link")
    await expect(links).to_have_text([*SCREENS[role]])


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("requester", "/jobs"),
        ("requester", "/trash"),
        ("requester", "/contacts"),
        ("agent", "/imports"),
        ("agent", "/audit"),
        ("agent", "/users"),
        ("agent", "/policies"),
        ("agent", "/stock/receive"),
        ("requester", "/stock"),
        ("requester", "/stock/ledger"),
        ("agent", "/webhooks"),
    ],
)
async def test_a_link_to_what_a_role_may_not_see_leads_nowhere(browsers: Browsers, role: str, path: str) -> None:
    page = await browsers.open(role)
    await page.goto(path)
    await expect(page.get_by_role("heading", name="Not found")).to_be_visible()


async def test_a_requester_sees_their_own_tickets_and_no_bulk_controls(
    shared: SharedSystem, browsers: Browsers
) -> None:
    tag, _ = await shared.tickets(3)
    await shared.execute(
        "update tickets set requester_id = :id where title = 'Ticket 1' and :tag = any(tags)",
        id=shared.people.other_requester.id,
        tag=tag,
    )
    page = await browsers.open("requester")
    await page.goto(f"/tickets?tags={tag}")
    table = page.get_by_role("table", name="Tickets")
    await expect(table.get_by_text("Ticket 3")).to_be_visible()
    await expect(table.get_by_text("Ticket 1")).to_be_hidden()
    await expect(page.get_by_role("checkbox")).to_have_count(0)
    await expect(page.get_by_role("button", name="New ticket")).to_be_visible()


async def test_an_agent_sees_all_tickets_and_no_jobs_of_others(shared: SharedSystem, browsers: Browsers) -> None:
    browsers.allow("404 .*/api/jobs/")
    tag, ids = await shared.tickets(3)
    job = await shared.run("bulk-update", {"ticketIds": [str(one) for one in ids], "priority": "high"})
    page = await browsers.open("agent")
    await page.goto(f"/tickets?tags={tag}")
    await expect(page.get_by_role("table", name="Tickets").get_by_text("Ticket 1")).to_be_visible()
    await expect(page.get_by_role("checkbox")).to_have_count(0)
    await page.get_by_role("link", name="Jobs").click()
    await expect(page.get_by_role("heading", name="Nothing is in motion")).to_be_visible()
    await page.get_by_role("tab", name="Ended").click()
    await expect(page.get_by_role("heading", name="No job has ended yet")).to_be_visible()
    await page.goto(f"/jobs/{job['id']}")
    await expect(page.get_by_text("Not there")).to_be_visible()


async def test_who_is_made_an_agent_is_signed_out_at_once_and_sees_what_an_agent_may_see(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    browsers.allow(SESSION_ENDED)
    theirs = await browsers.open("other_admin")
    await theirs.goto("/users")
    await expect(theirs.get_by_role("table", name="Users")).to_be_visible()
    await admin.goto("/users")
    await admin.get_by_role("button", name="Change other_admin").click()
    await admin.get_by_role("menuitem", name="Make an agent").click()
    await admin.get_by_role("dialog").get_by_role("button", name="Make an agent").click()
    await expect(admin.get_by_role("row").filter(has_text="other_admin")).to_contain_text("Agent")

    await expect(theirs.get_by_role("dialog", name="Sign in again")).to_be_visible()
    await sign_in(theirs, "other_admin")
    links = theirs.get_by_role("navigation", name="Screens").get_by_role("link")
    await expect(links).to_have_text([*SCREENS["agent"]])
    await expect(theirs.get_by_role("heading", name="Not found")).to_be_visible()

    await admin.get_by_role("link", name="Audit").click()
    log = admin.get_by_role("table", name="Audit").get_by_role("row")
    await expect(log.filter(has_text="admin made other_admin an agent")).to_be_visible()


async def test_what_is_not_shown_is_refused_all_the_same(shared: SharedSystem, browsers: Browsers) -> None:
    page = await browsers.open("agent")
    token = (await (await page.request.post("/api/session/refresh")).json())["access_token"]
    _, ids = await shared.tickets(1)
    answer = await page.request.post(
        "/api/jobs",
        data={"type": "bulk-delete", "payload": {"ticketIds": [str(ids[0])]}},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (answer.status, (await answer.json())["code"]) == (403, "forbidden")
