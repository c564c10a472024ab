from datetime import UTC, datetime
from typing import Any
from unittest.mock import ANY
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.views import counting, service
from tests.support.people import People, add_tickets
from tests.support.waiting import until
from tests.support.workbench import Workbench

OPEN_SPAM = {"status": "open", "tags": "spam", "createdAfter": "2026-01-01T00:00:00Z"}


async def saved(client: httpx.AsyncClient, name: str = "Spam", **fields: Any) -> dict[str, Any]:
    answer = await client.post("/api/views", json={"name": name, "filter": OPEN_SPAM, **fields})
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/views/{view['id']}"
    return view


async def names(client: httpx.AsyncClient, **query: Any) -> list[str]:
    """Return the names of the views that people made."""
    views = (await client.get("/api/views", params=query)).json()["views"]
    return [view["name"] for view in views if view["ownerId"]]


async def tagged(engine: AsyncEngine, bench: Workbench, people: People) -> None:
    """Add three tickets of the requester that are spam, and two that are not."""
    ids = await add_tickets(engine, people.requester, 5)
    await bench.execute("update tickets set tags = array['spam'] where id = any(:ids)", ids=ids[:3])


async def test_a_view_is_kept_as_it_was_saved_and_changed_by_its_owner(
    agent: httpx.AsyncClient, people: People
) -> None:
    view = await saved(agent)
    assert view["ownerId"] == str(people.agent.id)
    assert (view["filter"], view["sharedWith"]) == (OPEN_SPAM, [])
    assert (view["columns"], view["sort"], view["position"]) == (None, None, 0)
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


async def test_how_a_list_of_it_looks_is_part_of_a_view(agent: httpx.AsyncClient) -> None:
    looks: dict[str, Any] = {"columns": ["number", "title", "due"], "sort": "-updated", "position": 3}
    view = await saved(agent, **looks)
    assert view == view | looks
    changed = {"columns": None, "sort": None, "position": 1}
    assert (await agent.patch(f"/api/views/{view['id']}", json=changed)).json() == view | changed | {
        "updatedAt": ANY,
    }


async def test_views_are_listed_by_position_and_name_a_part_at_a_time(requester: httpx.AsyncClient) -> None:
    for name, position in (("b", 1), ("A", 1), ("c", 1), ("z", 0)):
        await saved(requester, name, position=position)
    first = (await requester.get("/api/views", params={"limit": 3})).json()
    assert [view["name"] for view in first["views"]] == ["My requests", "z", "A"]
    assert await names(requester, cursor=first["nextCursor"]) == ["b", "c"]


async def test_people_have_views_from_the_start(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, requester: httpx.AsyncClient
) -> None:
    await saved(agent)
    first = (await agent.get("/api/views", params={"limit": 3})).json()
    assert [view["name"] for view in first["views"]] == ["Mine", "Unassigned", "Breaching"]
    rest = (await agent.get("/api/views", params={"cursor": first["nextCursor"]})).json()
    assert [view["name"] for view in rest["views"]] == ["All open", "To decide", "My requests", "Spam"]
    path = f"/api/views/{first['views'][0]['id']}"
    assert (await admin.get(path)).json() == first["views"][0]
    assert (await admin.patch(path, json={"name": "Not mine"})).status_code == 403
    assert (await admin.delete(path)).status_code == 403
    assert (await requester.get(path)).status_code == 404
    [mine] = (await requester.get("/api/views")).json()["views"]
    assert mine["name"] == "My requests"


async def test_a_view_that_comes_with_us_means_whoever_uses_it(
    agent: httpx.AsyncClient, engine: AsyncEngine, people: People, bench: Workbench
) -> None:
    ids = await add_tickets(engine, people.requester, 5)
    await bench.execute("update tickets set assignee_id = :id where id = any(:ids)", id=people.agent.id, ids=ids[:2])
    await bench.execute("update tickets set status = 'closed' where id = :id", id=ids[0])
    by_name = {view["name"]: view["id"] for view in (await agent.get("/api/views")).json()["views"]}
    assert await counts(agent, *by_name.values()) == {
        by_name["Mine"]: (1, False),
        by_name["Unassigned"]: (3, False),
        by_name["Breaching"]: (0, False),
        by_name["All open"]: (4, False),
        by_name["To decide"]: (0, False),
        by_name["My requests"]: (0, False),
    }


async def test_an_admin_has_to_decide_on_what_nobody_is_asked_for_too(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, engine: AsyncEngine, people: People, bench: Workbench
) -> None:
    ids = await add_tickets(engine, people.requester, 4)
    await bench.execute("update tickets set status = 'pending_approval' where id = any(:ids)", ids=ids[:3])
    for ticket_id, user in zip(ids, (people.agent, people.admin), strict=False):
        await bench.execute("update tickets set assignee_id = :user where id = :id", user=user.id, id=ticket_id)
    for client, expected in ((agent, ids[:1]), (admin, ids[1:3])):
        [view] = [view for view in (await client.get("/api/views")).json()["views"] if view["name"] == "To decide"]
        found = (await client.get("/api/tickets", params={"view": view["id"]})).json()["tickets"]
        assert {ticket["id"] for ticket in found} == {str(ticket_id) for ticket_id in expected}
        assert await counts(client, view["id"]) == {view["id"]: (len(expected), False)}


