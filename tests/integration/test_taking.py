"""Who has a ticket: taken, handed over, and found by whose it is."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from tests.integration.conftest import Client
from tests.support.people import People
from tests.support.workbench import Workbench


async def one(bench: Workbench) -> str:
    [ticket_id] = await bench.tickets(1)
    return f"/api/tickets/{ticket_id}"


async def changes_of(bench: Workbench, path: str) -> list[tuple[UUID, dict[str, Any]]]:
    """Return who changed a ticket and what, the oldest change first."""
    recorded = text("select actor_id, changes from ticket_changes where ticket_id = :id order by id")
    async with bench.engine.connect() as connection:
        found = await connection.execute(recorded, {"id": UUID(path.rpartition("/")[2])})
        return [(row.actor_id, row.changes) for row in found]


async def test_what_nobody_has_is_taken_once(agent: httpx.AsyncClient, bench: Workbench, people: People) -> None:
    path = await one(bench)
    taken = await agent.post(f"{path}/take")
    assert (taken.status_code, taken.headers["etag"]) == (200, '"2"')
    assert (taken.json()["assigneeId"], taken.json()["status"]) == (str(people.agent.id), "open")
    again = await agent.post(f"{path}/take")
    assert (again.status_code, again.json()) == (200, taken.json())
    assert await changes_of(bench, path) == [(people.agent.id, {"assigneeId": [None, str(people.agent.id)]})]


async def test_what_another_one_has_is_handed_over_and_not_taken(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    path = await one(bench)
    await agent.post(f"{path}/take")
    refused = await admin.post(f"{path}/take")
    assert (refused.status_code, refused.json()["code"]) == (409, "taken_by_another")
    assert refused.json()["assigneeId"] == str(people.agent.id)
    handed_over = await agent.patch(path, json={"assigneeId": str(people.admin.id)})
    assert handed_over.json()["assigneeId"] == str(people.admin.id)
    assert (await admin.post(f"{path}/take")).status_code == 200


async def test_of_many_who_take_a_ticket_at_once_one_has_it(client: Client, bench: Workbench, people: People) -> None:
    path = await one(bench)
    async with client(people.agent) as agent, client(people.admin) as admin, client(people.other_admin) as other:
        answers = await asyncio.gather(*(user.post(f"{path}/take") for user in (agent, admin, other)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    [winner] = {answer.json()["assigneeId"] for answer in answers}
    assert [changed["assigneeId"] for _, changed in await changes_of(bench, path)] == [[None, winner]]


async def test_what_is_not_there_is_not_taken_and_requesters_take_nothing(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, bench: Workbench
) -> None:
    path = await one(bench)
    assert (await requester.post(f"{path}/take")).status_code == 403
    await agent.delete(path)
    for gone in (path, f"/api/tickets/{uuid4()}"):
        assert (await agent.post(f"{gone}/take")).status_code == 404


async def test_in_a_view_that_is_shared_me_is_who_uses_it(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    ids = await bench.tickets(4)
    for ticket_id, assignee in zip(ids, (people.agent, people.admin, people.admin, None), strict=True):
        await bench.execute(
            "update tickets set assignee_id = :assignee where id = :id", id=ticket_id, assignee=assignee and assignee.id
        )
    view = (
        await agent.post("/api/views", json={"name": "Mine", "filter": {"assigneeId": "me"}, "sharedWith": ["admin"]})
    ).json()
    assert view["filter"] == {"assigneeId": "me"}

    async def total(client: httpx.AsyncClient, **query: Any) -> int:
        found: int = (await client.get("/api/tickets", params=query)).json()["pagination"]["total"]
        return found

    assert (await total(agent, view=view["id"]), await total(admin, view=view["id"])) == (1, 2)
    assert await total(admin, view=view["id"], assigneeId="none") == 1


async def test_a_job_is_about_who_posted_it_and_about_what_nobody_has(
    admin: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    ids = await bench.tickets(5)
    for ticket_id, assignee in zip(ids[:3], (people.agent, people.admin, people.admin), strict=True):
        await bench.execute(
            "update tickets set assignee_id = :assignee where id = :id", id=ticket_id, assignee=assignee.id
        )
    mine = str(people.admin.id)
    for wanted, stored, count in (("me", mine, 2), ("none", "none", 2), (["none", "me"], ["none", mine], 4)):
        body = {
            "type": "bulk-update",
            "payload": {"filter": {"assigneeId": wanted}, "addTags": [f"of {wanted}"]},
            "expectedCount": count,
        }
        assert (await admin.post("/api/jobs/preview", json=body)).json()["total"] == count
        posted = (await admin.post("/api/jobs", json=body)).json()
        assert posted["params"]["filter"] == {"assigneeId": stored}
        await bench.lanes().run(UUID(posted["id"]))
        assert await bench.codes(UUID(posted["id"])) == {"updated": count}
