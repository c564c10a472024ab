import asyncio
import itertools
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.support.people import People, add_tickets
from tests.support.workbench import Workbench


@pytest.fixture
async def path(engine: AsyncEngine, people: People) -> str:
    """The comments of a ticket of the requester's."""
    [ticket_id] = await add_tickets(engine, people.requester, 1)
    return f"/api/tickets/{ticket_id}/comments"


async def said(client: httpx.AsyncClient, path: str, body: str = "Have you tried *again*?", **fields: Any) -> Any:
    answer = await client.post(path, json={"body": body, **fields})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{path}/{answer.json()['id']}"
    return answer.json()


async def bodies(client: httpx.AsyncClient, path: str, **query: Any) -> list[str]:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return [comment["body"] for comment in answer.json()["comments"]]


async def test_what_is_said_is_kept_as_it_was_written(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, path: str, people: People
) -> None:
    text = "<b>No</b> *Markdown* is touched\r\n\tnor 🙂"
    comment = await said(agent, path, text)
    assert (comment["body"], comment["internal"], comment["editedAt"]) == (text, False, None)
    assert comment["author"] == {"id": str(people.agent.id), "username": "agent"}
    for client in (agent, requester):
        assert (await client.get(f"{path}/{comment['id']}")).json() == comment
    await said(requester, path, "Yes, I have.")
    assert await bodies(requester, path) == [text, "Yes, I have."]


async def test_comments_are_listed_in_order_a_part_at_a_time(agent: httpx.AsyncClient, path: str) -> None:
    assert await bodies(agent, path) == []
    for number in range(5):
        await said(agent, path, f"{number}")
    first = (await agent.get(path, params={"limit": 2})).json()
    assert [comment["body"] for comment in first["comments"]] == ["0", "1"]
    assert await bodies(agent, path, cursor=first["nextCursor"]) == ["2", "3", "4"]
    last = (await agent.get(path, params={"limit": 2, "sort": "-created"})).json()
    assert [comment["body"] for comment in last["comments"]] == ["4", "3"]
    assert await bodies(agent, path, cursor=last["nextCursor"], sort="-created") == ["2", "1", "0"]
    elsewhere = await agent.get(path.replace(path[13:49], str(uuid4())), params={"cursor": first["nextCursor"]})
    assert elsewhere.status_code == 400


async def test_requesters_never_meet_what_is_internal(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, path: str
) -> None:
    for number in range(3):
        await said(agent, path, f"secret {number}", internal=True)
    public = await said(agent, path, "public")
    note = await said(agent, path, "secret 3", internal=True)
    page = (await requester.get(path, params={"limit": 1})).json()
    assert page == {"comments": [public], "nextCursor": None}
    own = f"{path}/{note['id']}"
    for refused in (
        await requester.get(own),
        await requester.patch(own, json={"body": "mine"}),
        await requester.delete(own),
        await requester.get(f"{path}/{uuid4()}"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    refused = await requester.post(path, json={"body": "x", "internal": True})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    await agent.patch(own, json={"body": "edited"})
    await agent.delete(own)
    history = path.replace("comments", "history")
    assert (await requester.get(history)).json() == {"changes": [], "nextCursor": None}
    assert len((await agent.get(history)).json()["changes"]) == 2


async def test_others_tickets_and_deleted_ones_have_no_comments_to_see(
    admin: httpx.AsyncClient, requester: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    [others] = await add_tickets(engine, people.other_requester, 1)
    path = f"/api/tickets/{others}/comments"
    comment = await said(admin, path)
    for answer in (
        await requester.get(path),
        await requester.post(path, json={"body": "x"}),
        await requester.get(f"{path}/{comment['id']}"),
        await admin.get(f"/api/tickets/{uuid4()}/comments"),
        await admin.post(f"/api/tickets/{uuid4()}/comments", json={"body": "x"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    await admin.delete(f"/api/tickets/{others}")
    assert (await admin.get(path)).status_code == 404
    assert (await admin.post(path, json={"body": "x"})).status_code == 404


async def test_a_comment_belongs_to_its_ticket(
    agent: httpx.AsyncClient, path: str, engine: AsyncEngine, people: People
) -> None:
    [other] = await add_tickets(engine, people.requester, 1)
    comment = await said(agent, path)
    assert (await agent.get(f"/api/tickets/{other}/comments/{comment['id']}")).status_code == 404


async def test_its_author_or_an_admin_changes_a_comment_and_the_history_keeps_what_it_said(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, requester: httpx.AsyncClient, path: str
) -> None:
    comment = await said(agent, path, "first")
    own = f"{path}/{comment['id']}"
    refused = await requester.patch(own, json={"body": "mine"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    assert (await requester.delete(own)).json()["code"] == "not_yours"
    edited = (await agent.patch(own, json={"body": "second"})).json()
    assert edited == comment | {"body": "second", "editedAt": edited["editedAt"]}
    assert edited["editedAt"] is not None
    again = (await admin.patch(own, json={"body": "third"})).json()
    assert again["author"]["username"] == "agent"
    assert (await admin.delete(own)).status_code == 204
    assert (await agent.get(own)).status_code == 404
    changes = (await agent.get(path.replace("comments", "history"))).json()["changes"]
    assert [(change["actor"]["username"], change["before"], change["after"]) for change in changes] == [
        ("admin", "third", None),
        ("admin", "second", "third"),
        ("agent", "first", "second"),
    ]


async def test_an_edit_that_changes_nothing_is_none(agent: httpx.AsyncClient, path: str) -> None:
    comment = await said(agent, path, "as it is")
    assert (await agent.patch(f"{path}/{comment['id']}", json={"body": "as it is"})).json() == comment
    assert (await agent.get(path.replace("comments", "history"))).json()["changes"] == []


async def test_edits_at_once_are_both_in_the_history(agent: httpx.AsyncClient, path: str) -> None:
    comment = await said(agent, path, "0")
    own = f"{path}/{comment['id']}"
    await asyncio.gather(*(agent.patch(own, json={"body": f"{number}"}) for number in range(1, 6)))
    changes = (await agent.get(path.replace("comments", "history"))).json()["changes"]
    chain = [(change["before"], change["after"]) for change in reversed(changes)]
    assert len(chain) == 5
    assert chain[0][0] == "0"
    assert all(after == before for (_, after), (before, _) in itertools.pairwise(chain))
    assert (await agent.get(own)).json()["body"] == chain[-1][1]


async def test_a_comment_is_no_change_of_the_ticket(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, path: str, bench: Workbench
) -> None:
    ticket = path.removesuffix("/comments")
    job = await bench.submit([UUID(ticket.rpartition("/")[2])])
    await bench.lanes().run(job.id)
    await admin.post(f"{ticket}/restore")
    before = (await agent.get(ticket)).json()
    await said(agent, path)
    assert (await agent.get(ticket)).json() == before


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "$"),
        ({"body": ""}, "$.body"),
        ({"body": "x" * 20_001}, "$.body"),
        ({"body": "nul \0"}, "$.body"),
        ({"body": "x", "internal": "yes"}, "$.internal"),
        ({"body": "x", "authorId": str(uuid4())}, "$"),
    ],
)
async def test_a_bad_comment_is_refused_where_it_is_bad(
    agent: httpx.AsyncClient, path: str, body: dict[str, Any], where: str
) -> None:
    refused = await agent.post(path, json=body)
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, where)
