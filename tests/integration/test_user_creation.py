from typing import Any

import httpx
import pytest

from tests.support import browsers
from tests.support.people import People

GRACE = {"username": "grace", "email": "grace@example.org", "role": "agent"}
PASSWORD = "a long password"


async def test_an_admin_adds_a_user_with_a_password(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient, people: People
) -> None:
    answer = await admin.post("/api/users", json=GRACE | {"password": PASSWORD, "phone": "+49 30 1234567"})
    told = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/users/{told['id']}")
    assert told == GRACE | {
        "id": told["id"],
        "phone": "+49301234567",
        "active": True,
        "createdAt": told["createdAt"],
    }
    assert (await admin.get(answer.headers["location"])).json() == told
    assert (await browsers.log_in(stranger, "grace", PASSWORD)).status_code == 200
    [entry] = (await admin.get("/api/audit", params={"action": "user.created"})).json()["entries"]
    assert (entry["actorId"], entry["subjectId"]) == (str(people.admin.id), told["id"])
    assert entry["details"] == {"role": "agent"}


async def test_a_user_without_a_password_chooses_one_with_the_link_in_the_answer(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    told = (await admin.post("/api/users", json=GRACE)).json()
    link = told["passwordReset"]
    found = (await admin.get("/api/audit", params={"subjectId": told["id"]})).json()["entries"]
    assert [entry["action"] for entry in reversed(found)] == ["user.created", "password_reset.issued"]
    assert link["path"] == f"/reset-password#{link['token']}"
    for password in ("", "!", PASSWORD):
        assert (await browsers.log_in(stranger, "grace", password)).status_code in {400, 401}
    chosen = await stranger.post("/api/password-reset", json={"token": link["token"], "password": PASSWORD})
    assert (chosen.status_code, chosen.content) == (204, b"")
    answer = await browsers.log_in(stranger, "grace", PASSWORD)
    assert (await stranger.get("/api/me", headers=browsers.bearer(answer))).json()["role"] == "agent"


@pytest.mark.parametrize(
    ("values", "status", "path"),
    [
        ({"username": "Agent"}, 409, "$.username"),
        ({"email": "AGENT@example.com"}, 409, "$.email"),
        ({"role": "king"}, 400, "$.role"),
        ({"role": None}, 400, "$.role"),
        ({"password": "too short"}, 400, "$.password"),
        ({"phone": "12"}, 400, "$.phone"),
        ({"active": False}, 400, "$"),
    ],
)
async def test_what_cannot_be_added_is_refused(
    admin: httpx.AsyncClient, values: dict[str, Any], status: int, path: str
) -> None:
    answer = await admin.post("/api/users", json=GRACE | values)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (status, path)
    assert (await admin.get("/api/audit", params={"action": "user.created"})).json()["entries"] == []
