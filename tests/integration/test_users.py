from typing import Any
from uuid import uuid4

import httpx

from tests.support.people import People
from tests.support.workbench import Workbench


async def entries(admin: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await admin.get("/api/audit", params=query)).json()["entries"]
    return found


async def test_users_are_listed_by_name(admin: httpx.AsyncClient) -> None:
    page = (await admin.get("/api/users", params={"limit": 2, "page": 2})).json()
    assert [user["username"] for user in page["users"]] == ["other_admin", "other_requester"]
    assert page["pagination"] == {"page": 2, "limit": 2, "total": 5, "totalPages": 3, "totalIsExact": True}


async def test_a_change_of_rights_is_audited_with_what_was(admin: httpx.AsyncClient, people: People) -> None:
    path = f"/api/users/{people.agent.id}"
    changed = await admin.patch(path, json={"role": "requester", "active": False})
    assert (changed.json()["role"], changed.json()["active"]) == ("requester", False)
    await admin.patch(path, json={"active": False})
    [entry] = await entries(admin, subjectId=str(people.agent.id))
    assert entry["details"] == {"role": ["agent", "requester"], "active": [True, False]}
    assert (entry["actorId"], entry["requestId"]) == (str(people.admin.id), changed.headers["X-Request-Id"])


async def test_who_is_no_admin_any_more_is_forbidden_at_once(admin: httpx.AsyncClient, people: People) -> None:
    assert (await admin.patch(f"/api/users/{people.admin.id}", json={"role": "agent"})).status_code == 200
    assert (await admin.get("/api/audit")).status_code == 403


async def test_the_last_admin_stays_one(admin: httpx.AsyncClient, people: People, bench: Workbench) -> None:
    await bench.execute("update users set active = false where username = 'other_admin'")
    for change in ({"role": "agent"}, {"active": False}):
        answer = await admin.patch(f"/api/users/{people.admin.id}", json=change)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    assert (await admin.get("/api/me")).json()["role"] == "admin"
    assert await entries(admin, action="user.changed") == []


async def test_bad_changes_are_refused(admin: httpx.AsyncClient, people: People) -> None:
    path = f"/api/users/{people.agent.id}"
    for body, where in (
        ({}, "$"),
        ({"role": "king"}, "$.role"),
        ({"username": "me"}, "$"),
        ({"active": None}, "$.active"),
    ):
        answer = await admin.patch(path, json=body)
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, where)
    assert (await admin.patch(f"/api/users/{uuid4()}", json={"active": True})).status_code == 404


async def names(client: httpx.AsyncClient, **query: str | int) -> list[str]:
    answer = await client.get("/api/users", params=query)
    assert answer.status_code == 200, answer.text
    found = [user["username"] for user in answer.json()["users"]]
    assert answer.json()["pagination"]["total"] == len(found)
    return found


async def test_they_are_filtered_by_role_by_whether_they_are_active_and_by_text(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    await bench.execute("update users set active = false where username = 'other_requester'")
    assert await names(admin, role="agent") == ["agent"]
    assert await names(admin, role="requester") == ["other_requester", "requester"]
    assert await names(admin, active="false") == ["other_requester"]
    assert await names(admin, active="true", role="requester") == ["requester"]
    assert await names(admin, text="ADMIN") == ["admin", "other_admin"]
    assert await names(admin, text="r_a") == ["other_admin"]
    assert await names(admin, text="agent@EXAMPLE") == ["agent"]
    assert await names(admin, text="%") == []
    for query in ({"role": "king"}, {"active": "yes"}, {"text": ""}, {"name": "ada"}):
        assert (await admin.get("/api/users", params=query)).status_code == 400


async def test_agents_are_shown_no_email_and_cannot_search_for_one(agent: httpx.AsyncClient, people: People) -> None:
    found = (await agent.get("/api/users", params={"text": "req", "active": "true"})).json()["users"]
    assert found == [
        {"id": str(user.id), "username": user.username, "role": "requester", "active": True}
        for user in (people.other_requester, people.requester)
    ]
    assert await names(agent, text="example") == []


async def test_users_are_listed_by_name_by_page_or_by_cursor(admin: httpx.AsyncClient, people: People) -> None:
    names = sorted(user.username for user in people)
    first = (await admin.get("/api/users", params={"limit": 2})).json()
    second = (await admin.get("/api/users", params={"limit": 2, "page": 2})).json()
    onward = (await admin.get("/api/users", params={"limit": 100, "cursor": first["nextCursor"]})).json()
    assert [user["username"] for user in first["users"] + onward["users"]] == names
    assert [user["username"] for user in second["users"]] == names[2:4]
    assert (onward["nextCursor"], second["pagination"]["total"]) == (None, len(names))
