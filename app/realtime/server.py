"""The Socket.IO server: who may connect, and which rooms they may enter."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from socketio.exceptions import ConnectionRefusedError as Refused
from sqlalchemy.ext.asyncio import AsyncEngine

from app import tasks
from app.accounts import store as users
from app.accounts.models import User
from app.accounts.service import Accounts
from app.errors import AppError, Forbidden
from app.jobs import events
from app.jobs.service import Jobs
from app.outages import is_unavailable
from app.realtime.feed import Feed
from app.realtime.protocol import Json, Server, StrictPacket

MAX_MESSAGE_BYTES: Final = 16_384  # what clients send is a token or an id
MAX_UNFETCHED_PACKETS: Final = 1000  # by one who polls
PATROL_SECONDS: Final = 1.0

Answer = dict[str, Any]
Handle = Callable[[str, User, UUID], Awaitable[Answer]]


class Session(msgspec.Struct, frozen=True):
    user: User
    expires_at: datetime


class Sockets:
    """The sockets of one API process."""

    def __init__(self, engine: AsyncEngine, accounts: Accounts, jobs: Jobs, redis: Any, frontend_url: str) -> None:
        self.server = Server(
            async_mode="asgi",
            async_handlers=False,  # one event of a client at a time: it waits for itself, not everyone for it
            cors_allowed_origins=[frontend_url],
            max_http_buffer_size=MAX_MESSAGE_BYTES,
            json=Json,
            serializer=StrictPacket,
            logger=logging.getLogger("socketio"),
            engineio_logger=logging.getLogger("engineio"),
        )
        self.feed = Feed(engine, redis, self._send)
        self._engine = engine
        self._accounts = accounts
        self._jobs = jobs
        self._sessions: dict[str, Session] = {}
        self.server.on("connect", self._connect)
        self.server.on("disconnect", self._disconnect)
        self._answer("join:user", "userId", self._join_user)
        self._answer("job:subscribe", "jobId", self._subscribe)
        self._answer("job:unsubscribe", "jobId", self._unsubscribe)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Feed the sockets, and patrol them, as long as the context lasts."""
        patrols = [tasks.repeat(patrol, PATROL_SECONDS) for patrol in (self._patrol, self._drop_hoarders)]
        loops = [*self.feed.loops(), *patrols]
        running = [asyncio.create_task(loop) for loop in loops]
        try:
            yield
        finally:
            await tasks.end(running)

    async def _send(self, event: events.Event) -> None:
        await self.server.emit(event.name, event.payload, room=event.rooms)

    async def _connect(self, sid: str, _: dict[str, Any], auth: object = None) -> None:
        token = auth.get("token") if isinstance(auth, dict) else None
        if not isinstance(token, str):
            raise Refused("unauthorized")
        try:
            user, claims = await self._accounts.authenticate(token)
        except AppError as error:
            raise Refused(error.code) from error
        except Exception as error:
            if not is_unavailable(error):
                raise
            raise Refused("unavailable") from error
        self._sessions[sid] = Session(user, claims.expires_at)
        await self.server.enter_room(sid, events.user_room(user.id))
        if user.is_admin:
            await self.server.enter_room(sid, events.ADMINS_ROOM)

    async def _disconnect(self, sid: str, _reason: str) -> None:
        self._sessions.pop(sid, None)

    def _answer(self, event: str, id_name: str, handle: Handle) -> None:
        """Let `handle` answer an event that carries one id; what is refused is told in the ack."""

        async def answer(sid: str, data: object = None, *_: object) -> Answer:
            session, target = self._sessions.get(sid), _uuid_in(data, id_name)
            if session is None or target is None:
                return _refusal("unauthorized" if session is None else "invalid")
            try:
                return await handle(sid, session.user, target)
            except AppError as error:
                return _refusal(error.code)
            except Exception as error:
                if not is_unavailable(error):
                    raise
                return _refusal("unavailable")

        self.server.on(event, answer)

    async def _join_user(self, sid: str, user: User, user_id: UUID) -> Answer:
        """Enter a user's room: one's own, or any as an admin; the ack tells of the jobs that room has in motion."""
        if user_id != user.id and not user.is_admin:
            raise Forbidden
        payloads = await self.feed.newest(await self._jobs.in_motion_of(user_id))
        await self.server.enter_room(sid, events.user_room(user_id))
        return {"ok": True, "jobs": payloads}

    async def _subscribe(self, sid: str, user: User, job_id: UUID) -> Answer:
        """Enter a job's room; the ack has the job as it is, and only newer events follow."""
        [payload] = await self.feed.newest([await self._jobs.get(user, job_id)])
        await self.server.enter_room(sid, events.job_room(job_id))
        return {"ok": True, "job": payload}

    async def _unsubscribe(self, sid: str, _: User, job_id: UUID) -> Answer:
        await self.server.leave_room(sid, events.job_room(job_id))
        return {"ok": True}

    async def _patrol(self) -> None:
        """Close each socket whose token has expired, or whose user's rights are not what they were at its connect."""
        for sid in await self._unwelcome():
            await self.server.disconnect(sid)

    async def _drop_hoarders(self) -> None:
        """Close each socket that is polled too seldom; those of websockets never wait here, but in their `Outbox`."""
        await self.server.eio.drop_hoarders(MAX_UNFETCHED_PACKETS)

    async def _unwelcome(self) -> list[str]:
        sessions = dict(self._sessions)
        if not sessions:
            return []
        async with self._engine.connect() as connection:
            now_known = await users.find_many(connection, {session.user.id for session in sessions.values()})
        now = datetime.now(UTC)
        return [
            sid
            for sid, session in sessions.items()
            if session.expires_at <= now or now_known.get(session.user.id) != session.user
        ]


def _uuid_in(data: object, name: str) -> UUID | None:
    """Read an id given as such or as `{name: id}`."""
    value = data.get(name) if isinstance(data, dict) else data
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _refusal(error: str) -> Answer:
    return {"ok": False, "error": error}
