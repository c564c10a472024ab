"""What waits until a client reads its websocket, and how much of it is kept."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog

MAX_UNREAD_BYTES: Final = 1024 * 1024  # some 2,500 events
FLUSH_SECONDS: Final = 5.0
PACKET_TYPES: Final = frozenset("0123456")

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

log = structlog.get_logger(__name__)


class SendQueues:
    """Puts a `SendQueue` between the application and each websocket.

    Without one, what a client does not read would grow without end: python-engineio queues it for as long as the client
    stays connected, because its writer waits for uvicorn, which waits for the client (python-engineio 4.15,
    `AsyncSocket`).
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        queue = SendQueue(receive, send)
        sending = asyncio.create_task(queue.run())
        try:
            await self._app(scope, queue.receive, queue.send)
            await queue.flush()
        finally:
            sending.cancel()
            await asyncio.wait([sending])


class SendQueue:
    """Takes messages without making their sender wait, and drops the client when too many of them wait for it."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._unread: asyncio.Queue[Message] = asyncio.Queue()
        self._unread_bytes = 0
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def send(self, message: Message) -> None:
        """Queue a message; raise `OSError` if the client is gone, as ASGI demands."""
        if not self._gone.done() and self._unread_bytes + _size(message) > MAX_UNREAD_BYTES:
            log.warning("socket_dropped", unread_bytes=self._unread_bytes)
            self._give_up()
        if self._gone.done():
            raise OSError("the client is gone")
        self._unread_bytes += _size(message)
        self._unread.put_nowait(message)

    async def receive(self) -> Message:
        """Return what the client sends next; if that is no Engine.IO packet, say instead that the client has gone.

        python-engineio parses a packet outside its try block: a malformed one would end the task that reads the
        websocket, and leave the socket behind (python-engineio 4.15, `AsyncSocket._websocket_handler`).
        """
        receiving: asyncio.Future[Message] = asyncio.ensure_future(self._receive())
        try:
            await asyncio.wait((receiving, self._gone), return_when=asyncio.FIRST_COMPLETED)
            is_welcome = not self._gone.done() and _is_packet(receiving.result())
            return receiving.result() if is_welcome else {"type": "websocket.disconnect", "code": 1008}
        finally:
            receiving.cancel()

    async def run(self) -> None:
        """Pass on what waits, as fast as the client reads it."""
        try:
            with contextlib.suppress(OSError):
                while True:
                    message = await self._unread.get()
                    await self._send(message)
                    self._unread_bytes -= _size(message)
                    self._unread.task_done()
        finally:
            self._give_up()

    async def flush(self) -> None:
        """Wait until the client has read what was sent last, for example why it was refused."""
        flushing = asyncio.ensure_future(self._unread.join())
        await asyncio.wait((flushing, self._gone), timeout=FLUSH_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        flushing.cancel()

    def _give_up(self) -> None:
        if not self._gone.done():
            self._gone.set_result(None)


def _size(message: Message) -> int:
    return len(message.get("bytes") or b"") + len((message.get("text") or "").encode())


def _is_packet(message: Message) -> bool:
    """Tell whether this begins with the type of a packet, as a packet of Engine.IO does unless it is binary."""
    text = message.get("text")
    return text is None or text[:1] in PACKET_TYPES
