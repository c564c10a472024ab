"""Safe headers on the answers that begin a socket, where `test_edge` looks at those of HTTP."""

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from app.http.middleware import SAFE_HEADERS
from app.settings import Settings
from tests.support.raw_sockets import open_raw

SOCKET = "/socket.io/?EIO=4&transport=websocket"
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


async def test_a_socket_that_polls_comes_from_the_front_end_only(
    stranger: httpx.AsyncClient, settings: Settings
) -> None:
    path = "/socket.io/?EIO=4&transport=polling"
    for origin in FOREIGN:
        assert (await stranger.get(path, headers={"Origin": origin})).status_code == 400, origin
    allowed = await stranger.get(path, headers={"Origin": settings.frontend_url})
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, settings.frontend_url)
