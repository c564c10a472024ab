"""The Socket.IO server: who may connect, and for how long. What there is to be told, and to whom, topics know."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import socketio
from litestar.types import ASGIApp
from socketio.exceptions import ConnectionRefusedError as Refused

from app import tasks
from app.accounts.models import User
from app.accounts.service import Accounts
from app.accounts.tokens import Claims
from app.errors import AppError
from app.metrics import SOCKET_EVENTS, SOCKETS
from app.outages import is_unavailable
from app.realtime import origins
from app.realtime.gate import Gate
from app.realtime.protocol import NAMESPACE, Json, Server, StrictPacket
from app.realtime.send_queue import SendQueues
from app.realtime.strangers import Strangers
from app.realtime.topic import Answer, Handle, Topic, refusal

MAX_MESSAGE_BYTES: Final = 16_384  # what clients send is a token or an id
MAX_UNFETCHED_PACKETS: Final = 1000  # by one who polls
PATROL_SECONDS: Final = 1.0


class SocketClient:
    """A `Client` of this server."""

    def __init__(self, server: Server, sid: str, user: User, claims: Claims) -> None:
        self._server = server
        self._sid = sid
        self.user = user
        self.claims = claims

    @property
    def is_connected(self) -> bool:
        return bool(self._server.manager.is_connected(self._sid, NAMESPACE))

    async def enter(self, room: str) -> None:
        await self._server.enter_room(self._sid, room)

    async def leave(self, room: str) -> None:
        await self._server.leave_room(self._sid, room)

    async def send(self, event: str, payload: object) -> None:
        await self._server.send_to(self._sid, event, payload)
        SOCKET_EVENTS.labels(event).inc()


class Sockets:
    """The sockets of one API process."""

    def __init__(self, accounts: Accounts, frontend_url: str | None, strangers: Strangers | None = None) -> None:
        self._server = Server(
            async_mode="asgi",
            async_handlers=False,  # one event of a client at a time: it waits for itself, not everyone for it
            cors_allowed_origins=origins.allowing(frontend_url),
            max_http_buffer_size=MAX_MESSAGE_BYTES,
            json=Json,
            serializer=StrictPacket,
            logger=logging.getLogger("socketio"),
            engineio_logger=logging.getLogger("engineio"),
            strangers=strangers or Strangers(),
            welcome=self._welcome,
        )
        self._accounts = accounts
        self._topics: list[Topic] = []
        self._clients: dict[str, SocketClient] = {}
        self._server.on("connect", self._connect)
        self._server.on("disconnect", self._disconnect)
        self._server.on("*", _answer_unknown)

    def add(self, topic: Topic) -> None:
        """Let clients have a topic; to be called before any connects."""
        self._topics.append(topic)
        for event, handle in topic.answers.items():
            self._server.on(event, self._answering(handle))

    async def emit(self, event: str, payload: object, rooms: Sequence[str]) -> None:
        """Send an event to all who are in one of these rooms."""
        await self._server.emit(event, payload, rooms)
        SOCKET_EVENTS.labels(event).inc()

    def beside(self, api: ASGIApp) -> ASGIApp:
        """Return an application that serves the sockets at /socket.io, and `api` everywhere else."""
        return Gate(SendQueues(socketio.ASGIApp(self._server, api)))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Feed the sockets, and patrol them, as long as the context lasts."""
        patrols = (self._drop_unwelcome, self._drop_hoarders, self._server.eio.drop_strangers)
        loops = [loop for topic in self._topics for loop in topic.loops()]
        loops += [tasks.repeat(patrol, PATROL_SECONDS) for patrol in patrols]
        running = [asyncio.create_task(loop) for loop in loops]
        try:
            yield
        finally:
            await tasks.end(running)

    async def _connect(self, sid: str, _: dict[str, Any], auth: object = None) -> None:
        token = auth.get("token") if isinstance(auth, dict) else None
        if not isinstance(token, str):
            raise Refused("unauthorized")
        try:
            user, claims = await self._accounts.authenticate(token)
        except Exception as error:
            if (code := _code_of(error)) is None:
                raise
            raise Refused(code) from error
        self._clients[sid] = SocketClient(self._server, sid, user, claims)
        SOCKETS.set(len(self._clients))

    async def _welcome(self, sid: str) -> None:
        """Welcome a client, or close its connection: then it comes back by itself, and misses nothing."""
        client = self._clients[sid]
        try:
            for topic in self._topics:
                await topic.welcome(client)
        except Exception as error:
            await self._server.close(sid)
            if not is_unavailable(error):
                raise

    async def _disconnect(self, sid: str, _reason: str) -> None:
        """Close the connection too: whoever left it open would be a stranger that nobody watches."""
        self._clients.pop(sid, None)
        SOCKETS.set(len(self._clients))
        await self._server.close(sid)

    def _answering(self, handle: Handle) -> Any:
        """Make a handler of the library's kind, which tells in the ack what was refused."""

        async def answer(sid: str, data: object = None, *_: object) -> Answer:
            client = self._clients.get(sid)
            if client is None:
                return refusal("unauthorized")
            try:
                return await handle(client, data)
            except Exception as error:
                if (code := _code_of(error)) is None:
                    raise
                return refusal(code)

        return answer

    async def _drop_unwelcome(self) -> None:
        """Close each socket whose token or session has ended, or whose user's rights are not what they were."""
        for sid in await self._unwelcome():
            await self._server.disconnect(sid)

    async def _drop_hoarders(self) -> None:
        """Close each socket that is polled too seldom; what waits for a websocket is in its `SendQueue`."""
        await self._server.eio.drop_hoarders(MAX_UNFETCHED_PACKETS)

    async def _unwelcome(self) -> list[str]:
        clients = dict(self._clients)
        let_in = await self._accounts.find_all({client.claims for client in clients.values()})
        now = datetime.now(UTC)
        return [
            sid
            for sid, client in clients.items()
            if client.claims.expires_at <= now or not _has_kept_rights(client.user, let_in.get(client.claims))
        ]


def _has_kept_rights(before: User, now: User | None) -> bool:
    return now is not None and now.rights == before.rights


async def _answer_unknown(*_: object) -> Answer:
    return refusal("unknown_event")


def _code_of(error: Exception) -> str | None:
    """Return what a client is told of an error; None if it is a fault of ours."""
    if isinstance(error, AppError):
        return error.code
    return "unavailable" if is_unavailable(error) else None
