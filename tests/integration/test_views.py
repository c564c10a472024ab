from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.views import service
from tests.support.people import People, add_tickets
from tests.support.workbench import Workbench

OPEN_SPAM = {"status": "open", "tags": "spam", "createdAfter": "2026-01-01T00:00:00Z"}


async def saved(client: httpx.AsyncClient, name: str = "Spam", **fields: Any) -> dict[str, Any]:
    answer = await client.post("/api/views", json={"name": name, "filter": OPEN_SPAM, **fields})
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/views/{view['id']}"
    return view


async def names(client: httpx.AsyncClient, **query: Any) -> list[str]:
    return [view["name"] for view in (await client.get("/api/views", params=query)).json()["views"]]


async def tagged(engine: AsyncEngine, bench: Workbench, people: People) -> None:
    """Add three tickets of the requester that are spam, and two that are not."""
    ids = await add_tickets(engine, people.requester, 5)
    await bench.execute("update tickets set tags = array['spam'] where id = any(:ids)", ids=ids[:3])


async def test_a_view_is_kept_as_it_was_saved_and_changed_by_its_owner(
    agent: httpx.AsyncClient, people: People
) -> None:
    view = await saved(agent)
    assert view["ownerId"] == str(people.agent.id)
    assert (view["filter"], view["shared"]) == (OPEN_SPAM, False)
    path = f"/api/views/{view['id']}"
    assert (await agent.get(path)).json() == view
    changed = (await agent.patch(path, json={"name": "Old spam", "filter": {"tags": ["spam", "ham"]}})).json()
    assert changed == view | {
        "name": "Old spam",
        "filter": {"tags": ["spam", "ham"]},
        "updatedAt": changed["updatedAt"],
    }
    assert (await agent.delete(path)).status_code == 204
    assert (await agent.get(path)).status_code == 404


async def test_views_are_listed_by_name_a_part_at_a_time(agent: httpx.AsyncClient) -> None:
    for name in ("b", "A", "c"):
        await saved(agent, name)
    first = (await agent.get("/api/views", params={"limit": 2})).json()
    assert [view["name"] for view in first["views"]] == ["A", "b"]
    assert await names(agent, cursor=first["nextCursor"]) == ["c"]


async def test_others_use_a_view_that_is_shared_and_meet_no_other(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, requester: httpx.AsyncClient
) -> None:
    own, shared = await saved(agent, "Mine"), await saved(agent, "Ours", shared=True)
    for client in (admin, requester):
        assert await names(client) == ["Ours"]
        assert (await client.get(f"/api/views/{own['id']}")).status_code == 404
        assert (await client.get(f"/api/views/{shared['id']}")).json() == shared
        for refused in (
            await client.patch(f"/api/views/{shared['id']}", json={"shared": False}),
            await client.delete(f"/api/views/{shared['id']}"),
        ):
            assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert await names(agent) == ["Mine", "Ours"]


async def test_requesters_have_views_of_their_own_and_share_none(requester: httpx.AsyncClient) -> None:
    view = await saved(requester)
    for refused in (
        await requester.post("/api/views", json={"name": "Ours", "filter": {}, "shared": True}),
        await requester.patch(f"/api/views/{view['id']}", json={"shared": True}),
    ):
        assert refused.status_code == 403
    assert await names(requester) == ["Spam"]