async def counts(client: httpx.AsyncClient, *view_ids: str) -> dict[str, tuple[int | None, bool]]:
    """Return what is told once all of them have been counted, for which a busy machine may have no time at first."""

    async def counted() -> list[dict[str, Any]] | None:
        found = await counted_now(client, *view_ids)
        return found if all(each["count"] is not None for each in found) else None

    found = await until(counted, seconds=60) if await counted_now(client, *view_ids) else []
    return {each["viewId"]: (each["count"], each["isMore"]) for each in found}


async def counted_now(client: httpx.AsyncClient, *view_ids: str) -> list[dict[str, Any]]:
    answer = await client.get("/api/views/counts", params={"view": list(view_ids)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["counts"]
    return found


async def test_counts_are_those_of_whoever_asks(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    await add_tickets(engine, people.requester, 2)
    await add_tickets(engine, people.other_requester, 3)
    shared = await saved(agent, filter={}, sharedWith=["requester"])
    assert await counts(agent, shared["id"]) == {shared["id"]: (5, False)}
    assert await counts(requester, shared["id"]) == {shared["id"]: (2, False)}
    own = await saved(agent, "Own")
    assert await counts(requester, own["id"], str(uuid4())) == {}


async def test_a_count_is_bounded_and_kept_for_a_moment(
    agent: httpx.AsyncClient, engine: AsyncEngine, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST", 3)
    await add_tickets(engine, people.requester, 3)
    view = await saved(agent, filter={})
    assert await counts(agent, view["id"]) == {view["id"]: (3, False)}
    await add_tickets(engine, people.requester, 1)
    other = await saved(agent, "Other", filter={"status": "open"})
    assert await counts(agent, view["id"], other["id"]) == {view["id"]: (3, False), other["id"]: (3, True)}


async def test_what_takes_too_long_to_count_is_not_told(agent: httpx.AsyncClient, engine: AsyncEngine) -> None:
    view = await saved(agent)
    async with engine.begin() as blocking:
        await blocking.execute(text("lock table tickets in access exclusive mode"))
        assert await counted_now(agent, view["id"]) == [{"viewId": view["id"], "count": None, "isMore": False}]


async def test_others_use_a_view_that_is_shared_and_meet_no_other(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, requester: httpx.AsyncClient
) -> None:
    own, shared = await saved(agent, "Mine"), await saved(agent, "Ours", sharedWith=["requester", "agent", "admin"])
    for client in (admin, requester):
        assert await names(client) == ["Ours"]
        assert (await client.get(f"/api/views/{own['id']}")).status_code == 404
        assert (await client.get(f"/api/views/{shared['id']}")).json() == shared
        for refused in (
            await client.patch(f"/api/views/{shared['id']}", json={"sharedWith": []}),
            await client.delete(f"/api/views/{shared['id']}"),
        ):
            assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert await names(agent) == ["Mine", "Ours"]


async def test_requesters_have_views_of_their_own_and_share_none(requester: httpx.AsyncClient) -> None:
    view = await saved(requester)
    for refused in (
        await requester.post("/api/views", json={"name": "Ours", "filter": {}, "sharedWith": ["agent"]}),
        await requester.patch(f"/api/views/{view['id']}", json={"sharedWith": ["agent"]}),
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
        assert [error["path"] for error in refused.json()["errors"]] == ["$.name"]
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
        ({"name": "x", "filter": {}, "sharedWith": ["everyone"]}, "$.sharedWith[0]"),
        ({"name": "x", "filter": {}, "columns": []}, "$.columns"),
        ({"name": "x", "filter": {}, "columns": ["color"]}, "$.columns[0]"),
        ({"name": "x", "filter": {}, "sort": "color"}, "$.sort"),
        ({"name": "x", "filter": {}, "position": -1}, "$.position"),
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


async def test_a_view_that_one_may_not_use_is_refused(admin: httpx.AsyncClient, agent: httpx.AsyncClient) -> None:
    own = await saved(agent)
    body = {"type": "bulk-delete", "payload": {"filter": {"view": own["id"]}}}
    for refused in (
        await admin.get("/api/tickets", params={"view": own["id"]}),
        await admin.get("/api/tickets", params={"view": str(uuid4())}),
        await admin.post("/api/jobs", json=body),
        await admin.post("/api/jobs/preview", json=body),
    ):
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid_request")


async def test_times_of_a_view_mean_the_same_wherever_they_were_written(agent: httpx.AsyncClient) -> None:
    view = await saved(agent, filter={"createdAfter": "2026-06-01T02:00:00+02:00"})
    after = datetime.fromisoformat(view["filter"]["createdAfter"])
    assert after == datetime(2026, 6, 1, tzinfo=UTC)
