"""Socket.IO as python-socketio has it, but where that trusts its clients too far."""

from typing import Any, Final

import engineio
import msgspec
import socketio
from socketio.packet import BINARY_EVENT, EVENT, Packet

MAX_ATTACHMENTS: Final = 10  # as in the JavaScript parser; no event of ours has one
RESERVED_EVENTS: Final = ("connect", "disconnect")


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
    async def disconnect(self, sid: str | None = None) -> None:
        """Close a socket without waiting, as engineio does for ever, until its client has fetched what is left."""
        for socket in [self.sockets.pop(sid, None)] if sid else list(self.sockets.values()):
            if socket is not None:
                await socket.close(wait=False, reason=self.reason.SERVER_DISCONNECT)

    async def drop_hoarders(self, max_packets: int) -> None:
        """Close each socket that has more than `max_packets` waiting for it."""
        for socket in list(self.sockets.values()):
            if socket.queue.qsize() > max_packets:
                await self.disconnect(socket.sid)


class Server(socketio.AsyncServer):  # type: ignore[misc]
    def _engineio_server_class(self) -> type[Engine]:
        return Engine