async def test_a_name_is_there_once_a_user(agent: httpx.AsyncClient, admin: httpx.AsyncClient) -> None:
    await saved(agent, "Spam")
    other = await saved(agent, "Other")
    await saved(admin, "Spam")
    for refused in (
        await agent.post("/api/views", json={"name": "SPAM", "filter": {}}),
        await agent.patch(f"/api/views/{other['id']}", json={"name": "spam"}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "view_exists")
    assert (await agent.patch(f"/api/views/{other['id']}", json={"name": "OTHER"})).status_code == 200


async def test_a_user_has_only_so_many(agent: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_VIEWS", 1)
    await saved(agent)
    refused = await agent.post("/api/views", json={"name": "One more", "filter": {}})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_views")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"filter": {}}, "$"),
        ({"name": "", "filter": {}}, "$.name"),
        ({"name": "x" * 101, "filter": {}}, "$.name"),
        ({"name": "x", "filter": {"status": "new"}}, "$.filter.status"),
        ({"name": "x", "filter": {"colour": "red"}}, "$.filter"),
        ({"name": "x", "filter": {"view": str(uuid4())}}, "$.filter"),
        ({"name": "x", "filter": {}, "ownerId": str(uuid4())}, "$"),
    ],
)
async def test_a_bad_view_is_refused_where_it_is_bad(agent: httpx.AsyncClient, body: dict[str, Any], path: str) -> None:
    refused = await agent.post("/api/views", json=body)
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, path)


async def test_a_list_shows_what_a_view_matches_and_what_it_is_asked_for_beside_it(
    agent: httpx.AsyncClient, engine: AsyncEngine, bench: Workbench, people: People
) -> None:
    await tagged(engine, bench, people)
    view = await saved(agent, filter={"tags": "spam", "status": ["open", "closed"]})

    async def total(**query: Any) -> int:
        found: int = (await agent.get("/api/tickets", params=query)).json()["pagination"]["total"]
        return found

    assert (await total(), await total(view=view["id"])) == (5, 3)
    assert await total(view=view["id"], status="closed") == 0
    assert await total(view=view["id"], requesterId=str(people.requester.id), tags="ham") == 0


async def test_a_job_is_about_what_its_view_meant_when_it_was_posted(
    admin: httpx.AsyncClient, engine: AsyncEngine, bench: Workbench, people: People
) -> None:
    await tagged(engine, bench, people)
    view = await saved(admin, filter={"tags": "spam"})
    body = {"type": "bulk-delete", "payload": {"filter": {"view": view["id"], "status": "open"}}, "expectedCount": 3}
    assert (await admin.post("/api/jobs/preview", json=body)).json()["total"] == 3
    posted = await admin.post("/api/jobs", json=body)
    assert posted.status_code == 202, posted.text
    await admin.delete(f"/api/views/{view['id']}")
    job = (await admin.get(posted.headers["location"])).json()
    job_id = UUID(job["id"])
    assert job["params"]["filter"] == {"tags": "spam", "status": "open"}
    await bench.lanes().run(job_id)
    assert await bench.codes(job_id) == {"deleted": 3}


async def test_a_view_that_matches_everything_needs_a_word_with_it(
    admin: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    await add_tickets(engine, people.requester, 2)
    view = await saved(admin, filter={})
    payload = {"filter": {"view": view["id"]}}
    refused = await admin.post("/api/jobs", json={"type": "bulk-delete", "payload": payload})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "$.payload.filter")
    taken = await admin.post("/api/jobs", json={"type": "bulk-delete", "payload": payload | {"all": True}})
    assert taken.status_code == 202


async def test_a_view_that_one_may_not_use_is_refused(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, requester: httpx.AsyncClient
) -> None:
    own = await saved(agent)
    body = {"type": "bulk-delete", "payload": {"filter": {"view": own["id"]}}}
    for refused in (
        await admin.get("/api/tickets", params={"view": own["id"]}),
        await admin.get("/api/tickets", params={"view": str(uuid4())}),
        await admin.post("/api/jobs", json=body),
        await admin.post("/api/jobs/preview", json=body),
    ):
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid_request")
    deleted = await saved(agent, "Deleted", filter={"deleted": True}, shared=True)
    assert (await requester.get("/api/tickets", params={"view": deleted["id"]})).status_code == 403


async def test_times_of_a_view_mean_the_same_wherever_they_were_written(agent: httpx.AsyncClient) -> None:
    view = await saved(agent, filter={"createdAfter": "2026-06-01T02:00:00+02:00"})
    after = datetime.fromisoformat(view["filter"]["createdAfter"])
    assert after == datetime(2026, 6, 1, tzinfo=UTC)
