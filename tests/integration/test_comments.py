"""Comments on tickets: who writes, reads and changes them, and what is told of those that are internal."""

import asyncio
import itertools
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.integration.test_sockets import is_waited_for
from tests.support.waiting import until
from tests.support.workbench import Workbench

Json = dict[str, Any]


@pytest.fixture
async def path(bench: Workbench) -> str:
    """A ticket of the requester's, to comment on."""
    return f"/api/tickets/{(await bench.tickets(1))[0]}/comments"


async def written(client: httpx.AsyncClient, path: str, body: str = "Have you **tried** it?", **fields: Any) -> Json:
    answer = await client.post(path, json={"body": body, **fields})
    assert answer.status_code == 201, answer.text
    comment: Json = answer.json()
    assert answer.headers["location"] == f"{path}/{comment['id']}"
    return comment


async def listed(client: httpx.AsyncClient, path: str, **query: Any) -> list[str]:
    return [comment["body"] for comment in (await client.get(path, params=query)).json()["comments"]]


async def changes(bench: Workbench) -> list[tuple[Any, ...]]:
    async with bench.engine.connect() as connection:
        found = await connection.exec_driver_sql(
            "select changes, internal, actor_id, version from ticket_changes where changes ? 'comment' order by id"
        )
        return [tuple(row) for row in found]


async def test_a_comment_is_kept_as_it_was_written(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, bench: Workbench, path: str
) -> None:
    body = "# Hi\n\n<b>so</b> **bold** ä 😀  "
    comment = await written(agent, path, body)
    assert (comment["body"], comment["internal"], comment["editedAt"]) == (body, False, None)
    assert comment["author"] == {"id": str(bench.people.agent.id), "username": "agent"}
    for client in (agent, requester):
        assert (await client.get(f"{path}/{comment['id']}")).json() == comment
        assert (await client.get(path)).json() == {"comments": [comment], "nextCursor": None}


async def test_comments_are_listed_in_either_order_a_part_at_a_time(agent: httpx.AsyncClient, path: str) -> None:
    for body in "abc":
        await written(agent, path, body)
    for sort, expected in (("created", ["a", "b", "c"]), ("-created", ["c", "b", "a"])):
        first = (await agent.get(path, params={"sort": sort, "limit": 2})).json()
        assert [comment["body"] for comment in first["comments"]] == expected[:2]
        assert await listed(agent, path, sort=sort, cursor=first["nextCursor"]) == expected[2:]
    refused = await agent.get(path, params={"sort": "created", "cursor": first["nextCursor"]})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "query.cursor")


async def test_a_cursor_is_good_for_its_own_ticket_only(agent: httpx.AsyncClient, bench: Workbench, path: str) -> None:
    [other] = await bench.tickets(1)
    for body in "ab":
        await written(agent, path, body)
    cursor = (await agent.get(path, params={"limit": 1})).json()["nextCursor"]
    assert (await agent.get(f"/api/tickets/{other}/comments", params={"cursor": cursor})).status_code == 400


async def test_requesters_answer_on_their_own_tickets(requester: httpx.AsyncClient, path: str) -> None:
    comment = await written(requester, path, "Yes, I have.")
    edited = await requester.patch(f"{path}/{comment['id']}", json={"body": "Yes, twice."})
    assert edited.json() == comment | {"body": "Yes, twice.", "editedAt": edited.json()["editedAt"]}
    assert (await requester.delete(f"{path}/{comment['id']}")).status_code == 204
    assert await listed(requester, path) == []


async def test_a_requester_learns_nothing_of_internal_comments(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, path: str
) -> None:
    bodies = ("first", "second", "third")
    for body in bodies:
        await written(agent, path, f"a secret before the {body}", internal=True)
        await written(agent, path, body)
    secret = await written(agent, path, "the last secret", internal=True)

    async def told(comment_id: str, method: str, body: Json | None) -> Any:
        answer = await requester.request(method, f"{path}/{comment_id}", json=body)
        return answer.status_code, answer.json() | {"requestId": ""}

    for method, sent in (("GET", None), ("PATCH", {"body": "Mine"}), ("DELETE", None)):
        hidden = await told(secret["id"], method, sent)
        assert hidden == await told(str(uuid4()), method, sent)
        assert hidden[0] == 404
    pages, cursor = [], None
    while True:
        query = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = (await requester.get(path, params=query)).json()
        pages.append([comment["body"] for comment in page["comments"]])
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert pages == [[body] for body in bodies]
    assert await listed(requester, path, sort="-created") == list(reversed(bodies))
    assert len(await listed(agent, path)) == 7


