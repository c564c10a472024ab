"""Socket.IO as python-socketio has it, except where that trusts clients too far or keeps too much of them.

Some of the methods overridden here are no part of the libraries' API; tests/unit/test_socket_protocol.py says which of
them an update has changed.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import engineio
import msgspec
import socketio
from socketio.packet import BINARY_EVENT, EVENT, Packet

from app.realtime.strangers import Strangers

MAX_ATTACHMENTS: Final = 10  # as in the JavaScript parser; no event of ours has one
RESERVED_EVENTS: Final = ("connect", "disconnect")
NAMESPACE: Final = "/"


class Json:
    """The JSON module that python-socketio wants, made of msgspec: payloads are structs, encoded once for all."""

    @staticmethod
    def dumps(value: object, **_: Any) -> str:
        return msgspec.json.encode(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_: Any) -> Any:
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ValueError(str(error)) from error  # what the library expects of a JSON module


class StrictPacket(Packet):  # type: ignore[misc]
    """Refuses what a client must not send, and python-socketio would take.

    It collects as many attachments as were announced, which may be ten thousand million, and calls the handler of
    "connect" or "disconnect" for an event of that name (python-socketio 5.18, `AsyncServer._handle_eio_message`).
    """

    def decode(self, encoded_packet: str) -> int:
        attachments = int(super().decode(encoded_packet))
        if attachments > MAX_ATTACHMENTS:
            raise ValueError("too many attachments")
        if self.packet_type in {EVENT, BINARY_EVENT} and self.data and self.data[0] in RESERVED_EVENTS:
            raise ValueError("a reserved event")
        return attachments


class Engine(engineio.AsyncServer):  # type: ignore[misc]
    """The connections below Socket.IO; each has an id of its own, and is a stranger until a client logs in on it."""

    def __init__(self, *, strangers: Strangers, **options: Any) -> None:
        super().__init__(**options)
        self.strangers = strangers

    async def disconnect(self, sid: str | None = None) -> None:
        """Close a connection, or all, without waiting until the client has fetched what is left for it.

        python-engineio waits for that, for ever, and leaves it to the client to close its websocket.
        """
        for socket in [self.sockets.pop(sid, None)] if sid else list(self.sockets.values()):
            if socket is not None:
                await socket.close(wait=False, reason=self.reason.SERVER_DISCONNECT)
                socket.queue.put_nowait(None)  # which ends the writer, and it closes the websocket

    def is_open(self, sid: str) -> bool:
        socket = self.sockets.get(sid)
        return socket is not None and not socket.closed

    async def drop_hoarders(self, max_packets: int) -> None:
        """Close each connection that has more than `max_packets` waiting for it."""
        for socket in list(self.sockets.values()):
            if socket.queue.qsize() > max_packets:
                await self.disconnect(socket.sid)

    async def drop_strangers(self) -> None:
        """Close each connection on which nobody has logged in in time."""
        for sid in self.strangers.overdue():
            await self.disconnect(sid)

    async def _handle_connect(self, environ: dict[str, Any], *arguments: Any) -> Any:
        """Refuse a handshake before anything is kept of it."""
        self.strangers.check(_address_in(environ))
        return await super()._handle_connect(environ, *arguments)


class Server(socketio.AsyncServer):  # type: ignore[misc]
    """Calls `welcome` with the id of each client that has logged in."""

    def __init__(self, *, welcome: Callable[[str], Awaitable[None]], **options: Any) -> None:
        super().__init__(**options)
        self._welcome = welcome

    async def send_to(self, sid: str, event: str, payload: object) -> None:
        """Send an event to one client; a fifth of the work that `emit` makes of it."""
        packet = self.packet_class(EVENT, namespace=NAMESPACE, data=[event, payload])
        await self.eio.send(self.manager.eio_sid_from_sid(sid, NAMESPACE), packet.encode())

    async def close(self, sid: str) -> None:
        """Close the connection of a client that is about to be disconnected."""
        eio_sid = self.manager.eio_sid_from_sid(sid, NAMESPACE)
        if eio_sid is not None:  # which would close all
            await self.eio.disconnect(eio_sid)

    def _engineio_server_class(self) -> type[Engine]:
        return Engine

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        """Keep nothing of the request; python-socketio keeps all of it, headers included, as long as its connection."""
        self.eio.strangers.add(eio_sid, _address_in(environ))
        await super()._handle_eio_connect(eio_sid, {})

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        self.eio.strangers.remove(eio_sid)
        await super()._handle_eio_disconnect(eio_sid, reason)

    async def _handle_connect(self, eio_sid: str, namespace: str | None, data: object) -> None:
        """Welcome a client once it knows that it is connected, before anything else that it sends is looked at."""
        is_new = self.manager.sid_from_eio_sid(eio_sid, NAMESPACE) is None
        await super()._handle_connect(eio_sid, namespace, data)
        sid = self.manager.sid_from_eio_sid(eio_sid, NAMESPACE)
        if not is_new or sid is None:
            return
        if self.eio.is_open(eio_sid):
            self.eio.strangers.remove(eio_sid)
            await self._welcome(sid)
        else:  # it was closed while its token was looked at, when python-socketio had nobody to disconnect yet
            await self.disconnect(sid)


def _address_in(environ: dict[str, Any]) -> str:
    address, _ = environ["asgi.scope"]["client"] or ("unknown", 0)
    return str(address)
