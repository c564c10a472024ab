"""An HTTP/1.1 client of few instructions: a usual one takes longer than what is measured."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any, NamedTuple, Self

import msgspec


class Answer(NamedTuple):
    status: int
    body: bytes
    sent_at: float  # by time.perf_counter()
    done_at: float

    @property
    def seconds(self) -> float:
        return self.done_at - self.sent_at

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Wire:
    """One connection, for one request after the other; if the server gave it up as idle, another one."""

    def __init__(self, port: int, token: str) -> None:
        self.token = token
        self._port = port

    @classmethod
    async def connect(cls, port: int, token: str = "") -> Self:
        wire = cls(port, token)
        await wire._connect()
        return wire

    async def get(self, path: str) -> Answer:
        return await self._send(f"GET {path}", b"")

    async def post(self, path: str, body: bytes = b"") -> Answer:
        return await self._send(f"POST {path}", body)

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def _connect(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def stream(self, path: str) -> AsyncIterator[bytes]:
        """GET what comes in chunks of its own (RFC 9112, 7.1), part by part."""
        head = await self._ask(f"GET {path}", b"")
        assert b"transfer-encoding: chunked" in head, head
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            yield await self._reader.readexactly(size)
            await self._reader.readexactly(len(b"\r\n"))
        await self._reader.readexactly(len(b"\r\n"))

    async def _send(self, request: str, body: bytes) -> Answer:
        sent_at = time.perf_counter()
        head = await self._ask(request, body)
        length = int(head.partition(b"content-length: ")[2].partition(b"\r")[0])
        content = await self._reader.readexactly(length)
        return Answer(int(head.split(maxsplit=2)[1]), content, sent_at, time.perf_counter())

    async def _ask(self, request: str, body: bytes) -> bytes:
        """Send a request and return the head of its answer, in lower case."""
        if self._reader.at_eof():
            await self._connect()
        head = (
            f"{request} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        await self._writer.drain()
        return (await self._reader.readuntil(b"\r\n\r\n")).lower()
