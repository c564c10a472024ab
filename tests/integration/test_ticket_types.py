"""Tickets of types that have fields and states of their own."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from msgspec import structs
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User
from app.errors import Conflict
from app.jobs.operations.bulk_update import BulkUpdate, BulkUpdatePayload
from app.tickets.models import Ticket
from app.tickets.status import RUNNING, SOLVED, STATUSES
from app.tickets.types import fields as ticket_fields
from app.tickets.types.registry import TYPES
from tests.support.people import People
from tests.support.workbench import Workbench

FIELDS: dict[str, Any] = {
    "cableType": "Cat6",
    "cableLength": "100 ft",
    "cableGauge": "23AWG",
    "location": "Roof",
    "notes": "",
    "quantity": 1,
}
CABLE: dict[str, Any] = {"type": "cable", "fields": {"cableType": "Cat6", "cableLength": "100", "cableGauge": "23AWG"}}
OPTICS: dict[str, Any] = {"type": "optics", "fields": {"part": "SFP-10G-LR"}}


async def created(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/api/tickets", json=body)
    assert answer.status_code == 201, answer.text
    ticket: dict[str, Any] = answer.json()
    return ticket


async def titles(client: httpx.AsyncClient, **query: Any) -> set[str]:
    """Return what is found; the count must agree."""
    page = (await client.get("/api/tickets", params=query)).json()
    assert page["pagination"]["total"] == len(page["tickets"])
    return {ticket["title"] for ticket in page["tickets"]}


async def put(bench: Workbench, ticket: dict[str, Any], status: str) -> None:
    await bench.execute("update tickets set status = :status where id = :id", status=status, id=UUID(ticket["id"]))


async def stock(admin: httpx.AsyncClient, quantity: int) -> None:
    answer = await admin.post("/api/cable-receiving", json=CABLE["fields"] | {"quantity": quantity})
    assert answer.status_code == 201, answer.text


def wrong_in(answer: httpx.Response) -> str:
    assert answer.status_code == 400, answer.text
    [error] = answer.json()["errors"]
    return str(error["path"])


def largest(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the longest texts and the highest numbers that a type's fields can have."""
    return {
        name: "x" * field["maxLength"] if field["type"] == "string" else field["maximum"]
        for name, field in schema["properties"].items()
    } | ({"cableLength": "99999.99 ft"} if "cableLength" in schema["properties"] else {})


async def test_a_requester_asks_for_cable_and_names_who_decides(requester: httpx.AsyncClient, people: People) -> None:
    ticket = await created(requester, {"type": "cable", "fields": FIELDS, "assigneeId": str(people.agent.id)})
    assert (ticket["type"], ticket["status"], ticket["fields"]) == ("cable", "pending_approval", FIELDS)
    assert (ticket["title"], ticket["assigneeId"]) == ("Cable: Cat6 23AWG, 100 ft", str(people.agent.id))
    assert (await requester.get(f"/api/tickets/{ticket['id']}")).json() == ticket
    assert (await requester.get("/api/tickets")).json()["tickets"] == [ticket]


async def test_fields_that_are_left_out_are_kept_as_the_type_has_them(agent: httpx.AsyncClient) -> None:
    assert (await created(agent, CABLE))["fields"] == FIELDS | {"location": ""}
    assert (await created(agent, {"title": "Printer on fire"}))["fields"] == {}


async def test_a_title_that_is_given_stays_and_one_that_is_made_always_fits(agent: httpx.AsyncClient) -> None:
    assert (await created(agent, CABLE | {"title": "For the roof"}))["title"] == "For the roof"
    for type_ in TYPES.values():
        if type_.title is not None:
            await created(agent, {"type": type_.name, "fields": largest(ticket_fields.schema_of(type_))})


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"type": "request", "title": "T"}, "$.type"),
        ({"type": "cable"}, "$.fields"),
        ({"type": "cable", "fields": None}, "$.fields"),
        ({"type": "cable", "fields": []}, "$.fields"),
        ({"type": "cable", "fields": FIELDS | {"colour": "red"}}, "$.fields"),
        ({"type": "cable", "fields": FIELDS | {"quantity": 0}}, "$.fields.quantity"),
        ({"type": "cable", "fields": FIELDS | {"quantity": "1"}}, "$.fields.quantity"),
        ({"type": "cable", "fields": FIELDS | {"cableType": ""}}, "$.fields.cableType"),
        ({"type": "cable", "fields": FIELDS | {"cableLength": "long"}}, "$.fields.cableLength"),
        ({"type": "cable", "fields": FIELDS | {"notes": "a\0b"}}, "$.fields.notes"),
        ({"type": "optics", "fields": FIELDS}, "$.fields"),
        ({"title": "T", "fields": FIELDS}, "$.fields"),
        (CABLE | {"status": "open"}, "$.status"),
        (CABLE | {"status": "approved"}, "$.status"),
        ({"title": "T", "status": "approved"}, "$.status"),
        ({"type": "general"}, "$"),
    ],
)
async def test_what_its_type_does_not_have_is_refused_by_its_path(
    agent: httpx.AsyncClient, body: dict[str, Any], path: str
) -> None:
    assert wrong_in(await agent.post("/api/tickets", json=body)) == path
    assert await titles(agent) == set()


