"""A change of rights closes the sockets that rest on them, within a second or so, and no others."""

import contextlib
from collections.abc import Awaitable, Callable

import httpx
import pytest
from socketio.exceptions import ConnectionError as ConnectionRefused

from app.accounts import tokens
from app.settings import Settings
from tests.support import browsers
from tests.support.people import PASSWORD, People
from tests.support.waiting import until
from tests.support.watcher import connecting

NEW = "another long password"
SECONDS = 3  # one, and what a busy machine adds

Act = Callable[[httpx.AsyncClient, httpx.AsyncClient, People], Awaitable[httpx.Response]]


async def change_password(_: httpx.AsyncClient, agent: httpx.AsyncClient, __: People) -> httpx.Response:
    return await agent.post("/api/me/password", json={"currentPassword": PASSWORD, "newPassword": NEW})


async def use_a_link(admin: httpx.AsyncClient, agent: httpx.AsyncClient, people: People) -> httpx.Response:
    link = (await admin.post(f"/api/users/{people.agent.id}/password-reset")).json()
    return await agent.post("/api/password-reset", json={"token": link["token"], "password": NEW})


async def deactivate(admin: httpx.AsyncClient, _: httpx.AsyncClient, people: People) -> httpx.Response:
    return await admin.delete(f"/api/users/{people.agent.id}")


async def erase(admin: httpx.AsyncClient, _: httpx.AsyncClient, people: People) -> httpx.Response:
    return await admin.delete(f"/api/users/{people.agent.id}", params={"erase": True})


async def demote(admin: httpx.AsyncClient, _: httpx.AsyncClient, people: People) -> httpx.Response:
    return await admin.patch(f"/api/users/{people.agent.id}", json={"role": "requester"})


async def rename(admin: httpx.AsyncClient, _: httpx.AsyncClient, people: People) -> httpx.Response:
    return await admin.patch(f"/api/users/{people.agent.id}", json={"username": "grace", "phone": "+49 30 1234567"})


@pytest.mark.parametrize("act", [change_password, use_a_link, deactivate, erase, demote])
async def test_they_are_closed_with_what_they_rest_on(
    admin: httpx.AsyncClient,
    agent: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    base_url: str,
    settings: Settings,
    people: People,
    act: Act,
) -> None:
    session = (await browsers.log_in(stranger)).json()["access_token"]
    bare = tokens.issue(people.agent.id, settings.jwt_secret, 600)
    other = tokens.issue(people.requester.id, settings.jwt_secret, 600)
    async with contextlib.AsyncExitStack() as stack:
        *theirs, others = [
            await stack.enter_async_context(connecting(base_url, {"token": each})) for each in (session, bare, other)
        ]
        assert (await act(admin, agent, people)).is_success
        await until(lambda: not any(each.client.connected for each in theirs), seconds=SECONDS)
        assert (await others.ask("join:user", str(people.requester.id)))["ok"]
        with pytest.raises(ConnectionRefused):
            async with connecting(base_url, {"token": session}):
                pass


async def test_another_name_closes_none(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, base_url: str, settings: Settings, people: People
) -> None:
    first, second = [tokens.issue(user.id, settings.jwt_secret, 600) for user in (people.agent, people.other_admin)]
    async with connecting(base_url, {"token": first}) as renamed, connecting(base_url, {"token": second}) as demoted:
        assert (await rename(admin, agent, people)).is_success
        await admin.patch(f"/api/users/{people.other_admin.id}", json={"role": "agent"})
        await until(lambda: not demoted.client.connected)  # the patrol has been round since
        assert (await renamed.ask("join:user", str(people.agent.id)))["ok"]
    assert (await agent.get("/api/me")).json()["username"] == "grace"
