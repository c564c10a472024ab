"""Requests that are sent slowly or never whole, heads without end, and more connections than are good."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
import pytest
from litestar.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.http.connections import BYTES_A_SECOND, MAX_HEAD_BYTES
from app.http.middleware import SAFE_HEADERS
from app.settings import Settings
from tests.support.people import People
from tests.support.raw_sockets import open_raw
from tests.support.serving import serving
from tests.support.system import System, resident_bytes
from tests.support.waiting import until

SECONDS = 0.4
PATIENCE_SECONDS = 10
HEALTH = b"GET /api/health HTTP/1.1\r\nHost: x\r\n"
LOGIN = b"POST /api/login HTTP/1.1\r\nHost: x\r\n"
POLLING = b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n"
HANDSHAKE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)
END = b"\r\n"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    def problem(self) -> dict[str, Any]:
        """Return what it says, if it is a problem as all others are."""
        assert self.headers["content-type"] == "application/problem+json"
        assert {name: self.headers.get(name.lower()) for name in SAFE_HEADERS} == SAFE_HEADERS
        said: dict[str, Any] = msgspec.json.decode(self.body)
        assert said["status"] == self.status
        assert said["requestId"] == self.headers["x-request-id"]
        return said


class Client:
    """Sends what it is told, byte for byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, *parts: bytes) -> "Client":
        with contextlib.suppress(ConnectionError):  # it may have been refused in the meantime
            self._writer.write(b"".join(parts))
            await self._writer.drain()
        return self

    async def answer(self) -> Answer:
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
            status, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            body = await self._reader.readexactly(int(headers["content-length"]))
        return Answer(int(status.split()[1]), headers, body)

    async def rest(self) -> bytes:
        """Read until the server hangs up."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self._reader.read()

    async def refusal(self) -> Answer:
        """Read the one answer there is, and that nothing follows."""
        answer = await self.answer()
        assert answer.headers["connection"] == "close"
        assert await self.rest() == b""
        return answer

    def close(self) -> None:
        self._writer.close()


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


Connect = Callable[[], AbstractAsyncContextManager[Client]]


def connecting(port: int) -> Connect:
    @contextlib.asynccontextmanager
    async def connect() -> AsyncIterator[Client]:
        client = Client(*await asyncio.open_connection("127.0.0.1", port))
        yield client
        client.close()

    return connect


@pytest.fixture
async def port(api: ASGIApp) -> AsyncIterator[int]:
    """The API, which gives a request less than a second."""
    async with serving(api, request_seconds=SECONDS) as url:
        yield port_of(url)


@pytest.fixture
def connect(port: int) -> Connect:
    return connecting(port)


async def time_is_over(connect: Connect) -> None:
    """Wait for as long as a request may take that begins now."""
    async with connect() as client:
        await client.send(HEALTH)
        await client.rest()


HALVES = {
    "one byte": b"G",
    "a head": HEALTH + b"X-Half: ",
    "a head of a handshake": HANDSHAKE,
    "nothing but empty lines": END * 10,
    "a body": LOGIN + b'Content-Length: 50\r\n\r\n{"username": ',
    "a body that is not begun": LOGIN + b"Content-Length: 50\r\n\r\n",
    "a body in chunks": LOGIN + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    "a body that nobody reads": HEALTH.replace(b"GET", b"POST") + b"Content-Length: 50\r\n\r\n",
    "a body to poll with": POLLING.replace(b"GET", b"POST") + b"Content-Length: 50\r\n\r\n4",
}
ANSWERED = {HALVES["a body to poll with"], HALVES["a body that nobody reads"]}  # before they are there


@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES.keys())
async def test_what_is_never_sent_whole_is_hung_up_on(connect: Connect, half: bytes) -> None:
    async with connect() as client:
        await client.send(half)
        said = await client.rest()
    assert said.count(b"HTTP/1.1 ") == 1
    assert said.split(b" ")[1] in ({b"400", b"405"} if half in ANSWERED else {b"408"})


async def test_one_who_is_late_is_told_so(connect: Connect) -> None:
    async with connect() as client:
        refused = await (await client.send(HALVES["a body"])).refusal()
    assert refused.status == 408
    assert refused.problem()["code"] == "request_timeout"


async def test_one_who_sends_nothing_is_hung_up_on_without_a_word(connect: Connect) -> None:
    async with connect() as client:
        assert await client.rest() == b""


@pytest.mark.parametrize("half", [HEALTH, END, HALVES["a body"]], ids=["head", "empty line", "body"])
async def test_a_second_request_has_no_more_time_than_the_first(connect: Connect, half: bytes) -> None:
    async with connect() as client:
        assert (await (await client.send(HEALTH, END)).answer()).status == 200
        assert (await (await client.send(half)).refusal()).status == 408


async def test_a_body_that_comes_right_behind_another_request_has_no_more_time(connect: Connect) -> None:
    async with connect() as client:
        await client.send(HEALTH, END, HALVES["a body"])
        assert (await client.answer()).status == 200
        assert (await client.refusal()).status == 408


async def test_a_large_body_on_a_slow_line_has_the_time_it_needs(connect: Connect) -> None:
    large = b'{"username": "agent", "password": "' + b"x" * 16 * BYTES_A_SECOND
    async with connect() as client:
        await client.send(LOGIN, b"Content-Length: %d\r\n\r\n" % (len(large) + 2), large)
        await time_is_over(connect)
        assert (await (await client.send(b'"}')).answer()).status in {400, 401}


async def test_an_answer_may_take_longer_than_a_request() -> None:
    done = asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        await done.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async with serving(slow, request_seconds=SECONDS) as url, connecting(port_of(url))() as client:
        await client.send(HEALTH, END)
        await time_is_over(connecting(port_of(url)))
        done.set()
        assert (await client.answer()).status == 200


async def test_a_websocket_stays_open(port: int, connect: Connect) -> None:
    async with await open_raw(f"http://127.0.0.1:{port}") as raw:
        await time_is_over(connect)
        await asyncio.wait_for(await raw.ping(), PATIENCE_SECONDS)


async def test_nothing_is_kept_of_heads_that_are_too_large(system: System) -> None:
    api = await system.start_api()
    connect, before = connecting(system.port), resident_bytes(api.pid)
    for _ in range(12):
        async with connect() as client:
            await client.send(POLLING, b"X-Long: ", b"x" * 10_000_000, END, END)
            with contextlib.suppress(ConnectionError):  # it need not read on for as long as this takes
                await client.rest()
    assert resident_bytes(api.pid) - before < 10_000_000


LONG = b"x" * MAX_HEAD_BYTES
TOO_LARGE = {
    "one header": b"X-Long: " + LONG + END + END,
    "one that does not end": b"X-Long: " + LONG * 20,
    "many headers": b"".join(b"X-%d: %s\r\n" % (number, b"x" * 100) for number in range(1000)) + END,
}


@pytest.mark.parametrize("head", TOO_LARGE.values(), ids=TOO_LARGE.keys())
@pytest.mark.parametrize("path", [HEALTH, LOGIN, POLLING, HANDSHAKE], ids=["health", "login", "polling", "websocket"])
async def test_a_head_that_is_too_large_is_refused_whatever_the_path(
    connect: Connect, path: bytes, head: bytes
) -> None:
    async with connect() as client:
        refused = await (await client.send(path, head)).refusal()
    assert refused.status == 431
    assert refused.problem()["code"] == "headers_too_large"


async def test_a_path_that_is_too_long_is_refused_too(connect: Connect) -> None:
    async with connect() as client:
        assert (await (await client.send(b"GET /", LONG, b" HTTP/1.1\r\n\r\n")).refusal()).status == 431


async def test_a_head_that_is_just_small_enough_is_read(connect: Connect) -> None:
    async with connect() as client:
        for _ in range(3):
            await client.send(HEALTH, b"X-Long: ", LONG[:-100], END, END)
            assert (await client.answer()).status == 200


async def test_what_is_behind_a_head_does_not_count_as_one(connect: Connect) -> None:
    body = b'{"username": "nobody", "password": "' + b"x" * 100 + b'"}' + b" " * 3 * MAX_HEAD_BYTES
    async with connect() as client:
        for _ in range(2):
            await client.send(LOGIN, b"Content-Length: %d\r\n\r\n" % len(body), body, HEALTH, END)
            assert [(await client.answer()).status for _ in range(2)] == [401, 200]


MALFORMED = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "another version": b"GET / HTTP/9.9\r\n\r\n",
    "two lengths": LOGIN + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
    "a space in a header's name": HEALTH + b"X Y: z\r\n\r\n",
    "a chunk without its size": LOGIN + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a path that is no ASCII": "GET /ä HTTP/1.1\r\n\r\n".encode(),
}


@pytest.mark.parametrize("request_bytes", MALFORMED.values(), ids=MALFORMED.keys())
async def test_what_is_no_http_is_told_so_in_our_form(connect: Connect, request_bytes: bytes) -> None:
    async with connect() as client:
        refused = await (await client.send(request_bytes)).refusal()
    assert refused.status == 400
    assert refused.problem()["code"] == "invalid_request"


async def test_nonsense_behind_a_request_is_not_taken_for_its_answer() -> None:
    asked, done = asyncio.Event(), asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        asked.set()
        await done.wait()

    async with serving(slow) as url, connecting(port_of(url))() as client:
        await client.send(HEALTH, END)
        await asked.wait()
        await client.send(MALFORMED["no HTTP"])
        assert await client.rest() == b""
        done.set()


async def test_past_the_bound_new_connections_are_told_to_come_back(api: ASGIApp) -> None:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(api, max_connections=3))
        connect = connecting(port_of(url))
        await stack.enter_async_context(await open_raw(url))  # websockets count
        idle, busy = [await stack.enter_async_context(connect()) for _ in range(2)]
        assert (await (await busy.send(HEALTH, END)).answer()).status == 200
        async with connect() as one_too_many:
            refused = await one_too_many.refusal()
        assert (refused.status, refused.problem()["code"]) == (503, "too_many_connections")
        assert int(refused.headers["retry-after"]) > 0
        assert (await (await busy.send(HEALTH, END)).answer()).status == 200
        idle.close()
        await until(lambda: is_served(connect))


async def is_served(connect: Connect) -> bool:
    async with connect() as client:
        return b" 200 " in await (await client.send(HEALTH, b"Connection: close\r\n", END)).rest()


async def test_the_process_takes_its_bounds_from_its_settings(
    settings: Settings, people: People, system: System
) -> None:
    await system.is_up(system.start("app", REQUEST_SECONDS="1", MAX_CONNECTIONS="1"))
    connect = connecting(system.port)
    await until(lambda: is_served(connect))  # once the connection that asked whether it is up is gone
    async with connect() as first, connect() as second:
        assert (await second.refusal()).status == 503
        assert (await (await first.send(HALVES["a body"])).refusal()).status == 408


def test_uvicorn_has_all_that_connections_rely_on() -> None:
    """Behind each name is what no longer works without it."""
    overridden = {
        "on_headers_complete": "the bound on heads",
        "on_message_complete": "the end of a request's time",
        "send_400_response": "answers to what is no HTTP, in our form",
        "handle_websocket_upgrade": "websockets that stay open",
    }
    assert {name for name in overridden if not callable(getattr(HttpToolsProtocol, name, None))} == set()
    names = {
        HttpToolsProtocol.__init__: {"connections", "cycle", "pipeline", "flow", "loop", "server_state"},
        HttpToolsProtocol.on_message_begin: {"url", "headers"},
        RequestResponseCycle.__init__: {
            *("response_complete", "response_started", "more_body", "disconnected", "message_event")
        },
    }
    assert not [name for function, used in names.items() for name in used - set(function.__code__.co_names)]
