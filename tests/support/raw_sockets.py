"""Websockets that speak Socket.IO by hand, as an attacker's would."""

import asyncio
import contextlib
import json
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


async def open_raw(base_url: str, **options: Any) -> ClientConnection:
    """Connect, and stay a stranger."""
    url = base_url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    raw = await connect(url, ping_interval=None, open_timeout=30, **options)
    assert json.loads(str(await raw.recv())[1:])["sid"]
    return raw


async def log_in(raw: ClientConnection, token: str) -> None:
    await raw.send(f'40{{"token":"{token}"}}')
    assert str(await raw.recv()).startswith("40{")


async def send_all(raw: ClientConnection, frames: list[str | bytes]) -> None:
    """Send until the server has had enough."""
    with contextlib.suppress(ConnectionClosed):
        for frame in frames:
            await raw.send(frame)


async def read_to_the_end(raw: ClientConnection) -> None:
    """Read until the server closes."""
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(10):
            while True:
                await raw.recv()
