import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from tests.support import backends
from tests.support.people import MANY, People
from tests.support.waiting import until
from tests.support.workbench import Workbench

ADA = {
    "name": "Ada Lovelace",
    "email": "Ada@Example.com",
    "phone": "+49 30 901820",
    "organization": "Engines",
    "notes": "Writes *long* letters.",
}
Json = dict[str, Any]


async def added(client: httpx.AsyncClient, name: str = "Ada", **fields: Any) -> Json:
    answer = await client.post("/api/contacts", json={"name": name, **fields})
    assert answer.status_code == 201, answer.text
    contact: Json = answer.json()
    assert answer.headers["location"] == path_of(contact)
    return contact


def path_of(contact: Json) -> str:
    return f"/api/contacts/{contact['id']}"


async def names(client: httpx.AsyncClient, **query: Any) -> list[str]:
    return [contact["name"] for contact in (await client.get("/api/contacts", params=query)).json()["contacts"]]


async def tickets_for(bench: Workbench, contact: Json, count: int) -> list[UUID]:
    ids = await bench.tickets(count)
    write = bench.falsify if count >= MANY else bench.execute  # of many, the texts have no contact
    await write("update tickets set contact_id = :contact where id = any(:ids)", contact=contact["id"], ids=ids)
    return ids


async def rows(bench: Workbench, statement: str, **values: Any) -> list[Any]:
    async with bench.engine.connect() as connection:
        return list((await connection.execute(text(statement), values)).all())


async def test_a_contact_is_kept_as_it_was_written_but_for_its_phone(agent: httpx.AsyncClient) -> None:
    contact = await added(agent, **ADA)
    assert contact.items() >= (ADA | {"phone": "+4930901820"}).items()
    assert (await agent.get(path_of(contact))).json() == contact
    least = await added(agent, "Charles")
    assert least.items() >= {"email": None, "phone": None, "organization": "", "notes": ""}.items()


async def test_what_is_named_is_changed_and_null_takes_it_away(agent: httpx.AsyncClient) -> None:
    contact = await added(agent, **ADA)
    change = {"email": None, "phone": None, "notes": ""}
    changed = (await agent.patch(path_of(contact), json=change)).json()
    assert changed == contact | change | {"updatedAt": changed["updatedAt"]}
    assert changed["updatedAt"] > contact["updatedAt"]
    assert (await agent.patch(path_of(contact), json={"phone": "+1 650-253-0000"})).json()["phone"] == "+16502530000"


async def test_one_without_tickets_is_deleted_once(agent: httpx.AsyncClient) -> None:
    contact = await added(agent)
    assert [(await agent.delete(path_of(contact))).status_code for _ in range(2)] == [204, 404]
    assert (await agent.get(path_of(contact))).status_code == 404
    assert (await agent.patch(path_of(contact), json={"name": "x"})).status_code == 404


async def test_they_are_listed_by_name_a_part_at_a_time_whatever_the_name(agent: httpx.AsyncClient) -> None:
    long = "\u0130\U0001f5a8" * 100
    for name in ("b", "A", long, long, "c"):
        await added(agent, name)
    listed: list[str] = []
    cursor: Json = {}
    while cursor is not None:
        page = (await agent.get("/api/contacts", params={"limit": 1, **cursor})).json()
        listed += [contact["name"] for contact in page["contacts"]]
        cursor = page["nextCursor"] and {"cursor": page["nextCursor"]}
    assert listed == await names(agent)
    assert sorted(listed) == sorted(["b", "A", long, long, "c"])
    assert [name for name in listed if name != long] == ["A", "b", "c"]


async def test_they_are_found_by_a_part_of_name_e_mail_and_organization(agent: httpx.AsyncClient) -> None:
    await added(agent, **ADA)
    await added(agent, "100%_Bob", email="bob@example.org")
    found = {"love": ["Ada Lovelace"], "EXAMPLE.org": ["100%_Bob"], "gine": ["Ada Lovelace"], "0%_B": ["100%_Bob"]}
    for wanted, expected in found.items():
        assert await names(agent, text=wanted) == expected, wanted
    assert await names(agent, text="letters") == []
    assert await names(agent, text="example") == ["100%_Bob", "Ada Lovelace"]


