"""Every screen and every dialog, and how one gets there."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from signal import SIGSTOP
from typing import NamedTuple
from uuid import uuid4

from playwright.async_api import Page, expect

from app.cli import samples
from tests.browser import bulk
from tests.browser.browsers import later
from tests.browser.jobs import begun, held, refused, slow
from tests.browser.requests import a_link, a_request
from tests.e2e.shared_system import SharedSystem
from tests.support.people import PASSWORD
from tests.support.receiver import Receiver, Reply, receiving
from tests.support.waiting import until

FILE = "subject,priority,labels,color\nPrinter on fire,high,old,red\nMouse is gone,soon,,blue\n,low,,\n"


class Shown(NamedTuple):
    """What there is to be seen, by id."""

    ticket: str
    running: str
    failing: str
    failed: str
    contact: str
    import_: str
    view: str
    item: str
    webhook: str
    request: str
    link: str  # to approve that
    beneath: str = "text=Oslo"  # finds the few tickets that are listed where a dialog or a ticket lies over the list


Opener = Callable[[Page, Shown], Awaitable[object]]
EDIT = re.compile("^Edit$")  # of a ticket, and of no view at the side


@asynccontextmanager
async def furnished(shared: SharedSystem) -> AsyncIterator[Shown]:
    """Fill a database as if people had worked with it, and stop the worker in the middle of a job."""
    async with shared.engine.begin() as connection:
        await samples.add(connection, tickets=400, password=None)
    rows = await shared.rows("select id from tickets order by number desc")
    ids = [row[0] for row in rows]
    await shared.execute(
        "update tickets set title = title || ' in Oslo' where id = any(:ids)", ids=[*ids[:3], *ids[350:353]]
    )
    for name in ("grace", "ada", "linus"):
        await shared.execute(
            "insert into users (username, email, role, password_hash) values (:name, :email, 'agent', 'none')",
            name=name,
            email=f"{name}@example.com",
        )
    await shared.execute(
        "update tickets set assignee_id = (select id from users where role = 'agent' order by md5(users.id::text"
        " || tickets.id::text) limit 1) where status <> 'open'"
    )
    await shared.run("bulk-update", {"ticketIds": [str(one) for one in ids[:40]], "priority": "high"})
    failing = await shared.run(
        "bulk-delete",
        {"ticketIds": [*(str(one) for one in ids[350:]), *(str(uuid4()) for _ in range(12))]},
        reason="Spam wave of 24 November",
    )
    await shared.post(
        "bulk-update",
        {"filter": {"status": "resolved"}, "status": "closed"},
        runAt="2099-01-01T00:00:00Z",
        reason="Tidying up",
    )
    failed = await slow(shared, ids[40:80])
    async with refused(shared, "jobs", f"old.id = '{failed['id']}' and old.succeeded < new.succeeded"):
        await shared.end_of(failed)
    webhook = await a_webhook(shared)
    request = (await a_request(shared, description="The one that is there is too short."))["id"]
    async with held(shared, ids[150]):
        running = await begun(shared, ids[100:340], until_processed=140, reason="Moved to the new system")
        shared.worker_process.send_signal(SIGSTOP)
        yield Shown(
            str(ids[0]),
            *(running["id"], failing["id"], failed["id"]),
            *(await a_contact(shared), await an_import(shared), await a_view(shared), await an_item(shared)),
            *(webhook, request, await a_link(shared, request)),
        )


async def a_contact(shared: SharedSystem) -> str:
    contacts = [{"name": "Grace Hopper", "email": "grace@navy.example", "organization": "Navy"}, {"name": "Katherine"}]
    made = [await shared.api.post("/api/contacts", json=contact) for contact in contacts]
    return str(made[0].json()["id"])


async def an_import(shared: SharedSystem) -> str:
    answer = await shared.api.post("/api/imports", content=FILE, headers={"Content-Type": "text/csv"})
    return str(answer.json()["id"])


async def a_view(shared: SharedSystem) -> str:
    view = {"name": "Urgent", "filter": {"priority": "urgent"}, "columns": ["title", "tags", "created"]}
    answer = await shared.api.post("/api/views", json=view)
    return str(answer.json()["name"])


async def an_item(shared: SharedSystem) -> str:
    """Put some cables into stock; return one of which there is too little."""
    for cable, quantity in (("Cat6 23AWG 100", 42), ("Cat5e 24AWG 500", 1200), ("OM4 50/125 3m", 7)):
        names = dict(zip(("cableType", "cableGauge", "cableLength"), cable.split(), strict=True))
        answer = await shared.api.post("/api/cable-receiving", json=names | {"quantity": quantity})
        item_id = str(answer.json()["itemId"])
    await shared.api.patch(f"/api/inventory/items/{item_id}", json={"lowAt": 5})
    body = {"itemId": item_id, "quantity": -3, "reason": "Counted again: a box was empty"}
    await shared.api.post("/api/inventory/adjustments", json=body)
    return item_id


async def a_webhook(shared: SharedSystem) -> str:
    """Make one that had a ping, and does not take the next; and one that is gone. Both are told of nothing else."""
    async with receiving() as receiver:
        receiver.replies["/old"] = Reply(410, b"moved away")
        gone = await webhook_at(shared, receiver, "/old")
        well = await webhook_at(shared, receiver, "/hook", description="The stock keeper’s")
        await pinged(shared, gone)
        await pinged(shared, well)
        receiver.replies["/hook"] = Reply(500, b"<h1>Internal Server Error</h1>")
        await pinged(shared, well)
    return well


async def webhook_at(shared: SharedSystem, receiver: Receiver, path: str, **fields: str) -> str:
    body = {"url": receiver.url + path, "events": ["ticket.approved", "ticket.fulfilled", "ticket.rejected"], **fields}
    return str((await shared.api.post("/api/webhooks", json=body)).json()["id"])


async def pinged(shared: SharedSystem, webhook_id: str) -> None:
    """Send a ping, and wait until it was tried."""
    ping = (await shared.api.post(f"/api/webhooks/{webhook_id}/ping")).json()

    async def was_tried() -> bool:
        return bool((await shared.api.get(f"/api/deliveries/{ping['id']}")).json()["attempts"])

    await until(was_tried, seconds=30)


def at(path: str, shows: str) -> Opener:
    """A screen that is there when its heading and what it is about are."""

    async def opener(page: Page, shown: Shown) -> None:
        await page.goto(path.format(**shown._asdict()))
        await expect(page.get_by_text(re.compile(shows)).filter(visible=True).first).to_be_visible()
        await expect(page.get_by_text("Loading…")).to_have_count(0)

    return opener


def pressing(screen: Opener, button: str | re.Pattern[str], shows: str) -> Opener:
    """A screen with a dialog, or the like, that a button of it opens."""

    async def opener(page: Page, shown: Shown) -> None:
        await screen(page, shown)
        await page.get_by_role("button", name=button).first.click()
        await expect(page.get_by_text(re.compile(shows)).filter(visible=True).first).to_be_visible()

    return opener


def typing(screen: Opener, keys: str, dialog: str) -> Opener:
    async def opener(page: Page, shown: Shown) -> None:
        await screen(page, shown)
        await page.keyboard.press(keys)
        await expect(page.get_by_role("dialog", name=dialog)).to_be_visible()

    return opener


def in_bulk(screen: Opener, action: str) -> Opener:
    async def opener(page: Page, shown: Shown) -> None:
        await screen(page, shown)
        await page.get_by_role("checkbox", name="Select #").first.check()
        await page.get_by_role("checkbox", name="Select #").nth(1).check()
        dialog = await bulk.opened(page, action)
        await expect(dialog.get_by_role("list", name="What they are now")).to_be_visible()

    return opener


ticket = at("/tickets/{ticket}?{beneath}", "Requester")
few_tickets = at("/tickets?{beneath}", "#[0-9]+")
few_in_trash = at("/trash?{beneath}", "#[0-9]+")


async def in_conflict(page: Page, shown: Shown) -> None:
    """Save a ticket that someone else has changed meanwhile."""
    path = f"/api/tickets/{shown.ticket}"
    await pressing(ticket, EDIT, "Description")(page, shown)
    await page.get_by_role("textbox", name="Title").fill("Printer on fire, again")
    login = await page.request.post("/api/login", data={"username": "admin", "password": PASSWORD})
    headers = {"Authorization": f"Bearer {(await login.json())['access_token']}", "If-Match": "*"}
    theirs = await page.request.patch(path, data={"title": f"Put out: {uuid4().hex[:8]}"}, headers=headers)
    assert theirs.ok, await theirs.text()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("dialog", name="Someone else changed this ticket")).to_be_visible()


async def merging(page: Page, shown: Shown) -> None:
    await ticket(page, shown)
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name="Merge into another").click()
    await expect(page.get_by_role("dialog", name="Merge #").get_by_role("combobox")).to_be_visible()


async def importing(page: Page, shown: Shown) -> None:
    """Send a file whose columns the page can be told of, as it has the file."""
    await at("/imports", "Choose a CSV")(page, shown)
    await page.get_by_label("A file of tickets").set_input_files(
        {"name": "old.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    await page.get_by_label("subject").wait_for()
    await page.get_by_label("color").select_option("Tags")
    await expect(page.get_by_role("button", name="Read the file")).to_be_visible()
    await expect(page.get_by_role("button", name="Import 1 ticket")).to_be_disabled()


async def signed_out(page: Page, shown: Shown) -> None:
    """Let a session end while someone is at work."""
    await few_tickets(page, shown)
    await page.route("**/api/session/refresh", lambda route: route.fulfill(status=401, json=NO_SESSION))
    await later(page)
    await page.get_by_role("link", name="Jobs").dispatch_event("click")  # the dialog may lie over it already
    await expect(page.get_by_role("dialog", name="Sign in again")).to_be_visible()


def without_session(path: str, button: str) -> Opener:
    """A screen of those who are not signed in."""

    async def opener(page: Page, shown: Shown) -> None:
        await page.route("**/api/session/refresh", lambda route: route.fulfill(status=401, json=NO_SESSION))
        await page.goto(path)
        await expect(page.get_by_role("button", name=button)).to_be_visible()

    return opener


async def with_toast(page: Page, shown: Shown) -> None:
    """Save a view, and delete it again."""
    await pressing(at("/tickets?text=Oslo", "#[0-9]+"), "Views", "Save this filter as")(page, shown)
    await page.get_by_label("Save this filter as").fill("Open ones")
    await page.get_by_role("button", name="Save view").click()
    await page.get_by_role("button", name="Delete the view Open ones").click()
    await page.get_by_role("alert").filter(has_text="Deleted the view").hover()  # so that it stays


async def editing_view(page: Page, shown: Shown) -> None:
    await pressing(at("/tickets", "#[0-9]+"), "Views", "To save a view")(page, shown)
    await page.get_by_role("dialog").get_by_role("button", name=f"Edit the view {shown.view}").click()
    await expect(page.get_by_role("dialog", name="Edit the view").get_by_label("Name")).to_be_visible()


async def opened_delivery(page: Page, shown: Shown) -> None:
    await at("/webhooks/{webhook}", "Delivered")(page, shown)
    await page.get_by_role("row").filter(has_text="Delivered").get_by_role("button").click()
    await expect(page.get_by_role("region", name="Attempts")).to_contain_text("thank you")


async def opened_message(page: Page, shown: Shown) -> None:
    await at("/outbox", "Request to approve")(page, shown)
    await page.get_by_role("row").filter(has_text="Request to approve").get_by_role("button").click()
    await expect(page.get_by_role("region", name="Message")).to_contain_text("asks you to approve")


async def off(page: Page, shown: Shown) -> None:
    await at("/webhooks", "Off: gone")(page, shown)
    await page.get_by_role("link", name="/old").click()
    await expect(page.get_by_text("gone for good")).to_be_visible()


async def new_secret(page: Page, shown: Shown) -> None:
    await at("/webhooks/{webhook}", "Delivered")(page, shown)
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name="New secret").click()
    await page.get_by_role("button", name="Make new secret").click()
    await expect(page.get_by_role("dialog", name="The new secret").get_by_label("Secret")).to_be_visible()


async def link_to_nowhere(page: Page, shown: Shown) -> None:
    await page.goto(f"/tickets/{shown.request}/approve/unknown")
    await expect(page.get_by_role("heading", name="This link leads nowhere")).to_be_visible()


MEANT = "412 .*/api/tickets/|404 .*/api/approvals/"  # what goes wrong on purpose on the way to these screens
NO_SESSION = {"status": 401, "code": "unauthorized", "title": "Unauthorized", "detail": "", "requestId": "a-request"}
SCREENS: dict[str, Opener] = {
    "sign-in": without_session("/", "Sign in"),
    "register": without_session("/register", "Register"),
    "tickets": at("/tickets", "#[0-9]+"),
    "ticket": ticket,
    "ticket-merge": merging,
    "ticket-edit": pressing(ticket, EDIT, "Description"),
    "ticket-conflict": in_conflict,
    "ticket-new": pressing(few_tickets, "New ticket", "Create ticket"),
    "view-edit": editing_view,
    "view": at("/tickets?columns=title&columns=tags&columns=contact&columns=created&{beneath}", " in Oslo"),
    "bulk-delete": in_bulk(few_tickets, "Delete"),
    "bulk-change": in_bulk(few_tickets, "Change"),
    "bulk-restore": in_bulk(few_in_trash, "Restore"),
    "bulk-purge": in_bulk(few_in_trash, "Purge"),
    "jobs": at("/jobs", "Delete 240 tickets"),
    "jobs-ended": at("/jobs?tab=ended", "Delete 62 tickets"),
    "jobs-scheduled": at("/jobs?tab=scheduled", "Change"),
    "job-running": at("/jobs/{running}", "140 of 240|140"),
    "job-ended": at("/jobs/{failing}", "not_found"),
    "job-failed": at("/jobs/{failed}", "It could not go on"),
    "trash": at("/trash", "#[0-9]+"),
    "contacts": at("/contacts", "Grace Hopper"),
    "contact": at("/contacts/{contact}", "Tickets of this contact"),
    "contact-new": at("/contacts/new", "Create contact"),
    "contact-merge": pressing(at("/contacts/{contact}", "Tickets of this contact"), "Merge", "Merge contacts"),
    "contact-delete": pressing(at("/contacts/{contact}", "Tickets of this contact"), "Delete", "Delete contact"),
    "stock": at("/stock", "Cat6"),
    "stock-receive": pressing(at("/stock", "Cat6"), "Receive cables", "Put into stock"),
    "stock-item": at("/stock/{item}", "Counted again"),
    "stock-adjust": pressing(at("/stock/{item}", "Counted again"), "Adjust", "How many more"),
    "stock-low": pressing(at("/stock/{item}", "Counted again"), "Low level", "Low with so many or fewer"),
    "stock-ledger": at("/stock/ledger", "Counted again"),
    "import": at("/imports", "Choose a CSV"),
    "import-columns": importing,
    "import-preview": at("/imports/{import_}", "What is wrong, by line"),
    "audit": at("/audit", "admin"),
    "users": at("/users", "grace"),
    "policies": at("/policies", "No policies yet|Urgent"),
    "policy": pressing(at("/policies", "Deadlines"), "New policy", "Hours that count"),
    "calendar": pressing(at("/policies", "Calendars"), "New calendar", "Opening hours"),
    "webhooks": at("/webhooks", "The stock keeper’s"),
    "webhook": opened_delivery,
    "webhook-off": off,
    "webhook-new": pressing(at("/webhooks", "The stock keeper’s"), "New webhook", "ticket.restored"),
    "webhook-secret": new_secret,
    "outbox": opened_message,
    "optics-parts": pressing(at("/stock", "Cat6"), "Optics", "One part a line"),
    "request-new": at("/tickets/new/cable?{beneath}", "Cable gauge"),
    "optics-new": at("/tickets/new/optics?{beneath}", "Part"),
    "request": at("/tickets/{request}?{beneath}", "Cable gauge"),
    "request-reject": pressing(at("/tickets/{request}?{beneath}", "Cable gauge"), "Reject…", "Why?"),
    "approval": at("{link}", "Reject instead"),
    "rejection": pressing(at("{link}", "Reject instead"), "Reject instead", "Why?"),
    "approval-unknown": link_to_nowhere,
    "account": at("/account", "Change password"),
    "dashboard": at("/dashboard", "Unsolved, by assignee"),
    "nothing": at("/tickets?text=nothing-is-called-that", "No tickets match"),
    "not-found": at("/nowhere", "There is no such page"),
    "palette": typing(few_tickets, "Control+k", "Find and do anything"),
    "keys": typing(few_tickets, "?", "Keys"),
    "menu": pressing(few_tickets, "admin", "Sign out"),
    "toast": with_toast,
    "sign-in-again": signed_out,
}
