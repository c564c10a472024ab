"""What any slice can tell over sockets: shown with the smallest topic there is."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager

import pytest
from arq.connections import ArqRedis

from app.accounts import tokens
from app.accounts.limiter import LoginLimiter
from app.accounts.service import Accounts
from app.errors import NotFound
from app.pools import Pools
from app.realtime.server import Sockets
from app.realtime.topic import Answer, Client, Emit, Handle
from app.sessions.service import Sessions
from app.settings import Settings
from tests.support.people import People
from tests.support.raw_sockets import log_in, open_raw, read_to_the_end
from tests.support.serving import serving


class Weather:
    """Tells everyone of the rain, over and over."""

    is_away = False

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._entered = asyncio.Event()
        self.answers: Mapping[str, Handle] = {"weather:ask": self._answer, "weather:leave": self._leave}

    async def welcome(self, client: Client) -> None:
        if self.is_away:
            raise ConnectionError
        await client.send("weather:now", {"for": client.user.username})
        await client.enter("weather")
        self._entered.set()

    def loops(self) -> list[Coroutine[None, None, None]]:
        return [self._rain()]

    async def _rain(self) -> None:
        await self._entered.wait()
        await self._emit("weather:rain", {"mm": 1}, ["weather", "elsewhere"])

    async def _answer(self, client: Client, data: object) -> Answer:
        if data == "moon":
            raise NotFound
        return {"ok": True, "asked": data, "by": client.user.username}

    async def _leave(self, client: Client, _: object) -> Answer:
        await client.leave("weather")
        await self._emit("weather:rain", {"mm": 2}, ["weather"])
        return {"ok": True}


@pytest.fixture
def agent_token(settings: Settings, people: People) -> str:
    return tokens.issue(people.agent.id, settings.jwt_secret, 600)


Serve = Callable[[], AbstractAsyncContextManager[tuple[str, Weather]]]


@pytest.fixture
def serve(pools: Pools, settings: Settings, redis: ArqRedis) -> Serve:
    async def no_api(scope: object, receive: object, send: object) -> None:
        """Sockets alone are served."""

    @contextlib.asynccontextmanager
    async def serve_weather() -> AsyncIterator[tuple[str, Weather]]:
        accounts = Accounts(pools, LoginLimiter(redis), settings, Sessions(pools, settings))
        sockets = Sockets(accounts, settings.frontend_url)
        weather = Weather(sockets.emit)
        sockets.add(weather)
        async with sockets.running(), serving(sockets.beside(no_api)) as url:
            yield url, weather

    return serve_weather


async def test_a_topic_tells_at_connect_and_later_and_answers(serve: Serve, agent_token: str) -> None:
    async with serve() as (url, _), await open_raw(url) as raw:
        await log_in(raw, agent_token)  # which says that what comes first is that it is connected
        assert await raw.recv() == '42["weather:now",{"for":"agent"}]'
        assert await raw.recv() == '42["weather:rain",{"mm":1}]'
        await raw.send('421["weather:ask","here"]')
        assert await raw.recv() == '431[{"ok":true,"asked":"here","by":"agent"}]'
        await raw.send('422["weather:ask","moon"]')
        assert await raw.recv() == '432[{"ok":false,"error":"not_found"}]'
        await raw.send('423["weather:leave"]')
        assert await raw.recv() == '433[{"ok":true}]'


async def test_what_a_client_asks_before_it_is_welcome_is_answered_afterwards(serve: Serve, agent_token: str) -> None:
    async with serve() as (url, _), await open_raw(url) as raw:
        await raw.send(f'40{{"token":"{agent_token}"}}')
        await raw.send('421["weather:ask","here"]')
        heard = [str(await raw.recv()) for _ in range(4)]
        assert heard[0].startswith("40{")
        assert heard.index('42["weather:now",{"for":"agent"}]') < heard.index(
            '431[{"ok":true,"asked":"here","by":"agent"}]'
        )


async def test_a_second_login_on_a_connection_is_refused_and_not_welcome(serve: Serve, agent_token: str) -> None:
    async with serve() as (url, _), await open_raw(url) as raw:
        for _ in range(2):
            await raw.send(f'40{{"token":"{agent_token}"}}')
        await raw.send('421["weather:ask","here"]')
        heard = [str(await raw.recv()) for _ in range(5)]
        assert '44{"message":"Unable to connect"}' in heard or '44"Unable to connect"' in heard
        assert heard.count('42["weather:now",{"for":"agent"}]') == 1


async def test_a_client_that_cannot_be_welcome_is_closed_so_that_it_comes_back(serve: Serve, agent_token: str) -> None:
    async with serve() as (url, weather):
        weather.is_away = True
        async with await open_raw(url) as raw:
            await log_in(raw, agent_token)
            await read_to_the_end(raw)
        weather.is_away = False
        async with await open_raw(url) as raw:
            await log_in(raw, agent_token)
            assert await raw.recv() == '42["weather:now",{"for":"agent"}]'