async def test_an_e_mail_is_there_once_in_any_case(agent: httpx.AsyncClient) -> None:
    first, other = await added(agent, email="ada@example.com"), await added(agent)
    for refused in (
        await agent.post("/api/contacts", json={"name": "Ada", "email": "ADA@example.com"}),
        await agent.patch(path_of(other), json={"email": "Ada@Example.com"}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "contact_exists")
        assert refused.json()["contactId"] == first["id"]
    assert (await agent.patch(path_of(first), json={"email": "ADA@EXAMPLE.COM"})).status_code == 200
    assert (await agent.get(path_of(other))).json() == other


async def test_of_those_who_add_the_same_at_once_one_does(agent: httpx.AsyncClient) -> None:
    body = {"name": "Ada", "email": "ada@example.com"}
    answers = await asyncio.gather(*(agent.post("/api/contacts", json=body) for _ in range(8)))
    [made] = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    assert {answer.json()["contactId"] for answer in answers if answer.status_code == 409} == {made}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "$"),
        ({"name": ""}, "$.name"),
        ({"name": "x" * 201}, "$.name"),
        ({"name": "a\x00b"}, "$.name"),
        ({"name": None}, "$.name"),
        ({"name": "x", "email": ""}, "$.email"),
        ({"name": "x", "email": "no address"}, "$.email"),
        ({"name": "x", "email": "a@b\n"}, "$.email"),
        ({"name": "x", "email": "a@" + "b" * 253}, "$.email"),
        ({"name": "x", "phone": "030 901820"}, "$.phone"),
        ({"name": "x", "phone": "+49 1"}, "$.phone"),
        ({"name": "x", "phone": ""}, "$.phone"),
        ({"name": "x", "organization": "x" * 201}, "$.organization"),
        ({"name": "x", "notes": "x" * 20_001}, "$.notes"),
        ({"name": "x", "id": str(uuid4())}, "$"),
    ],
)
async def test_a_bad_contact_is_refused_where_it_is_bad(agent: httpx.AsyncClient, body: Json, path: str) -> None:
    contact = await added(agent)
    answers = [await agent.post("/api/contacts", json=body), await agent.patch(path_of(contact), json=body)]
    for refused in answers:
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, path)
    assert (await agent.get("/api/contacts")).json()["contacts"] == [contact]


