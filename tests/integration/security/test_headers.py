"""Safe headers on the answers that begin a socket, where `test_edge` looks at those of HTTP."""

import httpx
import pytest
from msgspec.structs import replace
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from app import asgi
from app.http.middleware import SAFE_HEADERS
from app.settings import Settings
from tests.support.http import http_client
from tests.support.raw_sockets import open_raw
from tests.support.servers import FRONTEND_URL
from tests.support.serving import serving

SOCKET = "/socket.io/?EIO=4&transport=websocket"
POLLING = "/socket.io/?EIO=4&transport=polling"
FOREIGN = ("https://evil.example", "null", "http://localhost", "http://localhost:3000.evil.example", "file://")


def test_they_say_what_browsers_must_not_do() -> None:
    policy = SAFE_HEADERS["Content-Security-Policy"]
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert SAFE_HEADERS["X-Content-Type-Options"] == "nosniff"
    assert SAFE_HEADERS["Referrer-Policy"] == "no-referrer"


async def test_a_handshake_has_them(base_url: str) -> None:
    async with await open_raw(base_url) as raw:
        assert raw.response is not None
        assert {name: raw.response.headers.get(name) for name in SAFE_HEADERS} == SAFE_HEADERS
        assert len(raw.response.headers["X-Request-Id"]) == 32


@pytest.mark.parametrize("path", [SOCKET, "/socket.io/?EIO=4&transport=websocket&sid=x", "/socket.io/?EIO=3"])
@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_handshake_refused_has_them_too(base_url: str, origin: str, path: str) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        await connect(base_url.replace("http", "ws", 1) + path, additional_headers={"Origin": origin})
    response = refusal.value.response
    assert response.status_code == 403
    assert {name: response.headers.get(name) for name in SAFE_HEADERS} == SAFE_HEADERS
    assert "Access-Control-Allow-Origin" not in response.headers


async def test_a_socket_that_polls_comes_from_this_host_or_from_the_front_end(
    stranger: httpx.AsyncClient, base_url: str
) -> None:
    for origin in FOREIGN:
        assert (await stranger.get(POLLING, headers={"Origin": origin})).status_code == 400, origin
    for origin in (base_url, FRONTEND_URL):
        allowed = await stranger.get(POLLING, headers={"Origin": origin})
        assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, origin)


async def test_this_host_is_the_one_that_the_browser_called_whatever_is_in_front_of_us(base_url: str) -> None:
    called = {"Host": "desk.example.com:8443"}
    async with http_client(base_url, headers=called) as client:
        for origin in ("https://desk.example.com:8443", "http://desk.example.com:8443"):
            assert (await client.get(POLLING, headers={"Origin": origin})).status_code == 200, origin
        for origin in (base_url, "https://desk.example.com", "https://example.com:8443", "https://"):
            assert (await client.get(POLLING, headers={"Origin": origin})).status_code == 400, origin
        forwarded = {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
        assert (await client.get(POLLING, headers=forwarded)).status_code == 400


async def test_without_a_front_end_elsewhere_no_other_origin_may_do_anything(settings: Settings) -> None:
    alone = replace(settings, frontend_url=None)
    async with serving(asgi.create_app(alone)) as url, http_client(url) as client:
        for origin in ("http://localhost:3000", "None", *FOREIGN):
            answers = [await client.get(path, headers={"Origin": origin}) for path in ("/api/health", POLLING)]
            assert [answer.status_code for answer in answers] == [200, 400], origin
            assert [answer.headers.get("access-control-allow-origin") for answer in answers] == [None, None]
        assert (await client.get(POLLING, headers={"Origin": url})).status_code == 200