async def test_an_assignee_is_for_staff_to_name_and_for_requesters_where_someone_has_to_decide(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient, people: People
) -> None:
    general = {"title": "T", "assigneeId": str(people.agent.id)}
    assert (await requester.post("/api/tickets", json=general)).status_code == 403
    assert (await created(agent, general))["assigneeId"] == str(people.agent.id)
    for nobody in (people.requester.id, UUID(int=0)):
        refused = await requester.post("/api/tickets", json=CABLE | {"assigneeId": str(nobody)})
        assert wrong_in(refused) == "$.assigneeId"


async def test_everyone_is_told_what_types_there_are(requester: httpx.AsyncClient) -> None:
    told = {each["type"]: each for each in (await requester.get("/api/ticket-types")).json()["ticketTypes"]}
    assert told.keys() == TYPES.keys()
    general, cable = told["general"], told["cable"]
    assert (general["needsApproval"], general["schema"]["properties"]) == (False, {})
    assert (cable["needsApproval"], cable["beginsAs"]) == (True, ["pending_approval"])
    assert cable["transitions"]["pending_approval"] == ["approved", "rejected"]
    assert cable["schema"]["required"] == ["cableType", "cableGauge", "cableLength"]
    assert cable["description"]


# Moves


async def test_a_request_goes_the_way_of_its_type_and_no_other(admin: httpx.AsyncClient, bench: Workbench) -> None:
    await stock(admin, 1)
    for body in (CABLE, OPTICS):
        ticket, type_ = await created(admin, body), TYPES[body["type"]]
        for source in type_.states:
            for target in STATUSES:
                await put(bench, ticket, source)
                answer = await admin.patch(f"/api/tickets/{ticket['id']}", json={"status": target})
                if target == source or target in type_.targets(source):
                    assert (answer.status_code, answer.json()["status"]) == (200, target)
                else:
                    problem = answer.json()
                    assert (answer.status_code, problem["code"]) == (409, "transition_not_allowed")
                    assert (problem["state"], problem["allowed"]) == (source, type_.targets(source))


async def test_only_the_assignee_and_admins_decide_by_hand(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient, admin: httpx.AsyncClient, people: People
) -> None:
    of_admin, of_agent = [
        await created(requester, CABLE | {"assigneeId": str(user.id)}) for user in (people.admin, people.agent)
    ]
    for client in (requester, agent):
        for body in ({"status": "approved"}, {"status": "rejected"}, {"fields": FIELDS}):
            refused = await client.patch(f"/api/tickets/{of_admin['id']}", json=body)
            assert (refused.status_code, refused.json()["code"]) == (403, "not_the_approver"), body
    for ticket, client in ((of_agent, agent), (of_admin, admin)):
        assert (await client.patch(f"/api/tickets/{ticket['id']}", json={"status": "approved"})).status_code == 200