async def test_the_etag_of_a_requesters_list_is_silent_on_internal_comments(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, path: str
) -> None:
    ticket = path.removesuffix("/comments")
    before = [(await requester.get(each)).headers["etag"] for each in (path, ticket)]
    secret = await written(agent, path, "A secret", internal=True)
    await agent.patch(f"{path}/{secret['id']}", json={"body": "Another secret"})
    assert [(await requester.get(each)).headers["etag"] for each in (path, ticket)] == before


async def test_requesters_write_no_internal_comments(requester: httpx.AsyncClient, path: str) -> None:
    refused = await requester.post(path, json={"body": "psst", "internal": True})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    unknown = await requester.post(f"/api/tickets/{uuid4()}/comments", json={"body": "psst", "internal": True})
    assert unknown.json() | {"requestId": ""} == refused.json() | {"requestId": ""}


async def test_who_became_a_requester_no_longer_sees_the_notes_that_they_wrote(
    agent: httpx.AsyncClient, bench: Workbench, path: str
) -> None:
    note = await written(agent, path, "A note", internal=True)
    await bench.execute("update users set role = 'requester' where username = 'agent'")
    await bench.execute("update tickets set requester_id = :agent", agent=bench.people.agent.id)
    assert (await agent.get(f"{path}/{note['id']}")).status_code == 404
    assert (await agent.delete(f"{path}/{note['id']}")).status_code == 404


async def test_only_its_author_or_an_admin_changes_a_comment(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, admin: httpx.AsyncClient, path: str
) -> None:
    by_agent, by_requester = await written(agent, path, "by agent"), await written(requester, path, "by requester")
    for client, comment in ((requester, by_agent), (agent, by_requester)):
        for refused in (
            await client.patch(f"{path}/{comment['id']}", json={"body": "x"}),
            await client.delete(f"{path}/{comment['id']}"),
        ):
            assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    edited = (await admin.patch(f"{path}/{by_agent['id']}", json={"body": "by admin"})).json()
    assert (edited["body"], edited["author"]["username"]) == ("by admin", "agent")
    assert (await admin.delete(f"{path}/{by_requester['id']}")).status_code == 204
    assert await listed(agent, path) == ["by admin"]


@pytest.mark.parametrize("internal", [False, True])
async def test_what_a_comment_was_is_on_record(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, bench: Workbench, path: str, internal: bool
) -> None:
    comment = f"{path}/{(await written(agent, path, 'one', internal=internal))['id']}"
    edited = (await agent.patch(comment, json={"body": "two"})).json()
    assert edited["editedAt"] > edited["createdAt"]
    assert (await agent.patch(comment, json={"body": "two"})).json() == edited  # which changes nothing
    await admin.delete(comment)
    people = bench.people
    assert await changes(bench) == [
        ({"comment": ["one", "two"]}, internal, people.agent.id, None),
        ({"comment": ["two", None]}, internal, people.admin.id, None),
    ]


async def test_of_two_who_edit_at_once_both_are_on_record_and_the_later_one_wins(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, bench: Workbench, path: str
) -> None:
    comment = f"{path}/{(await written(agent, path, '0'))['id']}"
    edits = [client.patch(comment, json={"body": str(n)}) for n, client in enumerate((agent, admin) * 5, 1)]
    assert {answer.status_code for answer in await asyncio.gather(*edits)} == {200}
    texts = [change["comment"] for change, *_ in await changes(bench)]
    assert len(texts) == 10
    assert texts[0][0] == "0"
    assert all(after == before for (_, after), (before, _) in itertools.pairwise(texts))
    assert (await agent.get(comment)).json()["body"] == texts[-1][1]


