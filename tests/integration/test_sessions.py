import asyncio
import hashlib
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
from structlog.testing import capture_logs
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.accounts import tokens as access
from app.accounts.tokens import ACCESS_SECONDS
from app.sessions import tokens
from app.settings import Settings
from tests.support.browsers import (
    REFRESH,
    attributes,
    audited,
    bearer,
    cookie_of,
    is_over,
    log_in,
    log_out,
    refresh,
    stored,
)
from tests.support.http import http_client
from tests.support.people import People
from tests.support.routes import Routes
from tests.support.serving import serving
from tests.support.workbench import Workbench

# What a browser gets


async def test_a_login_gives_a_token_for_five_minutes_and_a_cookie_for_the_refresh_path_alone(
    stranger: httpx.AsyncClient, people: People, settings: Settings
) -> None:
    answer = await log_in(stranger, "Agent@Example.com")
    assert answer.status_code == 200
    assert answer.json().keys() == {"access_token", "expires_in", "token_type"}
    assert (answer.json()["expires_in"], answer.json()["token_type"]) == (300, "bearer")
    claims = access.read(answer.json()["access_token"], settings.jwt_secret)
    assert (claims.user_id, claims.session_id is None) == (people.agent.id, False)
    set_by = attributes(answer)
    assert 14 * 86_400 - 60 <= int(str(set_by.pop("max-age"))) <= 14 * 86_400
    assert set_by == {"path": REFRESH, "httponly": True, "samesite": "Strict"}
    assert (await stranger.get("/api/me", headers=bearer(answer))).json()["username"] == "agent"


async def test_a_refresh_gives_the_same_and_another_cookie(stranger: httpx.AsyncClient, settings: Settings) -> None:
    first = await log_in(stranger)
    second = await stranger.post(REFRESH)  # the client keeps its cookie, as browsers do
    third = await stranger.post(REFRESH)
    assert [answer.status_code for answer in (second, third)] == [200, 200]
    assert len({cookie_of(answer).value for answer in (first, second, third)}) == 3
    assert {**attributes(third), "max-age": ""} == {**attributes(first), "max-age": ""}
    assert third.json()["expires_in"] == ACCESS_SECONDS
    claims = [access.read(answer.json()["access_token"], settings.jwt_secret) for answer in (first, second, third)]
    assert len({(claim.user_id, claim.session_id) for claim in claims}) == 1
    assert (await stranger.get("/api/me", headers=bearer(third))).status_code == 200


async def test_what_has_a_token_in_it_is_stored_by_no_cache(stranger: httpx.AsyncClient) -> None:
    answers = [await log_in(stranger), await stranger.post(REFRESH)]
    assert [answer.headers["cache-control"] for answer in answers] == ["no-store"] * 2


@pytest.fixture
async def behind_a_proxy(routes: Routes, settings: Settings, people: People) -> AsyncIterator[httpx.AsyncClient]:
    """The API as `python -m app` serves it with TRUSTED_PROXIES=127.0.0.1."""
    app = ProxyHeadersMiddleware(routes.app(settings), trusted_hosts="127.0.0.1")  # type: ignore[arg-type]
    async with serving(app) as url, http_client(url) as client:  # type: ignore[arg-type]
        yield client


async def test_the_cookie_is_secure_where_a_trusted_proxy_speaks_tls(behind_a_proxy: httpx.AsyncClient) -> None:
    assert attributes(await log_in(behind_a_proxy, x_forwarded_proto="https"))["secure"] is True
    assert "secure" not in attributes(await log_in(behind_a_proxy, x_forwarded_proto="http"))


async def test_and_where_only_the_browser_says_that_it_does(stranger: httpx.AsyncClient) -> None:
    answer = await log_in(stranger, origin="https://desk.example", sec_fetch_site="same-origin")
    again = await refresh(
        stranger, cookie_of(answer).value, origin="https://desk.example", sec_fetch_site="same-origin"
    )
    assert [attributes(each)["secure"] for each in (answer, again)] == [True, True]


# A used token


async def test_a_used_token_ends_the_session(stranger: httpx.AsyncClient, bench: Workbench) -> None:
    first = await log_in(stranger)
    [(session_id, user_id, _)] = await stored(bench)
    second = await refresh(stranger, cookie_of(first).value)
    with capture_logs() as logged:
        assert is_over(await refresh(stranger, cookie_of(first).value))
    assert is_over(await refresh(stranger, cookie_of(second).value))
    assert await stored(bench) == []
    assert await audited(bench) == [
        ("session.started", user_id, user_id, str(session_id)),
        ("session.replayed", None, user_id, str(session_id)),
    ]
    assert [entry["user_id"] for entry in logged if entry["event"] == "session_replayed"] == [str(user_id)]


