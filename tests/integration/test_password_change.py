import asyncio
from typing import Any

import httpx
import pytest
from arq.connections import ArqRedis

from app.accounts import tokens
from app.accounts.limiter import ATTEMPTS, LoginLimiter
from app.accounts.tokens import ACCESS_SECONDS
from app.settings import Settings
from tests.support import backends, browsers
from tests.support.people import PASSWORD, People
from tests.support.waiting import until
from tests.support.workbench import Workbench

NEW = "another long password"


async def change(client: httpx.AsyncClient, current: str = PASSWORD, new: str = NEW, **options: Any) -> httpx.Response:
    return await client.post("/api/me/password", json={"currentPassword": current, "newPassword": new}, **options)


async def is_let_in(client: httpx.AsyncClient, answer: httpx.Response) -> bool:
    return (await client.get("/api/me", headers=browsers.bearer(answer))).status_code == 200


async def test_after_a_change_the_new_password_logs_in_and_the_old_one_does_not(
    agent: httpx.AsyncClient, stranger: httpx.AsyncClient, settings: Settings
) -> None:
    answer = await change(agent)
    assert answer.status_code == 200
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("bearer", settings.token_ttl_seconds)
    assert await is_let_in(stranger, answer)
    statuses = [(await browsers.log_in(stranger, password=each)).status_code for each in (NEW, PASSWORD)]
    assert statuses == [200, 401]


async def test_no_token_from_before_the_change_survives_it(
    agent: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    login = {"username": "agent", "password": PASSWORD}
    earlier = [await stranger.post("/api/login", json=login), await browsers.log_in(stranger)]
    here = await stranger.post("/api/login", json=login)
    assert [await is_let_in(stranger, each) for each in (*earlier, here)] == [True] * 3
    first = await change(stranger, headers=browsers.bearer(here))
    assert [await is_let_in(stranger, each) for each in (*earlier, here)] == [False] * 3
    assert (await agent.get("/api/me")).status_code == 401
    second = await change(stranger, NEW, "a third long password", headers=browsers.bearer(first))
    assert [await is_let_in(stranger, each) for each in (first, second)] == [False, True]


async def test_the_session_that_it_is_changed_in_goes_on_and_others_end(
    stranger: httpx.AsyncClient, bench: Workbench
) -> None:
    here, there = await browsers.log_in(stranger), await browsers.log_in(stranger)
    others = await browsers.log_in(stranger, "requester")
    answer = await change(stranger, headers=browsers.bearer(here))
    assert answer.json()["expires_in"] == ACCESS_SECONDS
    refreshed = await browsers.refresh(stranger, browsers.cookie_of(here).value)
    assert [await is_let_in(stranger, each) for each in (here, there, answer, refreshed, others)] == [
        *(False, False),
        *(True, True, True),
    ]
    assert browsers.is_over(await browsers.refresh(stranger, browsers.cookie_of(there).value))
    agent_id = bench.people.agent.id
    assert [row[:3] for row in await browsers.audited(bench)][-2:] == [
        ("session.ended", agent_id, agent_id),
        ("password.changed", agent_id, agent_id),
    ]


async def test_a_wrong_current_password_changes_nothing(
    agent: httpx.AsyncClient, stranger: httpx.AsyncClient, bench: Workbench
) -> None:
    answer = await change(agent, "wrong")
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_password")
    assert (await agent.get("/api/me")).status_code == 200
    assert (await browsers.log_in(stranger)).status_code == 200
    assert [row[:3] for row in await browsers.audited(bench)][:1] == [("login.failed", None, bench.people.agent.id)]


async def test_guesses_at_it_count_as_logins_do(agent: httpx.AsyncClient, redis: ArqRedis, people: People) -> None:
    for _ in range(ATTEMPTS - 1):
        await LoginLimiter(redis).count(str(people.agent.id), "127.0.0.1")
    assert [(await change(agent, each)).status_code for each in ("wrong", PASSWORD)] == [403, 429]


@pytest.mark.parametrize(
    ("current", "new", "path"),
    [
        ("", NEW, "$.currentPassword"),
        (PASSWORD, "too short", "$.newPassword"),
        (PASSWORD, "x" * 1025, "$.newPassword"),
    ],
)
async def test_what_is_no_password_is_refused(agent: httpx.AsyncClient, current: str, new: str, path: str) -> None:
    answer = await change(agent, current, new)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, path)


async def test_of_two_changes_at_once_one_is_made(agent: httpx.AsyncClient, stranger: httpx.AsyncClient) -> None:
    wanted = [f"long password number {number}" for number in range(2)]
    answers = await asyncio.gather(*(change(agent, new=each) for each in wanted))
    assert sorted(answer.status_code for answer in answers) == [200, 403]
    logins = [(await browsers.log_in(stranger, password=each)).status_code for each in wanted]
    assert logins == [200 if answer.status_code == 200 else 401 for answer in answers]


async def test_a_login_that_meets_a_change_of_the_password_begins_no_session(
    stranger: httpx.AsyncClient, bench: Workbench
) -> None:
    async with bench.engine.begin() as connection:
        await connection.exec_driver_sql("update users set token_version = 1 where username = 'agent'")
        logging_in = asyncio.create_task(browsers.log_in(stranger))
        await until(lambda: backends.count_waiting(bench.engine))
    answer = await logging_in
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")
    assert await browsers.stored(bench) == []


async def test_a_token_of_a_version_yet_to_come_is_not_believed(
    stranger: httpx.AsyncClient, people: People, settings: Settings
) -> None:
    token = tokens.issue(people.agent.id, settings.jwt_secret, 60, version=1)
    answer = await stranger.get("/api/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
