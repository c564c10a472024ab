import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import argon2
import httpx
import jwt
import pytest
from arq.connections import ArqRedis
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from app import asgi
from app.accounts import passwords, tokens
from app.accounts.errors import TooManyAttempts, WrongCredentials
from app.accounts.limiter import ATTEMPTS, FAILURES, WINDOW_SECONDS, LoginLimiter
from app.accounts.models import User
from app.accounts.passwords import MAX_HASHES_AT_ONCE, Passwords
from app.accounts.service import Accounts
from app.audit.models import Origin
from app.errors import TooManyRequests
from app.jobs import queue
from app.openapi import NO_SERVICES
from app.pools import Pools
from app.sessions.service import Sessions
from app.settings import Settings
from tests.support.people import PASSWORD, People

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


class CountingPasswords(Passwords):
    """Knows whether a password is right without the work, and remembers what it was asked to do."""

    def __init__(self) -> None:
        super().__init__(max_waiting=1000)
        self.verified: list[tuple[str, str | None]] = []

    async def verify(self, password: str, password_hash: str | None) -> bool:
        self.verified.append((password, password_hash))
        return password == PASSWORD and password_hash is not None


@pytest.fixture
def counting() -> CountingPasswords:
    return CountingPasswords()


@pytest.fixture
def accounts(
    pools: Pools, redis: ArqRedis, settings: Settings, people: People, counting: CountingPasswords
) -> Accounts:
    return Accounts(pools, LoginLimiter(redis), settings, Sessions(pools, settings), counting)


