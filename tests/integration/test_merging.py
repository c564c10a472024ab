"""Duplicates, merged into the ticket that survives."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from app.accounts.models import User
from app.jobs.operations.bulk_update import BulkUpdate, BulkUpdatePayload
from app.tickets import store as tickets
from tests.integration.conftest import Client
from tests.integration.test_sockets import is_waited_for
from tests.support.people import People
from tests.support.waiting import until
from tests.support.workbench import Workbench


async def fetch(bench: Workbench, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    async with bench.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(statement), values)]


async def say(bench: Workbench, ticket_id: UUID, author: User, body: str, *, internal: bool = False) -> None:
    await bench.execute(
        "insert into comments (ticket_id, author_id, body, internal, created_at) "
        "values (:ticket_id, :author_id, :body, :internal, '2026-01-01Z')",
        ticket_id=ticket_id,
        author_id=author.id,
        body=body,
        internal=internal,
    )


async def comments_of(bench: Workbench, ticket_id: UUID) -> list[tuple[Any, ...]]:
    look = "select author_id, body, internal, created_at::date::text from comments where ticket_id = :id order by id"
    return await fetch(bench, look, id=ticket_id)


async def changes_of(bench: Workbench, ticket_id: UUID) -> list[tuple[Any, ...]]:
    look = "select actor_id, changes, version, internal from ticket_changes where ticket_id = :id order by id"
    return await fetch(bench, look, id=ticket_id)


async def merge(client: httpx.AsyncClient, duplicate: UUID, into: UUID) -> httpx.Response:
    return await client.post(f"/api/tickets/{duplicate}/merge", json={"into": str(into)})


async def test_the_survivor_gets_what_was_said_and_the_duplicate_is_closed(
    agent: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    duplicate, survivor = await bench.tickets(2)
    await bench.execute("update tickets set tags = array['b', 'a'] where id = :id", id=survivor)
    await bench.execute("update tickets set tags = array['c', 'a'] where id = :id", id=duplicate)
    await say(bench, survivor, people.agent, "one")
    await say(bench, duplicate, people.requester, "two")
    await say(bench, duplicate, people.agent, "three", internal=True)
    merged = await merge(agent, duplicate, survivor)
    assert (merged.status_code, merged.headers["etag"]) == (200, '"2"')
    assert (merged.json()["id"], merged.json()["tags"]) == (str(survivor), ["b", "a", "c"])
    assert await comments_of(bench, survivor) == [
        (people.agent.id, "one", False, "2026-01-01"),
        (people.requester.id, "two", False, "2026-01-01"),
        (people.agent.id, "three", True, "2026-01-01"),
    ]
    assert await comments_of(bench, duplicate) == []
    closed = (await agent.get(f"/api/tickets/{duplicate}")).json()
    assert (closed["status"], closed["mergedInto"], closed["version"]) == ("closed", str(survivor), 2)
    agent_id = people.agent.id
    assert await changes_of(bench, duplicate) == [
        (agent_id, {"status": ["open", "closed"], "mergedInto": [None, str(survivor)]}, 2, False)
    ]
    assert await changes_of(bench, survivor) == [
        (agent_id, {"tags": [["b", "a"], ["b", "a", "c"]], "mergedFrom": [None, str(duplicate)]}, 2, False)
    ]


async def test_another_requester_learns_nothing_of_what_was_merged_into_theirs(
    agent: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    duplicate, survivor = await bench.tickets(2)
    await bench.execute(
        "update tickets set requester_id = :other where id = :id", other=people.other_requester.id, id=duplicate
    )
    await say(bench, duplicate, people.other_requester, "private")
    assert (await merge(agent, duplicate, survivor)).status_code == 200
    assert [row[1:3] for row in await comments_of(bench, survivor)] == [("private", True)]
    assert [row[-1] for row in await changes_of(bench, survivor)] == [True]


async def test_a_merge_that_makes_no_sense_changes_nothing(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, bench: Workbench
) -> None:
    merged, survivor, deleted, live = await bench.tickets(4)
    await merge(agent, merged, survivor)
    await agent.delete(f"/api/tickets/{deleted}")
    look = "select * from tickets order by number"
    before = await fetch(bench, look)
    for duplicate, into, status, code in (
        (live, live, 400, "invalid_request"),
        (live, deleted, 400, "invalid_request"),
        (live, uuid4(), 400, "invalid_request"),
        (deleted, live, 404, "not_found"),
        (uuid4(), live, 404, "not_found"),
        (live, merged, 409, "merged"),
        (merged, live, 409, "merged"),
        (merged, survivor, 409, "merged"),
    ):
        refused = await merge(agent, duplicate, into)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
        if status == 400:
            assert refused.json()["errors"][0]["path"] == "$.into"
        if status == 409:
            assert refused.json()["mergedInto"] == str(survivor)
    assert (await merge(requester, live, survivor)).status_code == 403
    assert await fetch(bench, look) == before


async def test_what_was_merged_stays_closed_by_hand_and_by_bulk(agent: httpx.AsyncClient, bench: Workbench) -> None:
    duplicate, survivor = await bench.tickets(2)
    await merge(agent, duplicate, survivor)
    path = f"/api/tickets/{duplicate}"
    refused = await agent.patch(path, json={"status": "open"})
    assert (refused.status_code, refused.json()["code"]) == (409, "merged")
    assert refused.json()["mergedInto"] == str(survivor)
    assert (await agent.patch(path, json={"status": "closed", "title": "Duplicate"})).status_code == 200
    for payload, code in (
        (BulkUpdatePayload(ticket_ids=[duplicate], status="open", add_tags=["a"]), "merged"),
        (BulkUpdatePayload(ticket_ids=[duplicate], status="closed", add_tags=["a"]), "updated"),
    ):
        job = await bench.post(BulkUpdate(payload=payload))
        await bench.lanes().run(job.id)
        assert await bench.codes(job.id) == {code: 1}


async def test_what_was_merged_is_commented_on_where_it_went(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, client: Client, bench: Workbench, people: People
) -> None:
    duplicate, survivor = await bench.tickets(2)
    await merge(agent, duplicate, survivor)
    for writer in (agent, requester):
        refused = await comment_on(writer, duplicate)
        assert (refused.status_code, refused.json()["code"]) == (409, "merged")
        assert refused.json()["mergedInto"] == str(survivor)
        assert (await comment_on(writer, survivor)).status_code == 201
    async with client(people.other_requester) as other:
        assert (await comment_on(other, duplicate)).status_code == 404
    assert await comments_of(bench, duplicate) == []


async def test_a_comment_that_is_written_while_its_ticket_is_merged_does_not_stay_behind(
    agent: httpx.AsyncClient, bench: Workbench
) -> None:
    duplicate, survivor = await bench.tickets(2)
    async with bench.engine.begin() as connection:  # as a merge holds them
        await tickets.lock(connection, [duplicate, survivor])
        commenting = asyncio.create_task(comment_on(agent, duplicate))
        await until(lambda: is_waited_for(bench))
        await connection.execute(
            text("update tickets set status = 'closed', merged_into = :into where id = :id"),
            {"id": duplicate, "into": survivor},
        )
    assert (await commenting).status_code == 409
    assert await comments_of(bench, duplicate) == []


async def comment_on(client: httpx.AsyncClient, ticket_id: UUID) -> httpx.Response:
    return await client.post(f"/api/tickets/{ticket_id}/comments", json={"body": "Any news?"})


async def test_a_merge_stands_in_the_way_of_an_undo(agent: httpx.AsyncClient, bench: Workbench) -> None:
    duplicate, survivor = await bench.tickets(2)
    job = await bench.post(BulkUpdate(payload=BulkUpdatePayload(ticket_ids=[duplicate], status="closed")))
    await bench.lanes().run(job.id)
    await merge(agent, duplicate, survivor)
    undo = await bench.intake.undo(bench.caller, job.id)
    await bench.lanes().run(undo.id)
    assert await bench.codes(undo.id) == {"conflict": 1}


async def test_tickets_that_are_merged_into_each_other_at_once_make_no_circle(
    client: Client, bench: Workbench, people: People
) -> None:
    async with client(people.agent) as agent, client(people.admin) as admin:
        for _ in range(20):
            one, other = await bench.tickets(2)
            answers = await asyncio.gather(merge(agent, one, other), merge(admin, other, one))
            assert sorted(answer.status_code for answer in answers) == [200, 409]
            merged_into = await fetch(bench, "select merged_into from tickets where id in (:a, :b)", a=one, b=other)
            assert [found for (found,) in merged_into].count(None) == 1


async def test_a_survivor_that_is_merged_in_turn_leaves_a_trail(agent: httpx.AsyncClient, bench: Workbench) -> None:
    first, second, third = await bench.tickets(3)
    assert (await merge(agent, first, second)).status_code == 200
    assert (await merge(agent, second, third)).status_code == 200
    trail = [(await agent.get(f"/api/tickets/{ticket_id}")).json()["mergedInto"] for ticket_id in (first, second)]
    assert trail == [str(second), str(third)]
