import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from arq.connections import ArqRedis
from structlog.testing import capture_logs

from app.accounts.limiter import ATTEMPTS, FAILURES, LoginLimiter
from app.settings import Settings
from tests.support import browsers
from tests.support.contract import Contract
from tests.support.http import http_client
from tests.support.people import People
from tests.support.routes import Routes
from tests.support.servers import settings_for
from tests.support.serving import serving
from tests.support.workbench import Workbench

ADA = {"username": "ada", "email": "ada@example.org", "password": "a long password"}
HERE = "127.0.0.1"


async def register(client: httpx.AsyncClient, **values: Any) -> httpx.Response:
    return await client.post("/api/register", json=ADA | values)


async def names(bench: Workbench) -> list[str]:
    async with bench.engine.connect() as connection:
        return list((await connection.exec_driver_sql("select username from users order by id")).scalars())


async def test_who_registers_is_a_requester_and_logged_in(stranger: httpx.AsyncClient, settings: Settings) -> None:
    answer = await register(stranger, phone="+49 30 1234567")
    told = answer.json()
    assert answer.status_code == 201
    assert told == {
        "access_token": told["access_token"],
        "token_type": "bearer",
        "expires_in": settings.token_ttl_seconds,
    }
    me = (await stranger.get("/api/me", headers=browsers.bearer(answer))).json()
    assert me == {
        "id": me["id"],
        "username": "ada",
        "email": "ada@example.org",
        "phone": "+49301234567",
        "role": "requester",
        "active": True,
        "createdAt": me["createdAt"],
    }
    for login in ("ADA", "Ada@Example.org"):
        assert (await browsers.log_in(stranger, login, ADA["password"])).status_code == 200


async def test_it_is_audited_as_an_act_of_theirs_without_a_word_on_who_that_is(
    stranger: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    answer = await register(stranger)
    me = (await stranger.get("/api/me", headers=browsers.bearer(answer))).json()
    [entry] = (await admin.get("/api/audit", params={"action": "user.registered"})).json()["entries"]
    assert (entry["actorId"], entry["subjectId"], entry["details"]) == (me["id"], me["id"], {})
    assert (entry["requestId"], entry["address"]) == (answer.headers["x-request-id"], HERE)


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"role": "admin"}, "$"),
        ({"active": True}, "$"),
        ({"username": ""}, "$.username"),
        ({"username": " ada"}, "$.username"),
        ({"username": "ada\n"}, "$.username"),
        ({"username": "ada@example.org"}, "$.username"),
        ({"username": "a" * 65}, "$.username"),
        ({"username": "a\u0000a"}, "$.username"),
        ({"email": "ada"}, "$.email"),
        ({"email": "ada@example.org\n"}, "$.email"),
        ({"email": "ada @example.org"}, "$.email"),
        ({"email": "a" * 250 + "@b.de"}, "$.email"),
        ({"email": None}, "$.email"),
        ({"password": "too short"}, "$.password"),
        ({"password": "x" * 1025}, "$.password"),
        ({"phone": "030 1234567"}, "$.phone"),
        ({"phone": "+49 30"}, "$.phone"),
        ({"phone": ""}, "$.phone"),
    ],
)
async def test_what_no_user_may_be_is_refused(
    stranger: httpx.AsyncClient, bench: Workbench, values: dict[str, Any], path: str
) -> None:
    before = await names(bench)
    answer = await register(stranger, **values)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert [error["path"] for error in answer.json()["errors"]] == [path]
    assert await names(bench) == before


@pytest.mark.parametrize(
    ("values", "path"),
    [({"username": "AGENT"}, "$.username"), ({"email": "Agent@EXAMPLE.com"}, "$.email")],
)
async def test_a_name_or_an_e_mail_that_is_taken_is_named(
    stranger: httpx.AsyncClient, bench: Workbench, values: dict[str, Any], path: str
) -> None:
    before = await names(bench)
    answer = await register(stranger, **values)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_taken")
    assert [error["path"] for error in answer.json()["errors"]] == [path]
    assert "agent" not in answer.text.lower().replace("another user", "")
    assert await names(bench) == before


async def test_of_two_who_want_one_name_at_once_one_gets_it(stranger: httpx.AsyncClient, bench: Workbench) -> None:
    both = (register(stranger, email=f"{number}@example.org") for number in range(2))
    assert sorted([answer.status_code for answer in await asyncio.gather(*both)]) == [201, 409]
    assert (await names(bench)).count("ada") == 1


async def test_one_address_registers_ten_a_minute(stranger: httpx.AsyncClient, redis: ArqRedis) -> None:
    for _ in range(ATTEMPTS - 1):
        await LoginLimiter(redis).count("", HERE)
    assert (await register(stranger)).status_code == 201
    refused = await register(stranger, username="grace", email="grace@example.org")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert (await browsers.log_in(stranger)).status_code == 200


async def test_who_asks_for_names_that_are_taken_soon_asks_no_more(
    stranger: httpx.AsyncClient, redis: ArqRedis
) -> None:
    for _ in range(FAILURES - 1):
        await LoginLimiter(redis).fail(HERE)
    assert (await register(stranger, username="agent")).status_code == 409
    assert (await register(stranger)).status_code == 429


@pytest.fixture
async def closed(
    routes: Routes, settings: Settings, redis: ArqRedis, people: People, contract: Contract
) -> AsyncIterator[httpx.AsyncClient]:
    """A stranger's client of an API where nobody registers."""
    shut = settings_for(settings.database_url, settings.redis_url, REGISTRATION="closed")
    with capture_logs() as logged:
        async with (
            serving(routes.app(shut)) as url,
            http_client(url, event_hooks={"response": [contract.check]}) as client,
        ):
            assert {"event": "api_started", "registration": "closed", "log_level": "info"} in logged
            yield client


async def test_where_registration_is_closed_one_is_told_whom_to_ask(
    closed: httpx.AsyncClient, bench: Workbench
) -> None:
    before = await names(bench)
    for values in ({}, {"username": "agent"}):
        answer = await register(closed, **values)
        assert (answer.status_code, answer.json()["code"]) == (403, "registration_closed")
        assert "ask an admin" in answer.json()["detail"]
    assert await names(bench) == before
