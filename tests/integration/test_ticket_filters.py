from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.support.people import People, add_tickets
from tests.support.workbench import Workbench


@pytest.fixture
async def ids(bench: Workbench, people: People) -> list[UUID]:
    """Six tickets that differ; the last one is deleted, the fifth another requester's."""
    ids = await bench.tickets(4)
    ids += await add_tickets(bench.engine, people.other_requester, 1) + await bench.tickets(1)
    old = datetime(2020, 1, 1, tzinfo=UTC)
    changes: list[dict[str, Any]] = [
        {"status": "open", "priority": "urgent", "tags": ["vip", "mail"], "assignee_id": people.agent.id, "at": old},
        {"status": "closed", "priority": "low", "tags": ["mail"], "assignee_id": people.admin.id, "at": old},
        {"status": "resolved", "priority": "low", "tags": [], "assignee_id": None, "at": old + timedelta(days=1)},
    ]
    for ticket_id, change in zip(ids, changes, strict=False):
        await bench.execute(
            """
            update tickets set status = :status, priority = :priority, tags = :tags, assignee_id = :assignee_id,
                created_at = :at, updated_at = :at
            where id = :id
            """,
            id=ticket_id,
            **change,
        )
    await bench.execute("update tickets set title = '100% done_' where id = :id", id=ids[3])
    await bench.execute("update tickets set deleted_at = now() where id = :id", id=ids[5])
    return ids


async def test_all_that_is_given_must_hold_and_of_several_values_one(
    agent: httpx.AsyncClient, ids: list[UUID], people: People
) -> None:
    queries: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [0, 1, 2, 3, 4]),
        ({"status": "closed"}, [1]),
        ({"status": ["closed", "resolved"]}, [1, 2]),
        ({"priority": "low"}, [1, 2]),
        ({"priority": ["low", "urgent"], "status": ["open", "closed"]}, [0, 1]),
        ({"assigneeId": str(people.agent.id)}, [0]),
        ({"assigneeId": [str(people.agent.id), str(people.admin.id)]}, [0, 1]),
        ({"assigneeId": "me"}, [0]),
        ({"assigneeId": "none"}, [2, 3, 4]),
        ({"assigneeId": ["none", str(people.admin.id)]}, [1, 2, 3, 4]),
        ({"assigneeId": ["none", "me"], "status": "open"}, [0, 3, 4]),
        ({"requesterId": str(people.other_requester.id)}, [4]),
        ({"requesterId": str(people.other_requester.id).upper()}, [4]),
        ({"requesterId": "me"}, []),
        ({"requesterId": ["me", str(people.other_requester.id)]}, [4]),
        ({"tags": "mail"}, [0, 1]),
        ({"tags": ["vip", "none"]}, [0]),
        ({"text": "100% DONE"}, [3]),
        ({"createdBefore": "2020-01-02T00:00:00Z"}, [0, 1]),
        ({"createdAfter": "2020-01-02T01:00:00+01:00", "createdBefore": "2021-01-01T00:00:00Z"}, [2]),
        ({"updatedAfter": "2020-01-01T00:00:00Z", "updatedBefore": "2020-01-02T00:00:00Z"}, [0, 1]),
        ({"deleted": "true"}, [5]),
        ({"deleted": "false", "status": "open"}, [0, 3, 4]),
    ]
    for query, expected in queries:
        page = (await agent.get("/api/tickets", params=query)).json()
        assert {UUID(ticket["id"]) for ticket in page["tickets"]} == {ids[index] for index in expected}, query
        assert page["pagination"]["total"] == len(expected)


async def test_one_is_found_by_its_number_by_whom_may_see_it(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, ids: list[UUID]
) -> None:
    tickets = (await agent.get("/api/tickets")).json()["tickets"]
    [of_another] = [ticket for ticket in tickets if UUID(ticket["id"]) == ids[4]]
    query = {"number": of_another["number"]}
    found = (await agent.get("/api/tickets", params=query)).json()
    assert (found["tickets"], found["pagination"]["total"]) == ([of_another], 1)
    assert (await requester.get("/api/tickets", params=query)).json()["tickets"] == []
    assert (await agent.get("/api/tickets", params=query | {"status": "closed"})).json()["tickets"] == []
    assert (await agent.get("/api/tickets", params={"number": 2**53 - 1})).json()["tickets"] == []


