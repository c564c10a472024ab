import asyncio
import hashlib
from collections.abc import AsyncIterator
from http.cookies import Morsel, SimpleCookie
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
from structlog.testing import capture_logs
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app import asgi
from app.accounts import tokens as access
from app.accounts.limiter import ATTEMPTS
from app.sessions import store, tokens
from app.sessions.service import ACCESS_SECONDS
from app.settings import Settings
from tests.support import backends
from tests.support.http import http_client
from tests.support.people import PASSWORD, People
from tests.support.serving import serving
from tests.support.waiting import until
from tests.support.workbench import Workbench
from worker import duties

REFRESH = "/api/session/refresh"
REMOVED = {"path": REFRESH, "max-age": "0", "httponly": True, "samesite": "Strict"}
FOREIGN = ("https://evil.example", "null", "http://localhost", "file://", "")


async def log_in(
    client: httpx.AsyncClient, username: str = "agent", password: str = PASSWORD, **headers: str
) -> httpx.Response:
    body = {"username": username, "password": password}
    return await client.post("/api/session", json=body, headers=named(headers))


async def refresh(client: httpx.AsyncClient, token: str, **headers: str) -> httpx.Response:
    client.cookies.clear()  # what is sent is what the test says
    return await client.post(REFRESH, headers={"Cookie": f"refresh={token}", **named(headers)})


async def log_out(client: httpx.AsyncClient, answer: httpx.Response) -> httpx.Response:
    return await client.delete("/api/session", headers=bearer(answer))


