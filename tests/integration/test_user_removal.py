from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support import browsers
from tests.support.people import PASSWORD, People
from tests.support.workbench import Workbench


async def actions(admin: httpx.AsyncClient, people: People) -> list[tuple[str, Any]]:
    page = (await admin.get("/api/audit", params={"subjectId": str(people.agent.id)})).json()
    return [(entry["action"], entry["details"]) for entry in reversed(page["entries"])]


async def test_a_removed_user_is_shut_out_and_can_be_let_in_again(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient, people: People
) -> None:
    path = f"/api/users/{people.agent.id}"
    for _ in range(2):
        answer = await admin.delete(path)
        assert (answer.status_code, answer.content) == (204, b"")
    assert (await browsers.log_in(stranger)).status_code == 401
    shown = (await admin.get(path)).json()
    assert (shown["username"], shown["email"], shown["active"]) == ("agent", "agent@example.com", False)
    assert (await actions(admin, people))[:1] == [("user.changed", {"active": [True, False]})]
    assert (await admin.patch(path, json={"active": True})).status_code == 200
    assert (await browsers.log_in(stranger)).status_code == 200


async def test_of_an_erased_user_stays_what_refers_to_it(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient, people: People, bench: Workbench
) -> None:
    path = f"/api/users/{people.agent.id}"
    await admin.patch(path, json={"phone": "+49 30 1234567"})
    [ticket_id] = await bench.tickets(1)
    await admin.patch(f"/api/tickets/{ticket_id}", json={"assigneeId": str(people.agent.id)})
    assert (await admin.delete(path, params={"erase": True})).status_code == 204
    shown = (await admin.get(path)).json()
    assert shown["username"].startswith("erased-")
    assert shown["email"] == f"{shown['username']}@erased.invalid"
    assert (shown["phone"], shown["active"], shown["role"]) == (None, False, "agent")
    assert (await admin.get(f"/api/tickets/{ticket_id}")).json()["assigneeId"] == str(people.agent.id)
    assert (await actions(admin, people))[1:] == [
        ("user.changed", {"active": [True, False]}),
        ("user.erased", {"erased": ["username", "email", "phone"]}),
    ]
    await admin.patch(path, json={"active": True})
    for login in ("agent", "agent@example.com", shown["username"]):
        assert (await browsers.log_in(stranger, login, PASSWORD)).status_code == 401


async def test_who_was_shut_out_can_still_be_erased_and_the_name_is_free(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient, people: People
) -> None:
    for erase in (False, True, True):
        assert (await admin.delete(f"/api/users/{people.agent.id}", params={"erase": erase})).status_code == 204
    values = {"username": "agent", "email": "agent@example.com", "password": "a long password"}
    assert (await stranger.post("/api/register", json=values)).status_code == 201


async def test_nothing_of_an_erased_person_is_left_in_the_database(
    admin: httpx.AsyncClient, people: People, bench: Workbench
) -> None:
    path = f"/api/users/{people.agent.id}"
    told = {"username": "margaret", "email": "hamilton@example.org", "phone": "+1 415 555 2671"}
    await admin.patch(path, json=told)
    for erase in (False, True):
        assert (await admin.post(f"{path}/password-reset")).status_code == 201
        await admin.delete(path, params={"erase": erase})
    async with bench.engine.connect() as connection:
        for table in ("users", "audit_log", "password_resets", "sessions"):
            rows = (await connection.exec_driver_sql(f"select {table}::text from {table}")).scalars()
            stored = " ".join(rows)
            assert [word for word in ("margaret", "hamilton", "4155552671") if word in stored] == [], table
        assert (await connection.exec_driver_sql("select count(*) from password_resets")).scalar() == 0


@pytest.mark.parametrize(("query", "status"), [({}, 404), ({"erase": "yes"}, 400), ({"force": "true"}, 400)])
async def test_what_makes_no_sense_is_refused(admin: httpx.AsyncClient, query: dict[str, str], status: int) -> None:
    assert (await admin.delete(f"/api/users/{uuid4()}", params=query)).status_code == status


async def test_agents_remove_nobody(agent: httpx.AsyncClient, people: People) -> None:
    assert (await agent.delete(f"/api/users/{people.requester.id}")).status_code == 403
