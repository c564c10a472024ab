"""Tickets that have to do with each other."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from app.relations import service
from tests.support.people import People
from tests.support.workbench import Workbench


async def related(client: httpx.AsyncClient, ticket_id: UUID) -> list[UUID]:
    answer = await client.get(f"/api/tickets/{ticket_id}/related")
    assert answer.status_code == 200, answer.text
    return [UUID(ticket["id"]) for ticket in answer.json()["tickets"]]


def path_of(ticket_id: UUID, other_id: UUID) -> str:
    return f"/api/tickets/{ticket_id}/related/{other_id}"


async def changes_of(bench: Workbench, ticket_id: UUID) -> list[Any]:
    recorded = text("select changes, internal, version from ticket_changes where ticket_id = :id order by id")
    async with bench.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(recorded, {"id": ticket_id})]


async def test_each_is_related_to_the_other_until_that_is_taken_away(
    agent: httpx.AsyncClient, bench: Workbench
) -> None:
    one, other, third = await bench.tickets(3)
    for path in (path_of(other, one), path_of(other, one), path_of(one, other), path_of(third, one)):
        assert (await agent.put(path)).status_code == 204
    assert await related(agent, one) == [other, third]
    assert (await related(agent, other), await related(agent, third)) == ([one], [one])
    for path in (path_of(one, other), path_of(other, one)):
        assert (await agent.delete(path)).status_code == 204
    assert (await related(agent, one), await related(agent, other)) == ([third], [])
    assert await changes_of(bench, other) == [
        ({"related": [None, str(one)]}, True, None),
        ({"related": [str(one), None]}, True, None),
    ]
    assert len(await changes_of(bench, one)) == 3
    assert (await agent.get(f"/api/tickets/{one}")).json()["version"] == 1


async def test_what_makes_no_sense_is_refused(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, bench: Workbench
) -> None:
    one, deleted = await bench.tickets(2)
    await agent.delete(f"/api/tickets/{deleted}")
    refused = await agent.put(path_of(one, one))
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "path.other_id")
    for gone in (deleted, uuid4()):
        for path in (path_of(one, gone), path_of(gone, one)):
            assert [(await agent.request(method, path)).status_code for method in ("PUT", "DELETE")] == [404, 404]
        assert (await agent.get(f"/api/tickets/{gone}/related")).status_code == 404
    for method, path in (
        ("GET", f"/api/tickets/{one}/related"),
        ("PUT", path_of(one, deleted)),
        ("DELETE", path_of(one, deleted)),
    ):
        assert (await requester.request(method, path)).status_code == 403


async def test_what_is_deleted_is_not_shown_and_what_is_purged_is_forgotten(
    agent: httpx.AsyncClient, bench: Workbench
) -> None:
    one, other = await bench.tickets(2)
    await agent.put(path_of(one, other))
    await agent.delete(f"/api/tickets/{other}")
    assert await related(agent, one) == []
    await agent.post(f"/api/tickets/{other}/restore")
    assert await related(agent, one) == [other]
    await bench.execute("delete from tickets where id = :id", id=other)
    assert await related(agent, one) == []


async def test_a_ticket_is_related_to_so_many_and_no_more(
    agent: httpx.AsyncClient, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_RELATED", 3)
    one, *others = await bench.tickets(6)
    answers = await asyncio.gather(*(agent.put(path_of(one, other)) for other in others))
    assert sorted(answer.status_code for answer in answers) == [204, 204, 204, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"too_many_related"}
    assert len(await related(agent, one)) == 3
    assert (await agent.put(path_of(one, (await related(agent, one))[0]))).status_code == 204


async def test_two_who_relate_the_same_tickets_at_once_both_have_it(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    for _ in range(10):
        one, other = await bench.tickets(2)
        answers = await asyncio.gather(agent.put(path_of(one, other)), admin.put(path_of(other, one)))
        assert [answer.status_code for answer in answers] == [204, 204]
        assert len(await changes_of(bench, one)) == 1
