"""What admins are told of as admins, and who is told by an address that a setting names."""

from typing import Any

import httpx

from app.notifications.addresses import Addresses
from app.notifications.smtp import Smtp
from tests.support.mailbox import Mailbox
from tests.support.people import People
from tests.support.post_office import PostOffice
from tests.support.workbench import Workbench

CABLE = {"cableType": "Cat6", "cableGauge": "23AWG", "cableLength": "100 ft"}
ADMINS = ["admin@example.com", "other_admin@example.com"]
OPTICS: dict[str, Any] = {"type": "optics", "fields": {"part": "SFP-10G-LR"}}


def office_of(bench: Workbench, box: Mailbox, addresses: Addresses) -> PostOffice:
    office = PostOffice(bench.engine, bench.people.admin, addresses=addresses)
    office.providers.append(Smtp(box.url, "Help desk <desk@example.com>"))
    return office


def text_of(message: Any) -> str:
    text, _ = message.iter_parts()
    return str(text.get_content()).replace("\r\n", "\n")


async def ask_for_optics(requester: httpx.AsyncClient) -> str:
    asked = await requester.post("/api/optics-requests", json={"part": "Other"})
    assert asked.status_code == 201, asked.text
    return str(asked.json()["id"])


async def take_down_to(admin: httpx.AsyncClient, left: int) -> None:
    """Put ten of an item into stock, of which too few are left below five, and take some out again."""
    received = await admin.post("/api/cable-receiving", json=CABLE | {"quantity": 10})
    item_id = received.json()["itemId"]
    marked = await admin.patch(f"/api/inventory/items/{item_id}", json={"lowAt": 5})
    assert marked.status_code == 200, marked.text
    for quantity in (left - 10, -1):
        body = {"itemId": item_id, "quantity": quantity, "reason": "Counted"}
        adjusted = await admin.post("/api/inventory/adjustments", json=body)
        assert adjusted.status_code == 201, adjusted.text


async def test_all_admins_are_told_of_a_request_for_optics(
    office: PostOffice, requester: httpx.AsyncClient, box: Mailbox
) -> None:
    ticket_id = await ask_for_optics(requester)
    await office.deliver()
    assert sorted(box.recipients) == ADMINS
    for message in box.messages:
        assert "requester asks for optics." in text_of(message)
        assert f"https://desk.example.com/tickets/{ticket_id}" in text_of(message)


async def test_the_addresses_for_optics_are_told_instead(
    bench: Workbench, requester: httpx.AsyncClient, box: Mailbox
) -> None:
    office = office_of(bench, box, Addresses(optics=("noc@example.com", "desk@example.com", "noc@example.com")))
    await ask_for_optics(requester)
    await office.deliver()
    assert sorted(box.recipients) == ["desk@example.com", "noc@example.com"]
    assert box.messages[0]["List-Unsubscribe"] is None
    said = text_of(box.messages[0])
    assert said.endswith("You get this because OPTICS_ALERT_EMAILS names this address.\n")
    assert "/account" not in said


async def test_an_admin_who_is_asked_to_decide_is_told_of_that_alone(
    office: PostOffice, requester: httpx.AsyncClient, box: Mailbox, people: People
) -> None:
    created = await requester.post("/api/tickets", json=OPTICS | {"assigneeId": str(people.admin.id)})
    assert created.status_code == 201, created.text
    await office.deliver()
    assert sorted(box.recipients) == ADMINS
    [asked] = [message for message in box.messages if message["To"] == people.admin.email]
    assert "asks you to approve" in text_of(asked)


async def test_an_address_is_told_of_each_ticket_and_admins_who_want_to_be(
    bench: Workbench, requester: httpx.AsyncClient, admin: httpx.AsyncClient, box: Mailbox
) -> None:
    office = office_of(bench, box, Addresses(admin="it@example.com"))
    await requester.post("/api/tickets", json={"title": "Printer"})
    await office.deliver()
    assert box.recipients == ["it@example.com"]
    [message] = box.messages
    assert message["Subject"] == "Printer (#1)"
    assert "requester has opened this ticket." in text_of(message)
    await admin.put("/api/me/notifications", json={"created": ["email"]})
    await requester.post("/api/tickets", json={"title": "Scanner"})
    await office.deliver()
    assert sorted(box.recipients[1:]) == ["admin@example.com", "it@example.com"]


async def test_who_wants_to_be_told_of_new_tickets_but_not_of_requests_is_told_of_a_new_ticket(
    office: PostOffice, requester: httpx.AsyncClient, admin: httpx.AsyncClient, box: Mailbox
) -> None:
    await admin.put("/api/me/notifications", json={"created": ["email"], "requested": []})
    await ask_for_optics(requester)
    await office.deliver()
    assert sorted(box.recipients) == ADMINS
    [told] = [message for message in box.messages if message["To"] == ADMINS[0]]
    assert "requester has opened this ticket." in text_of(told)


async def test_stock_that_runs_low_is_told_once(bench: Workbench, admin: httpx.AsyncClient, box: Mailbox) -> None:
    office = office_of(bench, box, Addresses(admin="it@example.com"))
    await take_down_to(admin, 4)
    await office.deliver()
    assert sorted(box.recipients) == ["admin@example.com", "it@example.com", "other_admin@example.com"]
    message = box.messages[0]
    assert message["Subject"] == "Low stock: Cat6 23AWG, 100 ft"
    assert "There are 4 left, and you are told from 5 downwards." in text_of(message)


async def test_stock_that_does_not_run_low_is_told_to_nobody(
    office: PostOffice, admin: httpx.AsyncClient, box: Mailbox
) -> None:
    await take_down_to(admin, 7)
    await office.deliver()
    assert box.recipients == []


async def test_what_an_address_is_told_is_in_the_outbox_and_can_be_sent_once_more(
    bench: Workbench, requester: httpx.AsyncClient, admin: httpx.AsyncClient, box: Mailbox
) -> None:
    office = office_of(bench, box, Addresses(admin="it@example.com"))
    await requester.post("/api/tickets", json={"title": "Printer"})
    await office.deliver()
    [message] = (await admin.get("/api/outbox")).json()["messages"]
    assert (message["user"], message["address"], message["status"]) == (None, "it@example.com", "delivered")
    shown = (await admin.get(f"/api/outbox/{message['id']}")).json()
    assert shown["letter"]["to"] == "it@example.com"
    assert (await admin.post(f"/api/outbox/{message['id']}/replay")).status_code == 202
    await office.deliver()
    assert box.recipients == ["it@example.com"] * 2


async def test_an_address_is_told_nothing_of_a_ticket_that_is_deleted_meanwhile(
    bench: Workbench, requester: httpx.AsyncClient, admin: httpx.AsyncClient, box: Mailbox
) -> None:
    office = office_of(bench, box, Addresses(admin="it@example.com"))
    ticket_id = (await requester.post("/api/tickets", json={"title": "Printer"})).json()["id"]
    await office.planner.sweep()
    await admin.delete(f"/api/tickets/{ticket_id}")
    await office.send()
    assert await office.statuses() == {"skipped": 1}
