"""Whom a ticket is for, and who may know of it."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.tickets.schemas import NamedContact
from app.tickets.service import Tickets
from tests.integration.test_contacts import added, names, path_of, rows, tickets_for
from tests.support import backends
from tests.support.fakes import RecordedOutbox, RecordedTicketAnnouncer
from tests.support.people import People
from tests.support.waiting import until
from tests.support.workbench import Workbench

ADA = {"name": "Ada", "email": "ada@example.com"}


async def post(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post("/api/tickets", json={"title": "Broken", **fields})
    assert answer.status_code == 201, answer.text
    ticket: dict[str, Any] = answer.json()
    return ticket


async def test_a_ticket_names_a_contact_by_its_id(agent: httpx.AsyncClient) -> None:
    contact = await added(agent)
    ticket = await post(agent, contactId=contact["id"])
    assert ticket["contactId"] == contact["id"]
    assert (await agent.get(f"/api/tickets/{ticket['id']}")).json() == ticket
    assert (await post(agent))["contactId"] is None


async def test_or_brings_one_along_and_the_same_e_mail_is_the_same_contact(agent: httpx.AsyncClient) -> None:
    first = await post(agent, contact=ADA)
    contact = (await agent.get(f"/api/contacts/{first['contactId']}")).json()
    assert contact.items() >= ADA.items()
    second = await post(agent, contact={"name": "Somebody else", "email": "ADA@Example.com"})
    assert second["contactId"] == first["contactId"]
    assert (await agent.get("/api/contacts")).json()["contacts"] == [contact]


async def test_who_write_of_one_contact_at_once_write_of_one(agent: httpx.AsyncClient) -> None:
    emails = ["ada@example.com", "Ada@example.com", "ADA@EXAMPLE.COM"] * 4
    posted = await asyncio.gather(*(post(agent, contact={"name": "Ada", "email": email}) for email in emails))
    assert len({ticket["contactId"] for ticket in posted}) == 1
    assert await names(agent) == ["Ada"]


async def test_a_contact_that_is_being_added_is_waited_for(agent: httpx.AsyncClient, bench: Workbench) -> None:
    async with bench.engine.begin() as adding:
        add = text("insert into contacts (name, email) values ('First', 'ADA@example.com') returning id")
        contact_id = await adding.scalar(add)
        posting = asyncio.create_task(post(agent, contact=ADA))
        await until(lambda: backends.count_waiting(bench.engine))
    assert (await posting)["contactId"] == str(contact_id)


async def test_one_that_is_being_deleted_is_added_anew(agent: httpx.AsyncClient, bench: Workbench) -> None:
    contact = await added(agent, **ADA)
    async with bench.engine.begin() as deleting:
        await deleting.execute(text("delete from contacts"))
        posting = asyncio.create_task(post(agent, contact=ADA))
        await until(lambda: backends.count_waiting(bench.engine))
    assert (await posting)["contactId"] != contact["id"]
    assert await names(agent) == ["Ada"]


async def test_and_by_its_id_it_is_not_there(agent: httpx.AsyncClient, bench: Workbench) -> None:
    contact = await added(agent, **ADA)
    path = f"/api/tickets/{(await bench.tickets(1))[0]}"
    async with bench.engine.begin() as deleting:
        await deleting.execute(text("delete from contacts"))
        body = {"contactId": contact["id"]}
        posting = asyncio.create_task(agent.post("/api/tickets", json={"title": "Broken", **body}))
        patching = asyncio.create_task(agent.patch(path, json=body))
        await until(lambda: backends.count_waiting(bench.engine), seconds=5)
    for refused in (await posting, await patching):
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "$.contactId")


async def test_without_its_ticket_a_contact_is_not_stored(agent: httpx.AsyncClient, bench: Workbench) -> None:
    values = {"title": "", "contact": NamedContact(**ADA)}
    with pytest.raises(IntegrityError):
        await Tickets(bench.pools, RecordedTicketAnnouncer(), RecordedOutbox()).create(bench.people.agent, values)
    assert await names(agent) == []


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"contactId": str(uuid4())}, "$.contactId"),
        ({"contactId": "me"}, "$.contactId"),
        ({"contactId": None}, "$.contactId"),
        ({"contactId": str(uuid4()), "contact": ADA}, "$"),
        ({"contact": {"name": "Ada"}}, "$.contact"),
        ({"contact": {"name": "", "email": "a@b"}}, "$.contact.name"),
        ({"contact": {"name": "Ada", "email": "ada"}}, "$.contact.email"),
        ({"contact": ADA | {"phone": "+4930901820"}}, "$.contact"),
        ({"contact": None}, "$.contact"),
    ],
)
async def test_a_bad_contact_is_refused_where_it_is_bad(
    agent: httpx.AsyncClient, fields: dict[str, Any], path: str
) -> None:
    refused = await agent.post("/api/tickets", json={"title": "Broken", **fields})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, path)
    assert await names(agent) == []
    assert (await agent.get("/api/tickets")).json()["tickets"] == []


async def test_staff_name_another_contact_or_none(agent: httpx.AsyncClient, bench: Workbench, people: People) -> None:
    contact = await added(agent)
    path = f"/api/tickets/{(await bench.tickets(1))[0]}"
    named = (await agent.patch(path, json={"contactId": contact["id"], "title": "New"})).json()
    assert (named["contactId"], named["version"]) == (contact["id"], 2)
    assert (await agent.patch(path, json={"contactId": None})).json()["contactId"] is None
    unknown = await agent.patch(path, json={"contactId": str(uuid4())})
    assert (unknown.status_code, unknown.json()["errors"][0]["path"]) == (400, "$.contactId")
    told = await rows(bench, "select version, internal, changes, actor_id from ticket_changes order by id")
    assert told == [
        (2, False, {"title": ["Ticket 1", "New"]}, people.agent.id),
        (2, True, {"contactId": [None, contact["id"]]}, people.agent.id),
        (3, False, {}, people.agent.id),
        (3, True, {"contactId": [contact["id"], None]}, people.agent.id),
    ]


async def test_a_requester_brings_a_contact_along_and_learns_nothing_of_it(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient
) -> None:
    known = await added(agent, "Grace Hopper", email="grace@example.com")
    answers = [
        await requester.post("/api/tickets", json={"title": "Broken", "contact": {"name": "x", "email": email}})
        for email in ("GRACE@example.com", "new@example.com")
    ]
    shown = [(answer.status_code, sorted(answer.headers), sorted(answer.json())) for answer in answers]
    assert shown[0] == shown[1]
    assert shown[0][0] == 201
    first, second = (answer.json()["id"] for answer in answers)
    listed = (await requester.get("/api/tickets")).json()["tickets"]
    read = [(await requester.get(f"/api/tickets/{ticket_id}")).json() for ticket_id in (first, second)]
    patched = (await requester.patch(f"/api/tickets/{first}", json={"title": "Mine"})).json()
    for ticket in (*(answer.json() for answer in answers), *listed, *read, patched):
        assert "contactId" not in ticket
    assert (await agent.get(f"/api/tickets/{first}")).json()["contactId"] == known["id"]
    assert (await agent.get(path_of(known))).json() == known
    assert await names(agent, text="new@") == ["x"]


async def test_requesters_name_no_contact_by_its_id(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient, bench: Workbench
) -> None:
    contact = await added(agent)
    [ticket_id] = await tickets_for(bench, contact, 1)
    for contact_id in (contact["id"], str(uuid4())):
        for refused in (
            await requester.post("/api/tickets", json={"title": "Broken", "contactId": contact_id}),
            await requester.patch(f"/api/tickets/{ticket_id}", json={"contactId": contact_id}),
            await requester.get("/api/tickets", params={"contactId": contact_id}),
        ):
            assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await requester.patch(f"/api/tickets/{ticket_id}", json={"contactId": None})).status_code == 403


async def test_lists_and_views_are_of_one_contact_or_of_several(agent: httpx.AsyncClient, bench: Workbench) -> None:
    ada, bob, nobody = [await added(agent, name) for name in ("Ada", "Bob", "Nobody")]
    for contact, count in ((ada, 2), (bob, 1)):
        await tickets_for(bench, contact, count)
    await bench.tickets(1)

    async def total(**query: Any) -> int:
        found: int = (await agent.get("/api/tickets", params=query)).json()["pagination"]["total"]
        return found

    assert await total() == 4
    assert await total(contactId=ada["id"]) == 2
    assert await total(contactId=[ada["id"], bob["id"], nobody["id"]]) == 3
    assert await total(contactId=nobody["id"]) == 0
    view = {"name": "Both", "filter": {"contactId": [ada["id"], bob["id"]]}}
    assert await total(view=(await agent.post("/api/views", json=view)).json()["id"]) == 3
    refused = await agent.get("/api/tickets", params={"contactId": "me"})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "query.contactId")


async def test_so_are_bulk_jobs(admin: httpx.AsyncClient, bench: Workbench) -> None:
    contact = await added(admin)
    await tickets_for(bench, contact, 2)
    await bench.tickets(1)
    body = {"type": "bulk-delete", "payload": {"filter": {"contactId": contact["id"]}}, "expectedCount": 2}
    assert (await admin.post("/api/jobs/preview", json=body)).json()["total"] == 2
    posted = await admin.post("/api/jobs", json=body)
    assert posted.status_code == 202, posted.text
    job_id = UUID(posted.json()["id"])
    await bench.lanes().run(job_id)
    assert await bench.codes(job_id) == {"deleted": 2}
