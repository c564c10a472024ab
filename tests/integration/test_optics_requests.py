"""Requests for optics: tickets of that type, behind paths of their own."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.people import People

Json = dict[str, Any]
PART = "SFP-10G-LR"


@pytest.fixture(autouse=True)
async def parts(admin: httpx.AsyncClient) -> None:
    assert (await admin.put("/api/optics-parts", json={"parts": [PART, "QSFP-40G"]})).status_code == 200


async def asked(client: httpx.AsyncClient, **more: Any) -> Json:
    answer = await client.post("/api/optics-requests", json={"part": PART, **more})
    assert answer.status_code == 201, answer.text
    ticket: Json = answer.json()
    assert answer.headers["location"] == f"/api/tickets/{ticket['id']}"
    return ticket


async def became(client: httpx.AsyncClient, ticket: Json, status: str, **more: Any) -> httpx.Response:
    return await client.patch(f"/api/optics-requests/{ticket['id']}/status", json={"status": status, **more})


async def titles(client: httpx.AsyncClient, **query: Any) -> list[str]:
    page = (await client.get("/api/optics-requests", params=query)).json()
    return [ticket["title"] for ticket in page["requests"]]


async def test_a_request_is_a_ticket_that_waits_for_whoever_is_asked(
    requester: httpx.AsyncClient, people: People
) -> None:
    ticket = await asked(requester, quantity=2, location="Roof", assigneeId=str(people.agent.id))
    assert (ticket["type"], ticket["status"], ticket["title"]) == ("optics", "pending_approval", f"Optics: 2 of {PART}")
    assert ticket["fields"] == {"part": PART, "quantity": 2, "location": "Roof", "notes": ""}
    assert ticket["assigneeId"] == str(people.agent.id)
    assert (await requester.get(f"/api/tickets/{ticket['id']}")).json() == ticket
    assert (await requester.get("/api/optics-requests")).json() == {"requests": [ticket], "nextCursor": None}


async def test_a_part_is_one_of_the_list_or_other(requester: httpx.AsyncClient) -> None:
    assert (await asked(requester, part="Other", notes="A long one"))["fields"]["notes"] == "A long one"
    for part in ("SFP-1G", PART.lower(), ""):
        refused = await requester.post("/api/optics-requests", json={"part": part})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "$.part")
    for body in ({}, {"part": PART, "status": "approved"}, {"part": PART, "assigneeId": str(uuid4())}):
        assert (await requester.post("/api/optics-requests", json=body)).status_code == 400


async def test_one_sees_what_one_has_asked_for_and_admins_see_all(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    mine = await asked(requester, part="QSFP-40G")
    await asked(agent)
    await requester.post("/api/tickets", json={"title": "Printer"})
    assert await titles(requester) == ["Optics: QSFP-40G"]
    assert await titles(agent) == [f"Optics: {PART}"]
    assert await titles(admin) == [f"Optics: {PART}", "Optics: QSFP-40G"]
    await became(admin, mine, "approve")
    assert await titles(admin, status="approved") == ["Optics: QSFP-40G"]
    assert await titles(admin, status="rejected") == []


async def test_a_list_goes_on_by_its_cursor(requester: httpx.AsyncClient) -> None:
    ids = [(await asked(requester))["id"] for _ in range(3)]
    first = (await requester.get("/api/optics-requests", params={"limit": 2})).json()
    rest = (await requester.get("/api/optics-requests", params={"limit": 2, "cursor": first["nextCursor"]})).json()
    assert [ticket["id"] for ticket in first["requests"] + rest["requests"]] == ids[::-1]
    assert rest["nextCursor"] is None


async def test_it_is_approved_or_denied_and_archived_after_that(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient, admin: httpx.AsyncClient, people: People
) -> None:
    for verb, status in (("approve", "approved"), ("deny", "rejected")):
        ticket = await asked(requester, assigneeId=str(people.agent.id))
        too_early = await became(agent, ticket, "archive")
        assert (too_early.status_code, too_early.json()["code"]) == (409, "transition_not_allowed")
        decided = await became(agent, ticket, verb)
        assert (decided.status_code, decided.json()["status"]) == (200, status)
        for again in ("approve", "deny"):
            refused = await became(admin, ticket, again)
            assert (refused.status_code, refused.json()["code"]) == (409, "transition_not_allowed")
        assert (await became(admin, ticket, "archive")).json()["status"] == "closed"


async def test_what_was_handed_over_is_archived_too(requester: httpx.AsyncClient, admin: httpx.AsyncClient) -> None:
    ticket = await asked(requester)
    await became(admin, ticket, "approve")
    for status in ("in_progress", "fulfilled"):
        assert (await admin.patch(f"/api/tickets/{ticket['id']}", json={"status": status})).status_code == 200
    assert (await became(admin, ticket, "archive")).json()["status"] == "closed"


async def test_whoever_asked_reads_why_it_was_denied(requester: httpx.AsyncClient, admin: httpx.AsyncClient) -> None:
    ticket = await asked(requester)
    assert (await became(admin, ticket, "approve", reason="Why not")).status_code == 400
    assert (await became(admin, ticket, "deny", reason="None left")).status_code == 200
    [change] = (await requester.get(f"/api/tickets/{ticket['id']}/history")).json()["changes"]
    assert (change["after"], change["reason"]) == ("rejected", "None left")


async def test_only_the_assignee_and_admins_decide(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient, people: People
) -> None:
    ticket = await asked(requester, assigneeId=str(people.admin.id))
    for client, code in ((requester, "forbidden"), (agent, "not_the_approver")):
        refused = await became(client, ticket, "approve")
        assert (refused.status_code, refused.json()["code"]) == (403, code)


async def test_other_tickets_are_no_requests_for_optics(agent: httpx.AsyncClient, admin: httpx.AsyncClient) -> None:
    general = (await agent.post("/api/tickets", json={"title": "Printer"})).json()
    for ticket in (general, {"id": str(uuid4())}):
        for verb in ("approve", "deny", "archive"):
            assert (await became(admin, ticket, verb)).status_code == 404
    assert (await admin.get(f"/api/tickets/{general['id']}")).json() == general
