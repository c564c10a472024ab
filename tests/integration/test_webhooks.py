"""What admins do with webhooks, over HTTP."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.events.names import SENTENCES
from tests.support.people import People
from tests.support.post_office import PostOffice
from tests.support.receiver import Receiver
from tests.support.workbench import Workbench

URL = "https://desk.example.com/hook"


@pytest.fixture
def office(bench: Workbench, people: People) -> PostOffice:
    return PostOffice(bench.engine, people.admin)


async def created(admin: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await admin.post("/api/webhooks", json={"url": URL, "events": ["ticket.created"]} | fields)
    assert answer.status_code == 201, answer.text
    webhook: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/webhooks/{webhook['id']}"
    return webhook


async def actions(bench: Workbench) -> list[str]:
    async with bench.engine.connect() as connection:
        rows = await connection.exec_driver_sql("select action from audit_log where action like 'webhook%' order by id")
        return list(rows.scalars())


async def test_the_secret_is_told_once(admin: httpx.AsyncClient) -> None:
    webhook = await created(admin, description="Pager")
    secret = webhook.pop("secret")
    assert secret.startswith("whsec_")
    read = await admin.get(f"/api/webhooks/{webhook['id']}")
    listed = await admin.get("/api/webhooks")
    assert read.json() == webhook
    assert listed.json() == {"webhooks": [webhook]}
    changed = await admin.patch(f"/api/webhooks/{webhook['id']}", json={"description": "Another"})
    audit = await admin.get("/api/audit")
    for answer in (read, listed, changed, audit):
        assert "whsec_" not in answer.text


async def test_changes_deletion_and_who_did_it(admin: httpx.AsyncClient, bench: Workbench, people: People) -> None:
    webhook = await created(admin)
    path = f"/api/webhooks/{webhook['id']}"
    assert (webhook["createdBy"], webhook["enabled"], webhook["items"]) == (str(people.admin.id), True, False)
    fields = {"url": URL + "/2", "events": ["job.completed", "job.failed"], "description": "Jobs", "items": True}
    changed = (await admin.patch(path, json=fields)).json()
    assert {name: changed[name] for name in fields} == fields
    assert (await admin.delete(path)).status_code == 204
    for method, each in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/rotate"), ("POST", "/ping")):
        answer = await admin.request(method, path + each, json={"items": True} if method == "PATCH" else None)
        assert answer.status_code == 404, each
    assert await actions(bench) == ["webhook.created", "webhook.changed", "webhook.deleted"]


async def test_an_event_that_is_retired_is_not_told_any_more(admin: httpx.AsyncClient, bench: Workbench) -> None:
    webhook = await created(admin)
    await bench.execute("update webhooks set events = array['ticket.labeled', 'ticket.created']")
    read = await admin.get(f"/api/webhooks/{webhook['id']}")
    assert (read.status_code, read.json()["events"]) == (200, ["ticket.created"])


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"events": []}, "$.events"),
        ({"events": ["ticket.exploded"]}, "$.events[0]"),
        ({"url": "desk.example.com"}, "$.url"),
        ({"url": "https://desk.example.com/a b"}, "$.url"),
        ({"url": "https://user@desk.example.com/"}, "$.url"),
        ({"url": "https://10.0.0.1/"}, "$.url"),
        ({"url": "https://0xa000001/"}, "$.url"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "$.url"),
        ({"url": "https://" + "x" * 2000}, "$.url"),
        ({"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "$"),
        ({"createdBy": str(uuid4())}, "$"),
    ],
)
async def test_what_is_refused(admin: httpx.AsyncClient, fields: dict[str, Any], path: str) -> None:
    answer = await admin.post("/api/webhooks", json={"url": URL, "events": ["ticket.created"]} | fields)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, path)
    assert (await admin.get("/api/webhooks")).json() == {"webhooks": []}


async def test_there_are_only_so_many(admin: httpx.AsyncClient, office: PostOffice) -> None:
    for _ in range(100):
        await office.add_webhook(URL)
    answer = await admin.post("/api/webhooks", json={"url": URL, "events": ["ticket.created"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_webhooks")


async def test_for_a_day_after_a_rotation_both_secrets_sign(
    admin: httpx.AsyncClient, office: PostOffice, receiver: Receiver
) -> None:
    webhook = await created(admin, url=receiver.url)
    rotated = (await admin.post(f"/api/webhooks/{webhook['id']}/rotate")).json()
    assert rotated["secret"] != webhook["secret"]
    await office.record()
    await office.deliver()
    for secret in (webhook["secret"], rotated["secret"]):
        receiver.requests[0].verify(secret)
    await office.execute("update webhooks set old_secret_until = now()")
    await office.record()
    await office.deliver()
    assert len(receiver.requests[1].headers["webhook-signature"].split()) == 1
    receiver.requests[1].verify(rotated["secret"])


async def test_a_ping_tries_a_webhook_out(admin: httpx.AsyncClient, office: PostOffice, receiver: Receiver) -> None:
    webhook = await created(admin, url=receiver.url)
    pinged = (await admin.post(f"/api/webhooks/{webhook['id']}/ping")).json()
    assert (pinged["type"], pinged["status"], pinged["attempts"]) == ("webhook.ping", "pending", 0)
    await office.deliver()
    [request] = receiver.requests
    request.verify(webhook["secret"])
    assert (request.id, request.event["type"]) == (pinged["id"], "webhook.ping")
    shown = (await admin.get(f"/api/deliveries/{pinged['id']}")).json()
    assert (shown["status"], shown["attempts"], shown["statusCode"], shown["nextAt"]) == ("delivered", 1, 200, None)
    assert shown["body"] == request.event
    assert [(each["statusCode"], each["answer"]) for each in shown["tried"]] == [(200, "thank you")]


async def test_a_list_of_deliveries_goes_on_and_is_told_by_their_status(
    admin: httpx.AsyncClient, office: PostOffice, receiver: Receiver
) -> None:
    webhook = await created(admin, url=receiver.url)
    await office.record(count=5)
    await office.deliver()
    await office.execute("update deliveries set status = 'failed' where id in (select id from deliveries limit 2)")
    path = f"/api/webhooks/{webhook['id']}/deliveries"
    first = (await admin.get(path, params={"limit": 3})).json()
    rest = (await admin.get(path, params={"limit": 3, "cursor": first["nextCursor"]})).json()
    ids = [delivery["id"] for delivery in first["deliveries"] + rest["deliveries"]]
    assert ids == sorted({request.id for request in receiver.requests}, reverse=True)
    assert rest["nextCursor"] is None
    for status, count in (("failed", 2), ("delivered", 3), ("pending", 0), ("skipped", 0)):
        assert len((await admin.get(path, params={"status": status})).json()["deliveries"]) == count
    assert (await admin.get(path, params={"status": "lost"})).status_code == 400
    other = await created(admin)
    refused = await admin.get(f"/api/webhooks/{other['id']}/deliveries", params={"cursor": first["nextCursor"]})
    assert refused.status_code == 400


async def test_what_failed_is_replayed_one_by_one_or_all_at_once(
    admin: httpx.AsyncClient, office: PostOffice, receiver: Receiver
) -> None:
    webhook = await created(admin, url=receiver.url)
    await office.record(count=4)
    await office.deliver()
    await office.execute("update deliveries set status = 'failed'")
    first = receiver.requests[0].id
    replayed = (await admin.post(f"/api/deliveries/{first}/replay")).json()
    assert (replayed["id"], replayed["status"]) == (first, "pending")
    await office.deliver()
    assert [request.id for request in receiver.requests].count(first) == 2
    assert (await admin.post(f"/api/webhooks/{webhook['id']}/replay")).json() == {"replayed": 3}
    await office.deliver()
    ids = [request.id for request in receiver.requests]
    assert all(ids.count(each) == 2 for each in ids)
    assert await office.statuses() == {"delivered": 4}
    assert (await admin.post(f"/api/webhooks/{webhook['id']}/replay")).json() == {"replayed": 0}


async def test_to_a_disabled_one_nothing_is_sent_until_it_is_enabled(
    admin: httpx.AsyncClient, office: PostOffice, receiver: Receiver, bench: Workbench
) -> None:
    webhook = await created(admin, url=receiver.url)
    path = f"/api/webhooks/{webhook['id']}"
    disabled = (await admin.patch(path, json={"enabled": False})).json()
    assert (disabled["enabled"], disabled["disabledReason"]) == (False, "by_hand")
    await office.record()
    await office.deliver()
    assert receiver.requests == []
    for refused in ("/ping", "/replay"):
        assert (await admin.post(path + refused)).json()["code"] == "webhook_disabled"
    enabled = (await admin.patch(path, json={"enabled": True})).json()
    assert (enabled["enabled"], enabled["disabledReason"], enabled["disabledAt"]) == (True, None, None)
    await office.record()
    await office.deliver()
    assert len(receiver.requests) == 1


async def test_what_can_be_told(admin: httpx.AsyncClient) -> None:
    types = (await admin.get("/api/event-types")).json()["eventTypes"]
    assert {each["name"]: each["description"] for each in types} == SENTENCES