async def log_in(client: httpx.AsyncClient, username: str, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/api/login", json={"username": username, "password": password})


async def me(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.get("/api/me", headers={"Authorization": f"Bearer {token}"})


async def use_up_attempts(accounts: Accounts, login: str, address: str = HERE) -> None:
    for _ in range(ATTEMPTS):
        with pytest.raises(WrongCredentials):
            await accounts.log_in(login, "wrong", Origin(address=address))


async def change(engine: AsyncEngine, user: User, setting: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(f"update users set {setting} where id = :id"), {"id": user.id})


async def test_a_login_gives_a_token_that_says_only_whose_it_is(
    stranger: httpx.AsyncClient, people: People, settings: Settings
) -> None:
    answer = await log_in(stranger, "agent")
    assert answer.status_code == 200
    body = answer.json()
    assert body == {
        "access_token": body["access_token"],
        "token_type": "bearer",
        "expires_in": settings.token_ttl_seconds,
    }
    claims = jwt.decode(body["access_token"], settings.jwt_secret, [tokens.ALGORITHM])
    assert claims.keys() - {"extras"} == {"sub", "iat", "exp"}
    assert not claims.get("extras")
    assert claims["sub"] == str(people.agent.id)
    assert claims["exp"] - claims["iat"] == settings.token_ttl_seconds
    found = await me(stranger, body["access_token"])
    assert found.json() == {
        "id": str(people.agent.id),
        "username": "agent",
        "email": "agent@example.com",
        "phone": None,
        "role": "agent",
        "active": True,
        "createdAt": found.json()["createdAt"],
    }


async def test_users_log_in_by_name_or_email_in_any_case(accounts: Accounts, people: People) -> None:
    for login in ("agent", "AGENT", "agent@example.com", "Agent@Example.COM"):
        token, _ = await accounts.log_in(login, PASSWORD, Origin(address=HERE))
        user, _ = await accounts.authenticate(token)
        assert user == people.agent


async def test_a_wrong_password_an_unknown_and_an_inactive_user_look_the_same(
    stranger: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    await change(engine, people.requester, "active = false")
    answers = [
        await log_in(stranger, "agent", "wrong"),
        await log_in(stranger, "nobody"),
        await log_in(stranger, "nobody@example.com"),
        await log_in(stranger, "requester"),
        await log_in(stranger, "requester", "wrong"),
    ]
    varying = ("x-request-id", "date")
    headers = [{name: v for name, v in answer.headers.items() if name not in varying} for answer in answers]
    bodies = [answer.json() | {"requestId": ""} for answer in answers]
    assert {answer.status_code for answer in answers} == {401}
    assert bodies[0]["code"] == "wrong_credentials"
    assert headers[0]["www-authenticate"] == "Bearer"
    assert bodies == bodies[:1] * 5
    assert headers == headers[:1] * 5


async def test_a_password_is_verified_whether_or_not_there_is_such_a_user(
    accounts: Accounts, counting: CountingPasswords, engine: AsyncEngine, people: People, password_hash: str
) -> None:
    await change(engine, people.requester, "active = false")
    for login in ("agent", "requester", "nobody"):
        with pytest.raises(WrongCredentials):
            await accounts.log_in(login, "wrong", Origin(address=HERE))
    assert counting.verified == [("wrong", password_hash), ("wrong", password_hash), ("wrong", None)]


async def test_no_hash_costs_what_a_hash_costs_and_never_fits() -> None:
    password_hash = passwords.hash_password(PASSWORD)
    parameters = argon2.extract_parameters(passwords.HASH_OF_NOTHING)
    assert parameters == argon2.extract_parameters(password_hash)
    assert len(passwords.HASH_OF_NOTHING) == len(password_hash)
    verify = Passwords().verify
    assert not await verify(PASSWORD, None)
    assert not await verify(PASSWORD, "!")
    assert not await verify("wrong", password_hash)
    assert await verify(PASSWORD, password_hash)


async def test_the_eleventh_try_in_a_minute_is_refused_even_with_the_right_password(
    stranger: httpx.AsyncClient, redis: ArqRedis, people: People
) -> None:
    for _ in range(ATTEMPTS - 1):
        await LoginLimiter(redis).count(str(people.admin.id), "127.0.0.1")
    assert (await log_in(stranger, "admin", "the tenth guess")).status_code == 401
    answer = await log_in(stranger, "Admin")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert (await log_in(stranger, "agent")).status_code == 200


async def test_a_refused_try_does_no_work_by_whatever_name(accounts: Accounts, counting: CountingPasswords) -> None:
    await use_up_attempts(accounts, "agent")
    for login in ("agent", "AGENT", "agent@example.com"):
        with pytest.raises(TooManyAttempts):
            await accounts.log_in(login, PASSWORD, Origin(address=HERE))
    assert len(counting.verified) == ATTEMPTS


async def test_names_that_nobody_has_are_limited_too(accounts: Accounts) -> None:
    await use_up_attempts(accounts, "nobody")
    with pytest.raises(TooManyAttempts):
        await accounts.log_in("Nobody", PASSWORD, Origin(address=HERE))


async def test_other_users_and_other_addresses_go_on(accounts: Accounts) -> None:
    await use_up_attempts(accounts, "agent")
    await accounts.log_in("agent", PASSWORD, Origin(address=ELSEWHERE))
    await accounts.log_in("admin", PASSWORD, Origin(address=HERE))
    with pytest.raises(TooManyAttempts):
        await accounts.log_in("agent", PASSWORD, Origin(address=HERE))


async def test_a_success_clears_the_count(accounts: Accounts, counting: CountingPasswords) -> None:
    for _ in range(3):
        for _ in range(ATTEMPTS - 1):
            with pytest.raises(WrongCredentials):
                await accounts.log_in("agent", "wrong", Origin(address=HERE))
        await accounts.log_in("agent", PASSWORD, Origin(address=HERE))
    assert len(counting.verified) == 3 * ATTEMPTS


async def test_of_many_tries_at_once_ten_are_looked_at(accounts: Accounts, counting: CountingPasswords) -> None:
    tries = [accounts.log_in("agent", "wrong", Origin(address=HERE)) for _ in range(40)]
    errors = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(error).__name__ for error in errors) == (
        ["TooManyAttempts"] * 30 + ["WrongCredentials"] * ATTEMPTS
    )
    assert len(counting.verified) == ATTEMPTS


async def test_one_password_is_not_tried_on_all_names(accounts: Accounts, counting: CountingPasswords) -> None:
    tries = [accounts.log_in(f"name-{number}", "Summer2026", Origin(address=HERE)) for number in range(FAILURES)]
    assert {type(error) for error in await asyncio.gather(*tries, return_exceptions=True)} == {WrongCredentials}
    for login in ("name-300", "agent"):
        with pytest.raises(TooManyAttempts):
            await accounts.log_in(login, PASSWORD, Origin(address=HERE))
    assert len(counting.verified) == FAILURES
    await accounts.log_in("agent", PASSWORD, Origin(address=ELSEWHERE))


async def test_many_who_know_their_passwords_log_in_from_one_address(accounts: Accounts) -> None:
    for number in range(FAILURES - 1):
        with pytest.raises(WrongCredentials):
            await accounts.log_in(f"name-{number}", "wrong", Origin(address=HERE))
        await accounts.log_in("agent", PASSWORD, Origin(address=HERE))


async def test_nobody_waits_in_a_queue_that_is_too_long(
    pools: Pools, redis: ArqRedis, settings: Settings, people: People
) -> None:
    full = Passwords(max_waiting=0)
    accounts = Accounts(pools, LoginLimiter(redis), settings, Sessions(pools, settings), full)
    with contextlib.ExitStack() as others:
        for _ in range(MAX_HASHES_AT_ONCE):
            others.enter_context(full.place())
        for _ in range(ATTEMPTS + 1):
            with pytest.raises(TooManyRequests) as refused:
                await accounts.log_in("agent", PASSWORD, Origin(address=HERE))
            assert refused.value.code == "too_many_requests"
            assert refused.value.headers == {"Retry-After": "2"}
    await accounts.log_in("agent", PASSWORD, Origin(address=HERE))  # none of those was counted


async def test_hashing_gives_way_to_all_else() -> None:
    threads = Passwords()._threads
    hashing = await asyncio.wrap_future(threads.submit(os.getpriority, os.PRIO_PROCESS, 0))
    assert hashing == min(os.getpriority(os.PRIO_PROCESS, 0) + passwords.NICENESS, 19)


async def test_the_minute_ends_however_often_one_tries_within_it(accounts: Accounts, redis: ArqRedis) -> None:
    await use_up_attempts(accounts, "agent")
    keys = await redis.keys("bulkhead:login:*")
    assert len(keys) == 2  # of the pair, and of the address
    for key in keys:
        assert b"agent" not in key
        assert HERE.encode() not in key
        assert 0 < await redis.ttl(key) <= WINDOW_SECONDS
        await redis.expire(key, 3)
    for _ in range(5):
        with pytest.raises(TooManyAttempts) as refused:
            await accounts.log_in("agent", PASSWORD, Origin(address=HERE))
        assert 1 <= refused.value.retry_after_seconds <= 3
    await redis.delete(*keys)  # what Redis does when the time is over
    await accounts.log_in("agent", PASSWORD, Origin(address=HERE))


@pytest.fixture
async def without_redis(pools: Pools, people: People, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The API while nothing answers where Redis should be."""
    dead = queue.create_redis("redis://127.0.0.1:1")
    services = replace(NO_SERVICES, accounts=Accounts(pools, LoginLimiter(dead), settings, Sessions(pools, settings)))
    transport = httpx.ASGITransport(asgi.create_api(settings, services))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
    await dead.aclose(close_connection_pool=True)


async def test_without_redis_everyone_gets_in_who_knows_the_password(without_redis: httpx.AsyncClient) -> None:
    with capture_logs() as logged:
        allowed, refused = await log_in(without_redis, "agent"), await log_in(without_redis, "agent", "wrong")
    assert (allowed.status_code, refused.status_code) == (200, 401)
    assert [entry["event"] for entry in logged if entry["log_level"] == "warning"] == ["login_limiter_open"] * 4


async def test_role_and_active_flag_are_read_at_each_request(
    admin: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    nowhere = f"/api/jobs/{uuid4()}/cancel"
    assert (await admin.post(nowhere)).status_code == 404
    await change(engine, people.admin, "role = 'agent'")
    assert (await admin.post(nowhere)).status_code == 403
    assert (await admin.get("/api/me")).json()["role"] == "agent"
    await change(engine, people.admin, "role = 'admin'")
    assert (await admin.post(nowhere)).status_code == 404
    await change(engine, people.admin, "active = false")
    assert (await admin.get("/api/me")).status_code == 401
    assert (await admin.post(nowhere)).status_code == 401
    await change(engine, people.admin, "active = true")
    assert (await admin.get("/api/me")).status_code == 200


async def test_the_token_of_a_user_who_was_removed_is_worth_nothing(
    engine: AsyncEngine, people: People, agent: httpx.AsyncClient
) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("delete from users where id = :id"), {"id": people.agent.id})
    assert (await agent.get("/api/me")).status_code == 401


async def test_a_role_in_the_token_is_not_believed(
    stranger: httpx.AsyncClient, people: People, settings: Settings
) -> None:
    claims = {"sub": str(people.requester.id), "iat": int(time.time()), "exp": int(time.time()) + 60}
    forged = jwt.encode({**claims, "role": "admin", "roles": ["admin"], "is_admin": True}, settings.jwt_secret)
    assert (await me(stranger, forged)).json()["role"] == "requester"
    canceled = await stranger.post(f"/api/jobs/{uuid4()}/cancel", headers={"Authorization": f"Bearer {forged}"})
    assert canceled.status_code == 403


async def test_every_bad_token_is_refused_without_a_word_on_why(
    stranger: httpx.AsyncClient, people: People, settings: Settings
) -> None:
    now, secret = int(time.time()), settings.jwt_secret
    good = {"sub": str(people.admin.id), "iat": now, "exp": now + 60}
    token = jwt.encode(good, secret)
    head, payload, signature = token.split(".")
    authorizations = {
        "none at all": "",
        "no token": "Bearer",
        "no scheme": token,
        "two tokens": f"Bearer {token} {token}",
        "not a token": "Bearer nonsense",
        "three empty parts": "Bearer ..",
        "not ASCII": "Bearer ä.ö.ü",
        "of a size that is no token's": "Bearer " + "x" * 20_000,
        "no signature": f"Bearer {head}.{payload}.",
        "another payload": f"Bearer {head}.{payload[:-2]}AA.{signature}",
        "unsigned": "Bearer " + jwt.encode(good, "", algorithm="none"),
        "another secret": "Bearer " + jwt.encode(good, "another secret of thirty-two bytes"),
        "another algorithm": "Bearer " + jwt.encode(good, secret * 2, algorithm="HS512"),
        "expired": "Bearer " + jwt.encode({**good, "iat": now - 60, "exp": now - 1}, secret),
        "not valid yet": "Bearer " + jwt.encode({**good, "nbf": now + 60}, secret),
        "issued in the future": "Bearer " + jwt.encode({**good, "iat": now + 50}, secret),
        "without an end": "Bearer " + jwt.encode({"sub": good["sub"], "iat": now}, secret),
        "with an end that is no time": "Bearer " + jwt.encode({**good, "exp": "tomorrow"}, secret),
        "with an end past all calendars": "Bearer " + jwt.encode({**good, "exp": 10**20}, secret),
        "without a subject": "Bearer " + jwt.encode({"iat": now, "exp": now + 60}, secret),
        "of an empty subject": "Bearer " + jwt.encode({**good, "sub": ""}, secret),
        "of a subject that is no id": "Bearer " + jwt.encode({**good, "sub": "admin"}, secret),
        "of nobody": "Bearer " + jwt.encode({**good, "sub": str(uuid4())}, secret),
    }
    answers = {
        why: await stranger.get("/api/me", headers=[(b"Authorization", value.encode("latin-1"))])
        for why, value in authorizations.items()
    }
    assert {why: answer.status_code for why, answer in answers.items()} == dict.fromkeys(answers, 401)
    assert {answer.headers.get("www-authenticate") for answer in answers.values()} == {"Bearer"}
    bodies = [answer.json() | {"requestId": ""} for answer in answers.values()]
    assert bodies == bodies[:1] * len(bodies)
    assert (await me(stranger, token)).status_code == 200


async def test_a_token_counts_in_the_authorization_header_as_a_bearer_token_only(
    stranger: httpx.AsyncClient, people: People, settings: Settings
) -> None:
    token = tokens.issue(people.agent.id, settings.jwt_secret, 60)
    stranger.cookies.set("token", token)
    statuses = {
        "bearer": (await stranger.get("/api/me", headers={"Authorization": f"bearer {token}"})).status_code,
        "query": (await stranger.get("/api/me", params={"token": token, "access_token": token})).status_code,
        "another header": (await stranger.get("/api/me", headers={"X-Access-Token": token})).status_code,
        "another scheme": (await stranger.get("/api/me", headers={"Authorization": f"Basic {token}"})).status_code,
    }
    assert statuses == {"bearer": 200, "query": 401, "another header": 401, "another scheme": 401}