async def test_requesters_learn_of_none(agent: httpx.AsyncClient, requester: httpx.AsyncClient) -> None:
    contact = await added(agent, **ADA)
    for refused in (
        await requester.get("/api/contacts", params={"text": "Ada"}),
        await requester.get(path_of(contact)),
        await requester.post("/api/contacts", json=ADA),
        await requester.patch(path_of(contact), json={"notes": ""}),
        await requester.delete(path_of(contact)),
        await requester.post(f"{path_of(contact)}/merge", json={"into": str(uuid4())}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        assert "contactId" not in refused.text


async def test_one_with_tickets_stays_even_if_they_are_deleted(agent: httpx.AsyncClient, bench: Workbench) -> None:
    contact = await added(agent)
    ids = await tickets_for(bench, contact, 2)
    await agent.delete(f"/api/tickets/{ids[0]}")
    refused = await agent.delete(path_of(contact))
    assert (refused.status_code, refused.json()["code"], refused.json()["tickets"]) == (409, "contact_has_tickets", 2)
    assert (await agent.get(path_of(contact))).json() == contact


async def test_a_ticket_that_is_being_written_keeps_its_contact(agent: httpx.AsyncClient, bench: Workbench) -> None:
    contact = await added(agent)
    [ticket_id] = await bench.tickets(1)
    async with bench.engine.begin() as writing:
        name = text("update tickets set contact_id = :contact where id = :id")
        await writing.execute(name, {"contact": contact["id"], "id": ticket_id})
        deleting = asyncio.create_task(agent.delete(path_of(contact)))
        await until(lambda: backends.count_waiting(bench.engine))
    refused = await deleting
    assert (refused.status_code, refused.json()["tickets"]) == (409, 1)


async def test_a_merge_hands_over_tickets_and_what_the_other_lacks(
    agent: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    merged, survivor = await added(agent, **ADA), await added(agent, "Lady Ada", notes="Kept")
    mine, theirs = await tickets_for(bench, merged, 3), await tickets_for(bench, survivor, 1)
    await agent.delete(f"/api/tickets/{mine[0]}")
    deleted = "select deleted_at, updated_at from tickets where deleted_at is not null"
    before = await rows(bench, deleted)
    answer = await agent.post(f"{path_of(merged)}/merge", json={"into": survivor["id"]})
    assert answer.status_code == 200, answer.text
    stays = answer.json()
    lacking = {name: merged[name] for name in ("email", "phone", "organization")}
    assert stays == survivor | lacking | {"updatedAt": stays["updatedAt"]}
    assert (await agent.get(path_of(survivor))).json() == stays
    assert (await agent.get(path_of(merged))).status_code == 404
    states = await rows(bench, "select id, version from tickets where contact_id = :id", id=survivor["id"])
    assert {row.id: row.version for row in states} == {mine[0]: 3, mine[1]: 2, mine[2]: 2, theirs[0]: 1}
    assert await rows(bench, deleted) == before


async def test_a_merge_is_in_the_history_of_each_ticket_and_in_the_audit_log(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    merged, survivor = await added(agent), await added(agent)
    ids = await tickets_for(bench, merged, 2)
    await agent.post(f"{path_of(merged)}/merge", json={"into": survivor["id"]})
    told = await rows(bench, "select ticket_id, actor_id, version, internal, changes from ticket_changes")
    changed = {"contactId": [merged["id"], survivor["id"]]}
    assert sorted(told) == sorted((id_, people.agent.id, 2, True, changed) for id_ in ids)
    [entry] = (await admin.get("/api/audit", params={"action": "contact.merged"})).json()["entries"]
    assert (entry["actorId"], entry["subjectId"]) == (str(people.agent.id), survivor["id"])
    assert (entry["items"], entry["details"]) == (2, {"merged": merged["id"]})


async def test_there_must_be_another_one_to_merge_into(agent: httpx.AsyncClient) -> None:
    contact = await added(agent)
    for into in (contact["id"], str(uuid4())):
        refused = await agent.post(f"{path_of(contact)}/merge", json={"into": into})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "$.into")
    unknown = await agent.post(f"/api/contacts/{uuid4()}/merge", json={"into": contact["id"]})
    assert unknown.status_code == 404
    assert await names(agent) == ["Ada"]


async def test_two_who_merge_each_into_the_other_at_once_leave_one_with_all_tickets(
    agent: httpx.AsyncClient, bench: Workbench
) -> None:
    pair = [await added(agent, email="a@example.com"), await added(agent, phone="+4930901820")]
    for contact in pair:
        await tickets_for(bench, contact, 2)
    answers = await asyncio.gather(
        *(agent.post(f"{path_of(one)}/merge", json={"into": other["id"]}) for one, other in (pair, reversed(pair)))
    )
    done, refused = sorted(answer.status_code for answer in answers)
    assert done == 200
    assert refused in {400, 404}
    [left] = (await agent.get("/api/contacts")).json()["contacts"]
    assert (left["email"], left["phone"]) == ("a@example.com", "+4930901820")
    assert await rows(bench, "select contact_id, count(*) from tickets group by 1") == [(UUID(left["id"]), 4)]


async def test_a_merge_of_many_tickets_is_done_in_time(agent: httpx.AsyncClient, bench: Workbench) -> None:
    merged, survivor = await added(agent), await added(agent)
    await tickets_for(bench, merged, 12_000)
    refused = await agent.delete(path_of(merged))
    assert (refused.status_code, refused.json()["tickets"]) == (409, 10_001)
    assert (await agent.post(f"{path_of(merged)}/merge", json={"into": survivor["id"]})).status_code == 200
    counted = "select count(*) from ticket_changes where version = 2"
    assert await rows(bench, counted) == [(12_000,)]


async def test_tickets_are_found_by_the_contact_that_they_were_handed_to(
    agent: httpx.AsyncClient, bench: Workbench
) -> None:
    merged, survivor = await added(agent, "Ada"), await added(agent, "Grace")
    await tickets_for(bench, merged, 2)
    await agent.post(f"{path_of(merged)}/merge", json={"into": survivor["id"]})
    for wanted, total in {"ada": 0, "grace": 2}.items():
        found = (await agent.get("/api/tickets", params={"text": wanted})).json()
        assert found["pagination"]["total"] == total
