import asyncio
import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from arq.connections import ArqRedis
from structlog.testing import capture_logs

from app.accounts import resets
from app.accounts.limiter import ATTEMPTS, FAILURES, LoginLimiter
from tests.support import backends, browsers
from tests.support.people import PASSWORD, People
from tests.support.waiting import until
from tests.support.workbench import Workbench
from worker import duties

NEW = "another long password"
HERE = "127.0.0.1"


async def make_link(admin: httpx.AsyncClient, user_id: UUID) -> dict[str, Any]:
    answer = await admin.post(f"/api/users/{user_id}/password-reset")
    assert answer.status_code == 201
    link: dict[str, Any] = answer.json()
    return link


async def use(client: httpx.AsyncClient, token: str, password: str = NEW) -> httpx.Response:
    return await client.post("/api/password-reset", json={"token": token, "password": password})


def is_refused(answer: httpx.Response) -> bool:
    if answer.status_code == 204:
        return False
    assert (answer.status_code, answer.json()["code"]) == (410, "reset_link_over"), answer.text
    return True


async def rows(bench: Workbench, statement: str) -> list[Any]:
    async with bench.engine.connect() as connection:
        return [tuple(row) for row in await connection.exec_driver_sql(statement)]


async def test_a_link_gives_its_user_a_new_password(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, stranger: httpx.AsyncClient, bench: Workbench
) -> None:
    agent_id, admin_id = bench.people.agent.id, bench.people.admin.id
    session = browsers.cookie_of(await browsers.log_in(stranger)).value
    link = await make_link(admin, agent_id)
    assert (await agent.get("/api/me")).status_code == 200  # a link alone ends nothing
    assert not is_refused(await use(stranger, link["token"]))
    statuses = [(await browsers.log_in(stranger, password=each)).status_code for each in (NEW, PASSWORD)]
    assert statuses == [200, 401]
    assert (await agent.get("/api/me")).status_code == 401
    assert browsers.is_over(await browsers.refresh(stranger, session))
    found = [row[:3] for row in await browsers.audited(bench) if row[0] not in {"session.started", "login.failed"}]
    assert found == [
        ("password_reset.issued", admin_id, agent_id),
        ("session.ended", agent_id, agent_id),
        ("password_reset.used", agent_id, agent_id),
    ]


async def test_its_token_is_random_long_and_kept_as_a_hash_for_a_day(
    admin: httpx.AsyncClient, people: People, bench: Workbench
) -> None:
    with capture_logs() as logged:
        link = await make_link(admin, people.agent.id)
        await use(admin, link["token"], "a long password")
        link = await make_link(admin, people.agent.id)
    assert link["token"] not in str(logged)
    assert len(base64.urlsafe_b64decode(link["token"] + "=")) == 32
    assert link["path"] == f"/reset-password#{link['token']}"
    left = datetime.fromisoformat(link["expiresAt"]) - datetime.now(UTC)
    assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)
    [(stored,)] = await rows(bench, "select password_resets::text from password_resets")
    assert link["token"] not in stored


async def test_it_works_once(admin: httpx.AsyncClient, stranger: httpx.AsyncClient, people: People) -> None:
    token = (await make_link(admin, people.agent.id))["token"]
    assert [is_refused(await use(stranger, token)) for _ in range(2)] == [False, True]


async def test_of_two_who_use_it_at_once_one_gets_in(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient, bench: Workbench
) -> None:
    token = (await make_link(admin, bench.people.agent.id))["token"]
    wanted = [f"long password number {number}" for number in range(2)]
    async with bench.engine.begin() as connection:  # so that both find the link before either has used it
        await connection.exec_driver_sql("select 1 from users where username = 'agent' for update")
        uses = [asyncio.create_task(use(stranger, token, each)) for each in wanted]
        await until(lambda: both_wait(bench))
    refused = [is_refused(answer) for answer in await asyncio.gather(*uses)]
    assert sorted(refused) == [False, True]
    logins = [(await browsers.log_in(stranger, password=each)).status_code for each in wanted]
    assert logins == [401 if was_refused else 200 for was_refused in refused]


