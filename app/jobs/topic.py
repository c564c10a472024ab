"""What sockets tell of jobs, and to whom."""

from collections.abc import Callable, Coroutine, Mapping
from uuid import UUID

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from app.errors import Forbidden
from app.jobs import events
from app.jobs.feed import Feed
from app.jobs.service import Jobs
from app.realtime.topic import Answer, Client, Emit, Handle, with_id


class JobTopic:
    def __init__(
        self, engine: AsyncEngine, redis: Redis, jobs: Jobs, emit: Emit, tickets_changed: Callable[[], None]
    ) -> None:
        """tickets_changed: is called whenever there is news of a job that has changed some."""
        self._jobs = jobs
        self._emit = emit
        self._tickets_changed = tickets_changed
        self._feed = Feed(engine, redis, self._send)
        self.answers: Mapping[str, Handle] = {
            "join:user": with_id("userId", self._join_user),
            "join:admin": self._join_admin,
            "job:subscribe": with_id("jobId", self._subscribe),
            "job:unsubscribe": with_id("jobId", self._unsubscribe),
        }

    def loops(self) -> list[Coroutine[None, None, None]]:
        return self._feed.loops()

    async def welcome(self, client: Client) -> None:
        """Let a client into its user's room, and an admin into the admins', and tell it how those rooms' jobs stand."""
        async with self._feed.standing_still() as news:
            await client.enter(events.user_room(client.user.id))
            if client.user.is_admin:
                await client.enter(events.ADMINS_ROOM)
            for event in news.latest(None if client.user.is_admin else client.user.id):
                await client.send(event.name, event.payload)

    async def _send(self, event: events.Event) -> None:
        await self._emit(event.name, event.payload, event.rooms)
        if event.payload.succeeded:
            self._tickets_changed()

    async def _join_user(self, client: Client, user_id: UUID) -> Answer:
        """Enter a user's room: one's own, or any as an admin; the ack tells of the jobs that room has in motion."""
        if user_id != client.user.id and not client.user.is_admin:
            raise Forbidden
        payloads = await self._feed.newest(await self._jobs.in_motion_of(user_id))
        await client.enter(events.user_room(user_id))
        return {"ok": True, "jobs": payloads}

    async def _join_admin(self, client: Client, _: object) -> Answer:
        """Tell an admin how the latest jobs stand: the admins' room was entered at connect.

        Clients of the Express application ask for this, and nobody who asks should wait for an answer in vain.
        """
        if not client.user.is_admin:
            raise Forbidden
        async with self._feed.standing_still() as news:
            return {"ok": True, "jobs": [event.payload for event in news.latest()]}

    async def _subscribe(self, client: Client, job_id: UUID) -> Answer:
        """Enter a job's room; the ack has the job as it is, and what follows is as new or newer."""
        [payload] = await self._feed.newest([await self._jobs.get(client.user, job_id)])
        await client.enter(events.job_room(job_id))
        return {"ok": True, "job": payload}

    async def _unsubscribe(self, client: Client, job_id: UUID) -> Answer:
        await client.leave(events.job_room(job_id))
        return {"ok": True}