async def test_a_comment_that_is_deleted_is_gone(agent: httpx.AsyncClient, path: str) -> None:
    comment = f"{path}/{(await written(agent, path))['id']}"
    assert (await agent.delete(comment)).status_code == 204
    for answer in (
        await agent.delete(comment),
        await agent.get(comment),
        await agent.patch(comment, json={"body": "x"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_comment_leaves_the_version_and_the_time_of_its_ticket_as_they_are(
    agent: httpx.AsyncClient, path: str
) -> None:
    ticket = path.removesuffix("/comments")
    before = (await agent.get(ticket)).json()
    comment = await written(agent, path)
    await agent.patch(f"{path}/{comment['id']}", json={"body": "x"})
    assert (await agent.get(ticket)).json() == before


async def test_a_comment_is_on_its_own_ticket_only(agent: httpx.AsyncClient, bench: Workbench, path: str) -> None:
    [other] = await bench.tickets(1)
    comment = await written(agent, path)
    elsewhere = f"/api/tickets/{other}/comments/{comment['id']}"
    assert (await agent.get(elsewhere)).status_code == 404
    assert (await agent.patch(elsewhere, json={"body": "x"})).status_code == 404
    assert (await agent.delete(elsewhere)).status_code == 404


async def test_there_is_nothing_to_comment_on_where_no_ticket_is_seen(
    admin: httpx.AsyncClient, requester: httpx.AsyncClient, bench: Workbench, path: str
) -> None:
    deleted, theirs = await bench.tickets(2)
    comments = {id_: f"/api/tickets/{id_}/comments" for id_ in (deleted, theirs, uuid4())}
    known = {id_: (await written(admin, comments[id_]))["id"] for id_ in (deleted, theirs)}
    await bench.execute("update tickets set deleted_at = now() where id = :id", id=deleted)
    await bench.execute(
        "update tickets set requester_id = :other where id = :id", other=bench.people.other_requester.id, id=theirs
    )
    for client, unseen in ((requester, list(comments)), (admin, [id_ for id_ in comments if id_ != theirs])):
        for ticket_id in unseen:
            comment = f"{comments[ticket_id]}/{known.get(ticket_id, uuid4())}"
            for answer in (
                await client.get(comments[ticket_id]),
                await client.post(comments[ticket_id], json={"body": "x"}),
                await client.get(comment),
                await client.patch(comment, json={"body": "x"}),
                await client.delete(comment),
            ):
                assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    await bench.execute("update tickets set deleted_at = null")
    assert await listed(admin, comments[deleted]) == ["Have you **tried** it?"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "$"),
        ({"body": ""}, "$.body"),
        ({"body": "x" * 20_001}, "$.body"),
        ({"body": "\x00"}, "$.body"),
        ({"body": None}, "$.body"),
        ({"body": "x", "internal": "true"}, "$.internal"),
        ({"body": "x", "authorId": str(uuid4())}, "$"),
        ({"body": "x", "createdAt": "2026-01-01T00:00:00Z"}, "$"),
    ],
)
async def test_a_bad_comment_is_refused_where_it_is_bad(
    agent: httpx.AsyncClient, path: str, body: Json, where: str
) -> None:
    refused = await agent.post(path, json=body)
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, where)


async def test_who_may_read_a_comment_cannot_be_changed(agent: httpx.AsyncClient, path: str) -> None:
    comment = await written(agent, path, "A note", internal=True)
    refused = await agent.patch(f"{path}/{comment['id']}", json={"body": "x", "internal": False})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "$")


async def test_an_edit_and_a_job_that_has_the_ticket_do_not_wait_for_each_other(
    agent: httpx.AsyncClient, bench: Workbench, path: str
) -> None:
    """A bulk job locks the ticket's row and then its comments; an edit that did it the other way would deadlock."""
    comment = await written(agent, path)
    ticket_id, comment_id = UUID(path.split("/")[3]), UUID(comment["id"])
    async with bench.engine.connect() as job:
        await job.exec_driver_sql(f"select from tickets where id = '{ticket_id}' for update")
        editing = asyncio.create_task(agent.patch(f"{path}/{comment_id}", json={"body": "edited"}))
        await until(lambda: is_waited_for(bench))
        await job.exec_driver_sql(f"delete from comments where id = '{comment_id}'")
        await job.commit()
    assert (await editing).status_code == 404
