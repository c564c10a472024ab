"""A Socket.IO client over a WebSocket, of few instructions, so that one process can be a thousand of them."""

import asyncio
import base64
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import cast

import msgspec

CONNECT_SECONDS = 60

_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
_LENGTH_16, _LENGTH_64 = 126, 127
_COMPRESSED = 0x40
_TAIL = b"\x00\x00\xff\xff"  # what a sender leaves out, RFC 7692, 7.2.1


class Socket(asyncio.Protocol):
    """Logs in, answers pings and hands each event on as the JSON that it came as; offers compression as browsers do."""

    def __init__(self, token: str, receive: Callable[[bytes], None]) -> None:
        self.connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._token = token
        self._receive = receive
        self._buffer = b""
        self._is_upgraded = False
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none, but works like one
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_upgraded:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self._is_upgraded, self._buffer = True, rest
        for opcode, payload in self._frames():
            self._handle(opcode, payload)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.connected.done():
            self.connected.set_exception(error or ConnectionResetError())

    def close(self) -> None:
        self._transport.close()

    def _frames(self) -> Iterator[tuple[int, bytes]]:
        """Take whole frames off the buffer; a server sends them unmasked, and these servers in one piece each."""
        buffer, start = self._buffer, 0
        while len(buffer) >= start + 2:
            first, length = buffer[start], buffer[start + 1]
            body = start + 2
            if length == _LENGTH_16:
                body += 2
            elif length == _LENGTH_64:
                body += 8
            if len(buffer) < body:
                break
            if length >= _LENGTH_16:
                length = int.from_bytes(buffer[start + 2 : body], "big")
            if len(buffer) < body + length:
                break
            payload, start = buffer[body : body + length], body + length
            yield first & 0xF, self._inflate.decompress(payload + _TAIL) if first & _COMPRESSED else payload
        self._buffer = buffer[start:]

    def _handle(self, opcode: int, payload: bytes) -> None:
        if opcode == _PING:
            self._send(_PONG, payload)
        elif opcode == _CLOSE:
            self._transport.close()
        elif payload.startswith(b"42"):
            self._receive(payload[2:])
        elif payload.startswith(b"40"):
            self.connected.set_result(None)
        elif payload.startswith(b"0"):
            self._send(_TEXT, b"40" + msgspec.json.encode({"token": self._token}))
        elif payload == b"2":
            self._send(_TEXT, b"3")

    def _send(self, opcode: int, payload: bytes) -> None:
        """Send a frame; a client has to mask, and a mask of zeros changes nothing."""
        length = (
            struct.pack("!B", 0x80 | len(payload))
            if len(payload) < _LENGTH_16
            else struct.pack("!BH", 0x80 | _LENGTH_16, len(payload))
        )
        self._transport.write(bytes([0x80 | opcode]) + length + bytes(4) + payload)


async def connect(port: int, token: str, receive: Callable[[bytes], None]) -> Socket:
    """Return a socket that has been let in; `receive` gets `["event", {...}]`."""
    _, socket = await asyncio.get_running_loop().create_connection(lambda: Socket(token, receive), "127.0.0.1", port)
    async with asyncio.timeout(CONNECT_SECONDS):
        await socket.connected
    return socket