async def test_a_requester_sees_their_own_whatever_the_filter(
    requester: httpx.AsyncClient, ids: list[UUID], people: People
) -> None:
    for query in ({}, {"requesterId": str(people.other_requester.id)}, {"requesterId": "me"}):
        page = (await requester.get("/api/tickets", params=query)).json()
        assert all(ticket["requesterId"] == str(people.requester.id) for ticket in page["tickets"])
    assert (await requester.get("/api/tickets", params={"deleted": "true"})).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        {"status": "lost"},
        {"status": ["open", "lost"]},
        {"priority": ""},
        {"assigneeId": "you"},
        {"assigneeId": "me\n"},
        {"assigneeId": ["none", "x"]},
        {"requesterId": "none"},
        {"tags": ""},
        {"tags": "x" * 51},
        {"createdAfter": "yesterday"},
        {"createdAfter": "2020-01-01T00:00:00"},
        {"deleted": "maybe"},
        {"number": "#7"},
        {"number": "0"},
        {"number": str(2**53)},
        {"tags": [f"t{number}" for number in range(101)]},
    ],
    ids=lambda query: str(query)[:40],
)
async def test_a_bad_parameter_is_named(agent: httpx.AsyncClient, query: dict[str, Any]) -> None:
    answer = await agent.get("/api/tickets", params=query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"].partition("[")[0] == f"query.{next(iter(query))}"


async def test_staff_assign_and_tag(agent: httpx.AsyncClient, ids: list[UUID], people: People) -> None:
    path = f"/api/tickets/{ids[3]}"
    change = {"assigneeId": str(people.admin.id), "tags": ["b", "a"]}
    changed = (await agent.patch(path, json=change)).json()
    assert (changed["assigneeId"], changed["tags"], changed["version"]) == (str(people.admin.id), ["b", "a"], 2)
    put = {"title": "T", "description": "", "status": "open", "priority": "low"}
    assert {**(await agent.put(path, json=put)).json()}.items() >= change.items()
    assert (await agent.patch(path, json={"assigneeId": None, "tags": []})).json()["assigneeId"] is None


async def test_nobody_else_does_and_not_to_anybody(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, ids: list[UUID], people: People
) -> None:
    path = f"/api/tickets/{ids[3]}"
    for change in ({"assigneeId": None}, {"tags": ["mine"]}):
        assert (await requester.patch(path, json=change)).status_code == 403
    for nobody in (uuid4(), people.requester.id):
        answer = await agent.patch(path, json={"assigneeId": str(nobody)})
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "$.assigneeId")
    assert (await agent.get(path)).json()["version"] == 1


async def test_me_is_whoever_asks_and_none_is_nobody(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, requester: httpx.AsyncClient, bench: Workbench
) -> None:
    mine, others, nobodys = await bench.tickets(3)
    await bench.execute("update tickets set assignee_id = :who where id = :id", who=bench.people.agent.id, id=mine)
    await bench.execute("update tickets set assignee_id = :who where id = :id", who=bench.people.admin.id, id=others)

    async def found(client: httpx.AsyncClient, **query: Any) -> set[str]:
        answer = await client.get("/api/tickets", params=query)
        assert answer.status_code == 200, answer.text
        return {ticket["id"] for ticket in answer.json()["tickets"]}

    assert await found(agent, assigneeId="me") == {f"{mine}"}
    assert await found(admin, assigneeId="me") == {f"{others}"}
    assert await found(agent, assigneeId="none") == {f"{nobodys}"}
    assert await found(agent, assigneeId=["none", "me"]) == {f"{mine}", f"{nobodys}"}
    assert await found(agent, assigneeId=["none", f"{bench.people.admin.id}"]) == {f"{others}", f"{nobodys}"}
    assert await found(agent, requesterId="me") == set()
    assert await found(requester, requesterId="me") == {f"{mine}", f"{others}", f"{nobodys}"}
    assert (await agent.get("/api/tickets", params={"assigneeId": "you"})).status_code == 400
    assert (await agent.get("/api/tickets", params={"requesterId": "none"})).status_code == 400


async def test_me_of_a_job_is_who_posted_it(admin: httpx.AsyncClient, bench: Workbench) -> None:
    await bench.tickets(2)
    await bench.execute("update tickets set assignee_id = :who where number = 1", who=bench.people.admin.id)
    payload = {"filter": {"assigneeId": ["me"]}}
    assert (await admin.post("/api/jobs/preview", json={"type": "bulk-delete", "payload": payload})).json()[
        "total"
    ] == 1
    posted = (await admin.post("/api/jobs", json={"type": "bulk-delete", "payload": payload})).json()
    assert posted["params"]["filter"] == {"assigneeId": [f"{bench.people.admin.id}"]}
    await bench.lanes().run(UUID(posted["id"]))
    assert await bench.codes(UUID(posted["id"])) == {"deleted": 1}
