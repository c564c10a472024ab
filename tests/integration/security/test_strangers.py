"""Connections on which nobody logs in: for how long, how many, and what is kept of them."""

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import httpx
import pytest
from arq.connections import ArqRedis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.accounts.limiter import LoginLimiter
from app.accounts.service import Accounts
from app.http.middleware import Exchanges
from app.pools import Pools
from app.realtime.server import Sockets
from app.realtime.strangers import Strangers
from app.sessions.service import Sessions
from app.settings import Settings
from tests.support.http import NO_TLS
from tests.support.raw_sockets import log_in, open_raw, read_to_the_end
from tests.support.serving import serving
from tests.support.waiting import until

POLLING = "/socket.io/?EIO=4&transport=polling"
SOON = 0.2

Make = Callable[[Strangers], Sockets]
Serve = Callable[[Strangers], AbstractAsyncContextManager[str]]


async def no_api(scope: object, receive: object, send: object) -> None:
    """Sockets alone are served."""


@pytest.fixture
def make(pools: Pools, settings: Settings, redis: ArqRedis) -> Make:
    accounts = Accounts(pools, LoginLimiter(redis), settings, Sessions(pools, settings))
    return lambda strangers: Sockets(accounts, settings.frontend_url, strangers)


@pytest.fixture
def serve(make: Make) -> Serve:
    @contextlib.asynccontextmanager
    async def serve_sockets(strangers: Strangers) -> AsyncIterator[str]:
        sockets = make(strangers)
        async with sockets.running(), serving(Exchanges(sockets.beside(no_api))) as url:
            yield url

    return serve_sockets


def client(url: str, address: str = "127.0.0.1") -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, transport=httpx.AsyncHTTPTransport(verify=NO_TLS, local_address=address))


async def shake_hands(http: httpx.AsyncClient, **headers: str) -> str:
    """Return the path at which the new connection is polled."""
    answer = await http.get(POLLING, headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    return f"{POLLING}&sid={json.loads(answer.text[1:])['sid']}"


async def is_closed(raw: ClientConnection) -> bool:
    """Go on to talk, which must not help."""
    with contextlib.suppress(ConnectionClosed):
        await raw.send('42["join:user","x"]')
        await raw.send("3")
        return False
    return True


async def test_a_websocket_on_which_nobody_logs_in_is_closed(serve: Serve) -> None:
    async with serve(Strangers(login_seconds=SOON)) as url, await open_raw(url) as raw:
        await until(lambda: is_closed(raw))


async def test_a_websocket_whose_token_is_refused_is_closed(serve: Serve) -> None:
    async with serve(Strangers(login_seconds=SOON)) as url, await open_raw(url) as raw:
        await raw.send('40{"token":"x"}')
        assert "unauthorized" in str(await raw.recv())
        await until(lambda: is_closed(raw))


async def test_a_polled_connection_on_which_nobody_logs_in_is_closed(serve: Serve) -> None:
    async with serve(Strangers(login_seconds=SOON)) as url, client(url) as http:
        path = await shake_hands(http)
        assert (await http.get(path, timeout=10)).text == "1"  # was waiting, and is told that it is closed
        assert (await http.get(path)).status_code == httpx.codes.BAD_REQUEST


async def test_who_has_logged_in_stays(serve: Serve, agent_token: str) -> None:
    async with serve(Strangers(login_seconds=SOON)) as url, await open_raw(url) as raw:
        await log_in(raw, agent_token)
        async with await open_raw(url) as stranger:
            await read_to_the_end(stranger)
        await raw.send('421["no:such:event"]')
        assert "unknown_event" in str(await raw.recv())


@pytest.mark.parametrize("transport", ["polling", "websocket"])
async def test_an_address_can_have_only_so_many(serve: Serve, agent_token: str, transport: str) -> None:
    async with serve(Strangers(max_of_address=2)) as url, client(url) as http, client(url, "127.0.0.2") as elsewhere:
        async with await open_raw(url) as raw, await open_raw(url):
            status, headers, body = await refused(url, http, transport)
            assert (status, headers["Content-Type"]) == (429, "application/problem+json")
            assert (body["status"], body["code"]) == (429, "too_many_sockets_of_address")
            assert int(headers["Retry-After"]) > 0
            await shake_hands(elsewhere)
            await log_in(raw, agent_token)
            await shake_hands(http)
            await refused(url, http, transport)
        await until(lambda: is_let_in(http))


@pytest.mark.parametrize("transport", ["polling", "websocket"])
async def test_all_together_can_be_only_so_many(serve: Serve, transport: str) -> None:
    async with serve(Strangers(max_in_all=2)) as url, client(url) as http, client(url, "127.0.0.2") as elsewhere:
        await shake_hands(elsewhere)
        await shake_hands(http)
        status, headers, body = await refused(url, http, transport)
        assert (status, body["status"], body["code"]) == (503, 503, "too_many_sockets")
        assert int(headers["Retry-After"]) > 0


async def refused(url: str, http: httpx.AsyncClient, transport: str) -> tuple[int, httpx.Headers, dict[str, object]]:
    if transport == "polling":
        answer = await http.get(POLLING)
        return answer.status_code, answer.headers, answer.json()
    with pytest.raises(InvalidStatus) as caught:
        await open_raw(url)
    response = caught.value.response
    return response.status_code, httpx.Headers(dict(response.headers)), json.loads(response.body or b"")


async def is_let_in(http: httpx.AsyncClient) -> bool:
    return (await http.get(POLLING)).status_code == httpx.codes.OK


async def test_who_logs_out_is_closed(serve: Serve, agent_token: str) -> None:
    async with serve(Strangers()) as url, await open_raw(url) as raw:
        await log_in(raw, agent_token)
        await raw.send("41")
        await until(lambda: is_closed(raw))


async def test_nothing_is_left_of_one_that_was_closed_while_its_token_was_looked_at(
    make: Make, engine: AsyncEngine, agent_token: str
) -> None:
    sockets = make(Strangers(login_seconds=SOON))
    async with sockets.running(), serving(sockets.beside(no_api)) as url, engine.connect() as connection:
        await connection.execute(text("lock table users in access exclusive mode"))
        async with await open_raw(url) as raw:
            await raw.send(f'40{{"token":"{agent_token}"}}')
            await read_to_the_end(raw)
        await connection.rollback()
        await until(lambda: not sockets._server.environ and not sockets._clients)
        await until(lambda: not any(sockets._server.manager.rooms.values()))


async def test_nothing_of_a_handshake_is_remembered_but_its_connection(make: Make) -> None:
    sockets = make(Strangers(max_of_address=1))
    async with serving(sockets.beside(no_api)) as url, client(url) as http:
        await shake_hands(http, **{"X-Large": "x" * 10_000})
        assert (await http.get(POLLING)).status_code == httpx.codes.TOO_MANY_REQUESTS
        assert list(sockets._server.environ.values()) == [{}]
        assert len(sockets._server.eio.sockets) == 1