async def both_wait(bench: Workbench) -> bool:
    return await backends.count_waiting(bench.engine) == 2


async def test_a_newer_one_takes_its_place(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient, people: People
) -> None:
    links = [await make_link(admin, people.agent.id) for _ in range(2)]
    assert [is_refused(await use(stranger, link["token"])) for link in links] == [True, False]


async def test_what_is_no_link_any_more_and_what_never_was_look_the_same(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient, people: People, bench: Workbench
) -> None:
    expired, shut = [(await make_link(admin, user.id))["token"] for user in (people.agent, people.requester)]
    await bench.execute("update password_resets set expires_at = now() where user_id = :id", id=people.agent.id)
    await bench.execute("update users set active = false where id = :id", id=people.requester.id)
    answers = [await use(stranger, token) for token in (expired, shut, "x" * 43, "\N{SNOWMAN}")]
    assert [is_refused(answer) for answer in answers] == [True] * 4
    bodies = [answer.json() | {"requestId": ""} for answer in answers]
    assert bodies == bodies[:1] * 4
    assert (await browsers.log_in(stranger)).status_code == 200


async def test_it_ends_with_a_change_of_the_password_and_with_the_account(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, stranger: httpx.AsyncClient, people: People
) -> None:
    links = [await make_link(admin, user.id) for user in (people.agent, people.requester)]
    await agent.post("/api/me/password", json={"currentPassword": PASSWORD, "newPassword": NEW})
    for active in (False, True):
        await admin.patch(f"/api/users/{people.requester.id}", json={"active": active})
    assert [is_refused(await use(stranger, link["token"])) for link in links] == [True, True]


async def test_another_role_leaves_it_as_it_is(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient, people: People
) -> None:
    link = await make_link(admin, people.requester.id)
    await admin.patch(f"/api/users/{people.requester.id}", json={"role": "agent"})
    assert not is_refused(await use(stranger, link["token"]))


async def test_admins_alone_make_them_and_for_users_that_there_are(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, people: People
) -> None:
    assert (await agent.post(f"/api/users/{people.agent.id}/password-reset")).status_code == 403
    answer = await admin.post(f"/api/users/{uuid4()}/password-reset")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_tries_are_limited_as_logins_are(stranger: httpx.AsyncClient, redis: ArqRedis, people: People) -> None:
    for _ in range(ATTEMPTS - 1):
        await LoginLimiter(redis).count("", HERE)
    assert [(await use(stranger, "x")).status_code for _ in range(2)] == [410, 429]
    await redis.flushall()
    for _ in range(FAILURES - 1):
        await LoginLimiter(redis).fail(HERE)
    assert [(await use(stranger, "x")).status_code for _ in range(2)] == [410, 429]


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"password": "too short"}, "$.password"),
        ({"token": ""}, "$.token"),
        ({"token": "x" * 129}, "$.token"),
        ({"username": "agent"}, "$"),
    ],
)
async def test_what_cannot_be_is_refused(stranger: httpx.AsyncClient, values: dict[str, str], path: str) -> None:
    answer = await stranger.post("/api/password-reset", json={"token": "x", "password": NEW} | values)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, path)


async def test_workers_remove_those_that_have_expired_a_few_at_a_time(
    admin: httpx.AsyncClient, people: People, bench: Workbench
) -> None:
    for user in people:
        await make_link(admin, user.id)
    await bench.execute("update password_resets set expires_at = now() where user_id <> :id", id=people.admin.id)
    async with bench.engine.begin() as connection:
        assert await resets.delete_expired(connection, 1) == 1
    for duty in duties.table(bench.settings):
        await duties.catch_up(duty, bench.engine)
    assert await rows(bench, "select user_id from password_resets") == [(people.admin.id,)]