async def test_nobody_makes_themself_the_one_who_decides(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, people: People
) -> None:
    ticket, unassigned = await created(agent, CABLE | {"assigneeId": str(people.admin.id)}), await created(agent, CABLE)
    own = {"assigneeId": str(people.agent.id)}
    for refused in (
        await agent.patch(f"/api/tickets/{ticket['id']}", json=own),
        await agent.patch(f"/api/tickets/{ticket['id']}", json=own | {"status": "approved"}),
        await agent.patch(f"/api/tickets/{unassigned['id']}", json=own),
        await agent.post(f"/api/tickets/{unassigned['id']}/take"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "not_the_approver")
    assert (await admin.patch(f"/api/tickets/{ticket['id']}", json=own)).status_code == 200
    assert (await agent.patch(f"/api/tickets/{ticket['id']}", json={"status": "approved"})).status_code == 200


async def test_what_was_asked_for_is_what_was_decided_on(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient, people: People
) -> None:
    ticket = await created(requester, CABLE | {"assigneeId": str(people.agent.id)})
    path = f"/api/tickets/{ticket['id']}"
    more = FIELDS | {"quantity": 5}
    changed = await agent.patch(path, json={"fields": more})
    assert (changed.status_code, changed.json()["fields"], changed.json()["version"]) == (200, more, 2)
    assert wrong_in(await agent.patch(path, json={"fields": {"quantity": 5}})) == "$.fields"
    await agent.patch(path, json={"status": "approved"})
    for client in (requester, agent):
        refused = await client.patch(path, json={"fields": FIELDS})
        assert (refused.status_code, refused.json()["code"]) == (409, "fields_fixed")
    assert (await agent.get(path)).json()["fields"] == more


async def test_a_requester_does_not_carry_on_what_was_approved_but_may_say_more(
    requester: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    ticket = await created(requester, CABLE | {"assigneeId": str(people.agent.id)})
    path = f"/api/tickets/{ticket['id']}"
    await put(bench, ticket, "approved")
    assert (await requester.patch(path, json={"status": "in_progress"})).status_code == 403
    whole = {"title": "New", "description": "Please hurry", "status": "approved"}
    assert (await requester.put(path, json=whole)).json()["description"] == "Please hurry"


async def test_history_tells_what_became_of_fields(requester: httpx.AsyncClient, admin: httpx.AsyncClient) -> None:
    ticket = await created(requester, CABLE)
    before, after = ticket["fields"], ticket["fields"] | {"quantity": 2}
    await admin.patch(f"/api/tickets/{ticket['id']}", json={"fields": after})
    [change] = (await requester.get(f"/api/tickets/{ticket['id']}/history")).json()["changes"]
    assert (change["field"], change["before"], change["after"]) == ("fields", before, after)


async def test_in_one_bulk_update_each_ticket_goes_by_the_arrows_of_its_type(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    await stock(admin, 1)
    for target in STATUSES:
        expected, ids = {}, []
        for body in ({"title": "T"}, CABLE, OPTICS):
            type_ = TYPES[body.get("type", "general")]
            for source in type_.states:
                ticket = await created(admin, body)
                await put(bench, ticket, source)
                ids.append(UUID(ticket["id"]))
                is_allowed = target in type_.targets(source)
                code = "unchanged" if source == target else "updated" if is_allowed else "not_allowed"
                expected[ids[-1]] = (code, source if code == "not_allowed" else target)
        codes = [code for code, _ in expected.values()]
        payload = {"ticketIds": [str(ticket_id) for ticket_id in ids], "status": target}
        preview = (await admin.post("/api/jobs/preview", json={"type": "bulk-update", "payload": payload})).json()
        assert preview["wouldFail"].get("not_allowed", 0) == codes.count("not_allowed")
        job = await bench.post(BulkUpdate(payload=BulkUpdatePayload(ticket_ids=ids, status=target)))
        await bench.lanes().run(job.id)
        became = {item.ticket_id: item.code for item in await bench.items(job.id)}
        async with bench.engine.connect() as connection:
            rows = await connection.execute(text("select id, status from tickets where id = any(:ids)"), {"ids": ids})
        assert {ticket_id: (became[ticket_id], status) for ticket_id, status in rows} == expected


# Filters, search, deadlines


async def test_lists_jobs_and_views_are_filtered_by_type_and_by_fields(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    await created(admin, {"title": "General"})
    await created(admin, CABLE | {"title": "Cat6"})
    await created(admin, {"type": "cable", "title": "Cat5e", "fields": FIELDS | {"cableType": "Cat5e", "quantity": 2}})
    await created(admin, {"type": "optics", "title": "Optics", "fields": {"part": "SFP-10G-LR", "quantity": 2}})
    queries: list[tuple[dict[str, Any], set[str]]] = [
        ({"type": "general"}, {"General"}),
        ({"type": "cable"}, {"Cat6", "Cat5e"}),
        ({"type": ["optics", "general"]}, {"General", "Optics"}),
        ({"fields.cableType": "Cat6"}, {"Cat6"}),
        ({"fields.cableType": "cat6"}, set()),
        ({"fields.quantity": 2}, {"Cat5e", "Optics"}),
        ({"fields.quantity": 2, "type": "cable"}, {"Cat5e"}),
        ({"fields.cableLength": "100 ft", "fields.cableGauge": "23AWG"}, {"Cat6", "Cat5e"}),
        ({"fields.quantity": 2, "text": "sfp"}, {"Optics"}),
        ({"type": "cable", "sort": "updated"}, {"Cat6", "Cat5e"}),
    ]
    for query, expected in queries:
        assert await titles(admin, **query) == expected, query
    saved = {"type": ["cable"], "fields": {"cableType": "Cat5e"}}
    view = (await admin.post("/api/views", json={"name": "Cat5e", "filter": saved})).json()
    assert view["filter"] == saved
    assert await titles(admin, view=view["id"]) == {"Cat5e"}
    payload = {"filter": {"view": view["id"]}, "priority": "high"}
    job = await admin.post("/api/jobs", json={"type": "bulk-update", "payload": payload, "expectedCount": 1})
    assert (job.status_code, job.json()["params"]["filter"]) == (202, saved)
    await bench.lanes().run(UUID(job.json()["id"]))
    assert await titles(admin, priority="high") == {"Cat5e"}


async def test_a_filter_by_no_field_is_not_taken_for_one_that_says_something(admin: httpx.AsyncClient) -> None:
    body = {"type": "bulk-delete", "payload": {"filter": {"fields": {}}}}
    assert (await admin.post("/api/jobs", json=body)).status_code == 400


async def test_what_stands_in_fields_is_found_as_words_of_the_ticket(
    requester: httpx.AsyncClient, admin: httpx.AsyncClient, bench: Workbench
) -> None:
    ticket = await created(
        requester, CABLE | {"title": "T", "description": "D", "fields": FIELDS | {"notes": "urgent"}}
    )
    for word in ("cat6", "23awg", "roof", "urgent", "100"):
        assert await titles(requester, text=word) == {"T"}, word
    await admin.patch(f"/api/tickets/{ticket['id']}", json={"fields": FIELDS | {"location": "Cellar"}})
    assert await titles(requester, text="cellar") == {"T"}
    assert await titles(requester, text="roof") == set()
    for each in TYPES.values():
        if each.title is not None:
            await created(admin, {"type": each.name, "fields": largest(ticket_fields.schema_of(each))})


async def test_the_clock_runs_as_long_as_somebody_here_can_be_late(admin: httpx.AsyncClient, bench: Workbench) -> None:
    minutes = {"firstAnswerMinutes": None, "nextAnswerMinutes": None, "solutionMinutes": 60}
    assert (await admin.post("/api/sla-policies", json={"name": "All", "position": 1, **minutes})).status_code == 201
    ticket = await created(admin, CABLE)
    assert ticket["dueAt"] is not None
    for status in STATUSES:
        await put(bench, ticket, status)
        async with bench.engine.connect() as connection:
            [[due_at, solved_at]] = await connection.execute(
                text("select due_at, solved_at from tickets where id = :id"), {"id": UUID(ticket["id"])}
            )
        assert (due_at is not None) is (status in RUNNING), status
        assert (solved_at is not None) is (status in SOLVED), status


async def test_what_fulfilling_does_is_done_in_its_transaction_and_can_refuse_it(
    admin: httpx.AsyncClient, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoneLeft(Conflict):
        """There is none left."""

        code = "none_left"

    async def fulfill(connection: AsyncConnection, ticket: Ticket, user: User) -> None:
        await connection.execute(
            text("update tickets set tags = array[:by] where id = :id"), {"by": user.username, "id": ticket.id}
        )
        if ticket.fields["quantity"] > 1:
            raise NoneLeft

    monkeypatch.setitem(TYPES, "cable", structs.replace(TYPES["cable"], fulfill=fulfill))
    few, many = [await created(admin, CABLE | {"fields": FIELDS | {"quantity": quantity}}) for quantity in (1, 2)]
    for ticket in (few, many):
        await put(bench, ticket, "in_progress")
    answer = await admin.patch(f"/api/tickets/{few['id']}", json={"status": "fulfilled"})
    assert answer.status_code == 200
    refused = await admin.patch(f"/api/tickets/{many['id']}", json={"status": "fulfilled"})
    assert (refused.status_code, refused.json()["code"]) == (409, "none_left")
    now = [(await admin.get(f"/api/tickets/{ticket['id']}")).json() for ticket in (few, many)]
    assert [(each["status"], each["tags"]) for each in now] == [("fulfilled", ["admin"]), ("in_progress", [])]
    await admin.patch(f"/api/tickets/{few['id']}", json={"status": "fulfilled", "tags": []})
    assert (await admin.get(f"/api/tickets/{few['id']}")).json()["tags"] == []