async def test_a_token_used_many_refreshes_ago_ends_it_too(stranger: httpx.AsyncClient) -> None:
    used = newest = cookie_of(await log_in(stranger)).value
    for _ in range(5):
        newest = cookie_of(await refresh(stranger, newest)).value
    assert is_over(await refresh(stranger, used))
    assert is_over(await refresh(stranger, newest))


async def test_of_many_refreshes_with_one_token_one_wins_and_the_session_ends(
    stranger: httpx.AsyncClient, bench: Workbench
) -> None:
    for _ in range(5):
        token = cookie_of(await log_in(stranger)).value
        answers = await asyncio.gather(*(refresh(stranger, token) for _ in range(5)))
        [winner] = [answer for answer in answers if answer.status_code == 200]
        assert [is_over(answer) for answer in answers].count(True) == 4
        assert is_over(await refresh(stranger, cookie_of(winner).value))
        assert await stored(bench) == []
    assert [action for action, *_ in await audited(bench)] == ["session.started", "session.replayed"] * 5


async def test_other_sessions_of_the_user_go_on(stranger: httpx.AsyncClient) -> None:
    here, there = [cookie_of(await log_in(stranger)).value for _ in range(2)]
    await refresh(stranger, here)
    assert is_over(await refresh(stranger, here))
    assert not is_over(await refresh(stranger, there))


async def test_a_token_made_up_for_a_known_session_ends_nothing(
    stranger: httpx.AsyncClient, bench: Workbench, settings: Settings
) -> None:
    answer = await log_in(stranger)
    session_id = UUID(str((await stored(bench))[0][0]))
    right, secret = cookie_of(answer).value, tokens.new_secret()
    forged = {
        "with another key": tokens.issue(session_id, secret, "x" * 32),
        "with its end cut off": right[:-10],
        "an access token": answer.json()["access_token"],
        "of a session that never was": tokens.issue(uuid4(), secret, settings.jwt_secret),
        "without an audience": jwt.encode({"sid": str(session_id), "jti": secret}, settings.jwt_secret),
        "without a secret": jwt.encode({"aud": "refresh", "sid": str(session_id)}, settings.jwt_secret),
        "garbage": "garbage",
        "nothing": "",
    }
    assert {name: is_over(await refresh(stranger, token)) for name, token in forged.items()} == dict.fromkeys(
        forged, True
    )
    assert not is_over(await refresh(stranger, right))


async def test_without_a_cookie_there_is_no_session(stranger: httpx.AsyncClient) -> None:
    assert is_over(await stranger.post(REFRESH))


async def test_a_refresh_token_opens_no_other_door(stranger: httpx.AsyncClient) -> None:
    token = cookie_of(await log_in(stranger)).value
    for headers in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"refresh={token}"}):
        assert (await stranger.get("/api/me", headers=headers)).status_code == 401


# What is kept, and what is told


async def test_a_row_has_the_hash_of_a_secret_and_nothing_of_a_token(
    stranger: httpx.AsyncClient, bench: Workbench, settings: Settings
) -> None:
    answers = [await log_in(stranger), await stranger.post(REFRESH)]
    [(_, user_id, secret_hash)] = await stored(bench)
    _, secret = tokens.read(cookie_of(answers[-1]).value, settings.jwt_secret)
    assert (user_id, secret_hash) == (bench.people.agent.id, hashlib.sha256(secret.encode()).digest())
    async with bench.engine.connect() as connection:
        told = (await connection.exec_driver_sql("select sessions::text from sessions")).scalar_one()
        told += str((await connection.exec_driver_sql("select audit_log::text from audit_log")).scalars().all())
    for answer in answers:
        token = cookie_of(answer).value
        assert all(part not in told for part in (tokens.read(token, settings.jwt_secret)[1], *token.split(".")))


async def test_no_token_is_in_the_log(stranger: httpx.AsyncClient, settings: Settings) -> None:
    with capture_logs() as logged:
        first = await log_in(stranger)
        second = await refresh(stranger, cookie_of(first).value)
        await refresh(stranger, cookie_of(first).value)
        await log_out(stranger, second)
    assert {entry["path"] for entry in logged if entry["event"] == "request"} == {"/api/session", REFRESH}
    for answer in (first, second):
        told = (cookie_of(answer).value, answer.json()["access_token"])
        secrets = (*told, tokens.read(told[0], settings.jwt_secret)[1])
        assert all(secret not in str(logged) for secret in secrets)
