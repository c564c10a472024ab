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


class Event(NamedTuple):
    name: str
    payload: dict[str, Any]

    @property
    def is_terminal(self) -> bool:
        return self.name in TERMINAL


class Watcher:
    def __init__(self, client: Any) -> None:
        self._arrived: asyncio.Queue[Event] = asyncio.Queue()
        client.on("*", self._hear)

    def _hear(self, name: str, payload: dict[str, Any]) -> None:
        if name.startswith("jobs:"):
            self._arrived.put_nowait(Event(name, payload))

    async def follow(self, job_id: str) -> AsyncIterator[Event]:
        """Yield a job's events from its first to its terminal one; `CliError` when they stop before."""
        while True:
            try:
                event = await asyncio.wait_for(self._arrived.get(), QUIET_SECONDS)
            except TimeoutError as error:
                raise CliError(f"no event for {QUIET_SECONDS} seconds, and the job had not ended") from error
            if event.payload["jobId"] == job_id:
                yield event
                if event.is_terminal:
                    return

    def late(self) -> list[Event]:
        """Return what has arrived since: nothing, if all is well."""
        return [self._arrived.get_nowait() for _ in range(self._arrived.qsize())]


@asynccontextmanager
async def watching(url: str, token: str, user_id: str) -> AsyncIterator[Watcher]:
    """Give a watcher in a user's room."""
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
