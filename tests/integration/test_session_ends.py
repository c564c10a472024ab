"""What ends a session, beside a token that is used twice."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import httpx
import pytest
from socketio.exceptions import ConnectionError as ConnectionRefused

from app.accounts import tokens
from app.sessions import store
from app.settings import Settings
from tests.support import backends
from tests.support.browsers import (
    REMOVED,
    age,
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
from tests.support.waiting import until
from tests.support.watcher import connecting
from tests.support.workbench import Workbench
from worker import duties


async def test_a_logout_ends_the_session_that_its_token_is_of(stranger: httpx.AsyncClient, bench: Workbench) -> None:
    here, there = await log_in(stranger), await log_in(stranger)
    again = await refresh(stranger, cookie_of(here).value)
    ended = await log_out(stranger, again)
    assert (ended.status_code, ended.content, attributes(ended)) == (204, b"", REMOVED)
    assert is_over(await refresh(stranger, cookie_of(again).value))
    assert not is_over(await refresh(stranger, cookie_of(there).value))
    assert (await log_out(stranger, again)).status_code == 401  # it was sent again, as after a time-out
    agent_id = bench.people.agent.id
    *_, last = await audited(bench)
    assert last[:3] == ("session.ended", agent_id, agent_id)


async def is_let_in(client: httpx.AsyncClient, answer: httpx.Response) -> bool:
    told = await client.get("/api/me", headers=bearer(answer))
    assert told.status_code in {200, 401}
    return told.status_code == 200


async def log_out_with(stranger: httpx.AsyncClient, _: Workbench, answer: httpx.Response) -> None:
    assert (await log_out(stranger, answer)).status_code == 204


async def use_twice(stranger: httpx.AsyncClient, _: Workbench, answer: httpx.Response) -> None:
    token = cookie_of(answer).value
    assert [is_over(await refresh(stranger, token)) for _ in range(2)] == [False, True]


async def expire(_: httpx.AsyncClient, bench: Workbench, answer: httpx.Response) -> None:
    session_id = tokens.read(answer.json()["access_token"], bench.settings.jwt_secret).session_id
    await bench.execute("update sessions set expires_at = now() where id = :id", id=session_id)


ENDS = [log_out_with, use_twice, expire]
End = Callable[[httpx.AsyncClient, Workbench, httpx.Response], Awaitable[None]]


@pytest.mark.parametrize("end", ENDS)
async def test_with_a_session_end_all_its_tokens_and_no_others(
    stranger: httpx.AsyncClient, agent: httpx.AsyncClient, bench: Workbench, end: End
) -> None:
    here, there = await log_in(stranger), await log_in(stranger)
    assert [await is_let_in(stranger, each) for each in (here, there)] == [True, True]
    await end(stranger, bench, here)
    assert [await is_let_in(stranger, each) for each in (here, there)] == [False, True]
    assert (await agent.get("/api/me")).status_code == 200  # a token of the same user's, without a session
    assert await is_let_in(stranger, await log_in(stranger))


@pytest.mark.parametrize("end", ENDS)
async def test_with_a_session_its_sockets_are_closed_and_no_others(
    stranger: httpx.AsyncClient, base_url: str, settings: Settings, bench: Workbench, end: End
) -> None:
    here, there = await log_in(stranger), await log_in(stranger)
    encoded = [answer.json()["access_token"] for answer in (here, there)]
    encoded.append(tokens.issue(bench.people.agent.id, settings.jwt_secret, 600))
    async with contextlib.AsyncExitStack() as stack:
        ended, *others = [await stack.enter_async_context(connecting(base_url, {"token": each})) for each in encoded]
        await end(stranger, bench, here)
        await until(lambda: not ended.client.connected)
        for other in others:
            assert (await other.ask("join:user", str(bench.people.agent.id)))["ok"]
        with pytest.raises(ConnectionRefused):
            async with connecting(base_url, {"token": encoded[0]}):
                pass


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
