import asyncio
from typing import Any
from uuid import uuid4

import httpx

from app.accounts import store
from tests.integration.conftest import Client
from tests.support import backends
from tests.support.people import People
from tests.support.waiting import until
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


async def test_of_a_change_of_name_or_address_the_audit_log_has_no_more_than_that(
    admin: httpx.AsyncClient, people: People
) -> None:
    values = {"username": "Grace", "email": "grace@example.org", "phone": "+1 415 555 2671"}
    changed = await admin.patch(f"/api/users/{people.agent.id}", json=values | {"role": "agent"})
    assert {name: changed.json()[name] for name in values} == values | {"phone": "+14155552671"}
    assert (await admin.patch(f"/api/users/{people.agent.id}", json={"phone": None})).json()["phone"] is None
    first, second = reversed(await entries(admin, subjectId=str(people.agent.id)))
    assert first["details"] == {"changed": ["username", "email", "phone"]}
    assert second["details"] == {"changed": ["phone"]}


async def test_a_name_or_an_e_mail_of_another_cannot_be_taken(admin: httpx.AsyncClient, people: People) -> None:
    path = f"/api/users/{people.agent.id}"
    for value, where in (({"username": "ADMIN"}, "$.username"), ({"email": "Admin@Example.com"}, "$.email")):
        answer = await admin.patch(path, json=value | {"active": False})
        assert (answer.status_code, answer.json()["code"]) == (409, "already_taken")
        assert [error["path"] for error in answer.json()["errors"]] == [where]
    assert (await admin.get(path)).json()["active"] is True
    assert (await admin.patch(path, json={"username": "AGENT"})).json()["username"] == "AGENT"


async def test_a_user_is_read_whole_by_admins_and_in_short_by_agents(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, people: People
) -> None:
    path = f"/api/users/{people.requester.id}"
    short = {"id": str(people.requester.id), "username": "requester", "role": "requester", "active": True}
    whole = (await admin.get(path)).json()
    assert whole == short | {"email": "requester@example.com", "phone": None, "createdAt": whole["createdAt"]}
    assert (await agent.get(path)).json() == short
    for client in (admin, agent):
        answer = await client.get(f"/api/users/{uuid4()}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_people_change_their_own_e_mail_and_phone_and_nothing_else(
    requester: httpx.AsyncClient, admin: httpx.AsyncClient, people: People
) -> None:
    values = {"email": "new@example.org", "phone": "+49 30 1234567"}
    answer = await requester.patch("/api/me", json=values)
    assert (answer.status_code, answer.json()["email"], answer.json()["phone"]) == (
        200,
        "new@example.org",
        "+49301234567",
    )
    [entry] = await entries(admin, subjectId=str(people.requester.id))
    assert (entry["actorId"], entry["details"]) == (str(people.requester.id), {"changed": ["email", "phone"]})
    for more in ({"role": "admin"}, {"active": False}, {"username": "boss"}, {"password": "a long password"}):
        assert (await requester.patch("/api/me", json=values | more)).status_code == 400
    taken = await requester.patch("/api/me", json={"email": "ADMIN@example.com"})
    assert (taken.status_code, taken.json()["code"]) == (409, "already_taken")


async def test_who_is_no_admin_any_more_is_forbidden_at_once(
    admin: httpx.AsyncClient, client: Client, people: People
) -> None:
    async with client(people.other_admin) as other:
        assert (await other.patch(f"/api/users/{people.admin.id}", json={"role": "agent"})).status_code == 200
    assert (await admin.get("/api/audit")).status_code == 403


async def test_nobody_takes_their_own_rights_away(admin: httpx.AsyncClient, people: People) -> None:
    mine = f"/api/users/{people.admin.id}"
    for answer in (
        await admin.patch(mine, json={"role": "agent"}),
        await admin.patch(mine, json={"active": False}),
        await admin.delete(mine),
        await admin.delete(mine, params={"erase": True}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
        assert "ask another admin" in answer.json()["detail"]
    assert (await admin.get("/api/me")).json()["username"] == "admin"
    assert await entries(admin, action="user.changed") == []
    assert (await admin.patch(mine, json={"role": "admin", "phone": "+49 30 1234567"})).status_code == 200


async def test_of_two_admins_who_remove_each_other_at_once_one_stays(
    admin: httpx.AsyncClient, client: Client, people: People, bench: Workbench
) -> None:
    async with client(people.other_admin) as other, bench.engine.begin() as connection:
        await store.lock_admins(connection)  # so that both are let in before either has changed anything
        removals = [
            asyncio.create_task(one.delete(f"/api/users/{whom.id}"))
            for one, whom in ((admin, people.other_admin), (other, people.admin))
        ]
        await until(lambda: waiting_both(bench))
        await connection.commit()
        answers = await asyncio.gather(*removals)
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    [refused] = [answer for answer in answers if answer.status_code == 409]
    assert (refused.json()["code"], "last active admin" in refused.json()["detail"]) == ("last_admin", True)


async def waiting_both(bench: Workbench) -> bool:
    return await backends.count_waiting(bench.engine) == 2


async def test_bad_changes_are_refused(admin: httpx.AsyncClient, people: People) -> None:
    path = f"/api/users/{people.agent.id}"
    for body, where in (
        ({}, "$"),
        ({"role": "king"}, "$.role"),
        ({"username": "me@example.com"}, "$.username"),
        ({"email": None}, "$.email"),
        ({"phone": "1234567"}, "$.phone"),
        ({"id": str(uuid4())}, "$"),
        ({"tokenVersion": 7}, "$"),
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