def named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def bearer(answer: httpx.Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def cookie_of(answer: httpx.Response) -> "Morsel[str]":
    """Return the one cookie that an answer sets."""
    [header] = answer.headers.get_list("set-cookie")
    [morsel] = SimpleCookie(header).values()
    assert morsel.key == "refresh"
    return morsel


def attributes(answer: httpx.Response) -> dict[str, object]:
    return {name: value for name, value in cookie_of(answer).items() if value}


def is_over(answer: httpx.Response) -> bool:
    """Whether a refresh was refused, and the cookie taken away."""
    if answer.status_code == 200:
        return False
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert attributes(answer) == REMOVED
    return True


async def audited(bench: Workbench) -> list[tuple[object, ...]]:
    rows = "select action, actor_id, subject_id, details ->> 'session' from audit_log order by id"
    async with bench.engine.connect() as connection:
        return [tuple(row) for row in await connection.exec_driver_sql(rows)]


async def stored(bench: Workbench) -> list[tuple[object, ...]]:
    async with bench.engine.connect() as connection:
        rows = await connection.exec_driver_sql("select id, user_id, secret_hash from sessions order by id")
        return [tuple(row) for row in rows]


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
async def behind_a_proxy(settings: Settings, people: People) -> AsyncIterator[httpx.AsyncClient]:
    """The API as `python -m app` serves it with TRUSTED_PROXIES=127.0.0.1."""
    app = ProxyHeadersMiddleware(asgi.create_app(settings), trusted_hosts="127.0.0.1")  # type: ignore[arg-type]
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


# The end


async def test_a_logout_ends_the_session_that_its_token_is_of(stranger: httpx.AsyncClient, bench: Workbench) -> None:
    here, there = await log_in(stranger), await log_in(stranger)
    again = await refresh(stranger, cookie_of(here).value)
    ended = await log_out(stranger, again)
    assert (ended.status_code, ended.content, attributes(ended)) == (204, b"", REMOVED)
    assert is_over(await refresh(stranger, cookie_of(again).value))
    assert not is_over(await refresh(stranger, cookie_of(there).value))
    assert (await log_out(stranger, again)).status_code == 204  # it was sent again, as after a time-out
    agent_id = bench.people.agent.id
    *_, last = await audited(bench)
    assert last[:3] == ("session.ended", agent_id, agent_id)


async def test_a_token_without_a_session_has_none_to_end(agent: httpx.AsyncClient) -> None:
    answer = await agent.delete("/api/session")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_session")


@pytest.mark.parametrize("change", [{"role": "requester"}, {"active": False}])
async def test_a_change_of_rights_ends_all_sessions_of_the_user_and_no_others(
    stranger: httpx.AsyncClient, admin: httpx.AsyncClient, bench: Workbench, change: dict[str, object]
) -> None:
    people = bench.people
    theirs = [cookie_of(await log_in(stranger)).value for _ in range(2)]
    others = cookie_of(await log_in(stranger, "requester")).value
    await admin.patch(f"/api/users/{people.agent.id}", json=change)
    assert [is_over(await refresh(stranger, token)) for token in theirs] == [True, True]
    assert not is_over(await refresh(stranger, others))
    ends = [row[:3] for row in await audited(bench) if row[0] == "session.ended"]
    assert ends == [("session.ended", people.admin.id, people.agent.id)] * 2
    await admin.patch(f"/api/users/{people.agent.id}", json={"active": True})
    assert is_over(await refresh(stranger, theirs[0]))


async def test_a_change_that_changes_nothing_or_is_refused_ends_none(
    stranger: httpx.AsyncClient, admin: httpx.AsyncClient, bench: Workbench
) -> None:
    await bench.execute("update users set active = false where username = 'other_admin'")
    agents, admins = [cookie_of(await log_in(stranger, name)).value for name in ("agent", "admin")]
    await admin.patch(f"/api/users/{bench.people.agent.id}", json={"role": "agent"})
    refused = await admin.patch(f"/api/users/{bench.people.admin.id}", json={"role": "agent"})
    assert refused.json()["code"] == "last_admin"
    assert [is_over(await refresh(stranger, token)) for token in (agents, admins)] == [False, False]


async def test_a_login_that_meets_a_change_of_rights_waits_for_it_and_is_refused(
    stranger: httpx.AsyncClient, bench: Workbench
) -> None:
    async with bench.engine.begin() as connection:
        await connection.exec_driver_sql("update users set active = false where username = 'agent'")
        logging_in = asyncio.create_task(log_in(stranger))
        await until(lambda: backends.count_waiting(bench.engine))
    answer = await logging_in
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")
    assert await stored(bench) == []


async def test_who_was_shut_out_by_hand_is_not_let_in_again(stranger: httpx.AsyncClient, bench: Workbench) -> None:
    token = cookie_of(await log_in(stranger)).value
    await bench.execute("update users set active = false where username = 'agent'")
    assert is_over(await refresh(stranger, token))


async def age(bench: Workbench, days: float) -> None:
    await bench.execute(
        "update sessions set created_at = created_at - :days * interval '1 day',"
        " expires_at = expires_at - :days * interval '1 day'",
        days=days,
    )


async def test_a_session_lives_14_days_from_its_last_refresh_and_30_in_all(
    stranger: httpx.AsyncClient, bench: Workbench
) -> None:
    answer = await log_in(stranger)
    for days, left in ((13, 14), (13, 4)):
        await age(bench, days)
        answer = await refresh(stranger, cookie_of(answer).value)
        assert int(attributes(answer)["max-age"]) == pytest.approx(left * 86_400, abs=60)  # type: ignore[call-overload]
    await age(bench, 4)
    assert is_over(await refresh(stranger, cookie_of(answer).value))


async def test_one_that_nobody_came_back_to_in_14_days_is_over(stranger: httpx.AsyncClient, bench: Workbench) -> None:
    token = cookie_of(await log_in(stranger)).value
    await age(bench, 14)
    assert is_over(await refresh(stranger, token))


async def test_expired_ones_go_a_few_at_a_time(stranger: httpx.AsyncClient, bench: Workbench) -> None:
    for _ in range(3):
        await log_in(stranger)
    await age(bench, 14)
    await log_in(stranger)
    async with bench.engine.begin() as connection:
        assert [await store.delete_expired(connection, 2) for _ in range(3)] == [2, 1, 0]
    assert len(await stored(bench)) == 1


async def test_workers_see_to_that(stranger: httpx.AsyncClient, bench: Workbench) -> None:
    await log_in(stranger)
    await age(bench, 14)
    for duty in duties.table(bench.settings):
        await duties.catch_up(duty, bench.engine)
    assert await stored(bench) == []


# Who may begin one


async def test_it_is_refused_and_limited_as_the_other_login_is(stranger: httpx.AsyncClient, bench: Workbench) -> None:
    answers = [await log_in(stranger, password="wrong") for _ in range(ATTEMPTS)]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "wrong_credentials")}
    assert all("set-cookie" not in answer.headers for answer in answers)
    limited = await log_in(stranger)
    assert (limited.status_code, limited.json()["code"]) == (429, "too_many_attempts")
    other = await stranger.post("/api/login", json={"username": "agent", "password": PASSWORD})
    assert other.status_code == 429
    assert [row[:3] for row in await audited(bench)] == [("login.failed", None, bench.people.agent.id)] * ATTEMPTS
    assert await stored(bench) == []


@pytest.mark.parametrize("origin", FOREIGN)
async def test_the_page_of_another_site_neither_begins_a_session_nor_refreshes_one(
    stranger: httpx.AsyncClient, bench: Workbench, origin: str
) -> None:
    token = cookie_of(await log_in(stranger)).value
    for answer in (await log_in(stranger, origin=origin), await refresh(stranger, token, origin=origin)):
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_page")
        assert "set-cookie" not in answer.headers
    assert len(await stored(bench)) == 1
    assert not is_over(await refresh(stranger, token))


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
async def test_what_the_browser_says_of_the_site_counts_more_than_the_host(
    stranger: httpx.AsyncClient, site: str
) -> None:
    own = str(stranger.base_url)
    refused = await log_in(stranger, origin=own, sec_fetch_site=site)
    assert refused.json()["code"] == "foreign_page"


async def test_our_own_pages_begin_and_refresh_sessions(stranger: httpx.AsyncClient, settings: Settings) -> None:
    for headers in (
        {"origin": str(stranger.base_url)},
        {"origin": settings.frontend_url},
        {"origin": settings.frontend_url, "sec_fetch_site": "cross-site"},
        {"origin": "https://a-proxy-says.example", "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
    ):
        answer = await log_in(stranger, **headers)
        assert answer.status_code == 200, headers
        assert (await refresh(stranger, cookie_of(answer).value, **headers)).status_code == 200, headers


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
