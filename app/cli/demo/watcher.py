"""One who watches jobs over Socket.IO, as a browser would."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import socketio

from app.cli.errors import CliError

ANSWER_SECONDS = 10
QUIET_SECONDS = 60  # there is one event a tick while anything moves
TERMINAL = {"jobs:completed", "jobs:failed", "jobs:canceled"}

Payload = dict[str, Any]


class Event(NamedTuple):
    name: str
    payload: Payload

    @property
    def is_terminal(self) -> bool:
        return self.name in TERMINAL


class Watcher:
    """Keeps every event, in the order of arrival."""

    def __init__(self, client: Any) -> None:
        self.events: list[Event] = []
        self._arrived = asyncio.Condition()
        client.on("*", self._receive)

    async def follow(self, job_id: str) -> AsyncIterator[Event]:
        """Yield a job's events from its first to its terminal one; `CliError` when they stop before."""
        seen = 0
        while True:
            await self._wait_for_more_than(seen)
            news, seen = self.events[seen:], len(self.events)
            for event in news:
                if event.payload["jobId"] == job_id:
                    yield event
                    if event.is_terminal:
                        return

    def of(self, job_id: str) -> list[Event]:
        return [event for event in self.events if event.payload["jobId"] == job_id]

    async def _wait_for_more_than(self, count: int) -> None:
        try:
            async with asyncio.timeout(QUIET_SECONDS), self._arrived:
                await self._arrived.wait_for(lambda: len(self.events) > count)
        except TimeoutError as error:
            raise CliError(f"no event for {QUIET_SECONDS} seconds, and the job had not ended") from error

    async def _receive(self, name: str, payload: Payload) -> None:
        async with self._arrived:
            self.events.append(Event(name, payload))
            self._arrived.notify_all()


@asynccontextmanager
async def watching(url: str, token: str, user_id: str) -> AsyncIterator[Watcher]:
    """A watcher in a user's room."""
    client = socketio.AsyncClient(reconnection=False, handle_sigint=False)  # Ctrl-C is for interrupts.run
    watcher = Watcher(client)
    try:
        await client.connect(url, auth={"token": token}, transports=["websocket"], wait_timeout=ANSWER_SECONDS)
        ack = await client.call("join:user", {"userId": user_id}, timeout=ANSWER_SECONDS)
        if not ack["ok"]:
            raise CliError(f"the socket was refused its user's room: {ack['error']}")
        yield watcher
    except socketio.exceptions.SocketIOError as error:
        raise CliError(f"the socket failed: {error}") from error
    finally:
        await client.disconnect()
