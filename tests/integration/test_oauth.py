"""The password grant of OAuth2, as RFC 6749 has it in 4.3 and 5."""

from typing import Any

import httpx
import pytest
from arq.connections import ArqRedis

from app.accounts.limiter import ATTEMPTS, LoginLimiter
from app.settings import Settings
from tests.support import browsers
from tests.support.people import PASSWORD, People

FORM = {"grant_type": "password", "username": "agent", "password": PASSWORD}


async def ask(client: httpx.AsyncClient, form: dict[str, Any], **options: Any) -> httpx.Response:
    return await client.post("/api/token", data=form, **options)


async def test_a_form_with_name_and_password_gets_a_token(stranger: httpx.AsyncClient, settings: Settings) -> None:
    answer = await ask(stranger, FORM)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json() | {"access_token": ""} == {
        "access_token": "",
        "token_type": "bearer",
        "expires_in": settings.token_ttl_seconds,
    }
    assert (await stranger.get("/api/me", headers=browsers.bearer(answer))).json()["username"] == "agent"


async def test_what_clients_send_beside_that_changes_nothing(stranger: httpx.AsyncClient) -> None:
    beside = {"scope": "admin", "client_id": "docs", "client_secret": "x", "role": "admin", "username_": "admin"}
    answer = await ask(stranger, FORM | beside, auth=("docs", "x"))
    assert (await stranger.get("/api/me", headers=browsers.bearer(answer))).json()["role"] == "agent"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (FORM | {"password": "wrong"}, "invalid_grant"),
        (FORM | {"username": "nobody"}, "invalid_grant"),
        (FORM | {"grant_type": "client_credentials"}, "unsupported_grant_type"),
        (FORM | {"grant_type": "Password"}, "unsupported_grant_type"),
        (FORM | {"grant_type": ""}, "invalid_request"),
        (FORM | {"username": ["agent", "admin"]}, "invalid_request"),
        (FORM | {"username": "a\x00"}, "invalid_request"),
        (FORM | {"password": "x" * 1025}, "invalid_request"),
        ({"grant_type": "password", "username": "agent"}, "invalid_request"),
        ({}, "invalid_request"),
    ],
)
async def test_a_refusal_reads_as_a_problem_and_as_oauth2_has_it(
    stranger: httpx.AsyncClient, people: People, form: dict[str, Any], code: str
) -> None:
    answer = await ask(stranger, form)
    told = answer.json()
    assert (answer.status_code, told["status"], told["code"], told["error"]) == (400, 400, code, code)
    assert told["error_description"] == told["detail"]


async def test_json_is_no_form(stranger: httpx.AsyncClient, people: People) -> None:
    answer = await stranger.post("/api/token", json=FORM)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_a_form_that_is_too_large_is_refused(stranger: httpx.AsyncClient, people: People) -> None:
    answer = await ask(stranger, FORM | {"scope": "x" * 20_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_it_is_limited_as_the_login_is_and_with_it(
    stranger: httpx.AsyncClient, redis: ArqRedis, people: People
) -> None:
    for _ in range(ATTEMPTS):
        await LoginLimiter(redis).count(str(people.agent.id), "127.0.0.1")
    answer = await ask(stranger, FORM)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
