import contextlib
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import aiohttp
import socketio
from socketio.exceptions import ConnectionError as ConnectionRefused

from tests.support import socket_contract

PATIENCE_SECONDS = 10  # the library waits one for a connection: little on a busy machine


def new_client(session: aiohttp.ClientSession, **options: Any) -> socketio.AsyncClient:
    """Return one that leaves Ctrl-C alone: the library would answer it by canceling all tasks there are."""
    return socketio.AsyncClient(http_session=session, handle_sigint=False, **options)


class Watcher:
    """A Socket.IO client and the events that it was sent."""

    def __init__(self, client: socketio.AsyncClient) -> None:
        self.client = client
        self.received: list[tuple[str, dict[str, Any]]] = []  # of jobs
        self.told: list[tuple[str, dict[str, Any]]] = []  # of tickets
        client.on("*", self._receive)

    async def _receive(self, event: str, payload: dict[str, Any]) -> None:
        (self.received if event.startswith("jobs:") else self.told).append((event, payload))

    async def ask(self, event: str, data: object) -> Any:
        ack = await self.client.call(event, data, timeout=PATIENCE_SECONDS)
        socket_contract.check_ack(event, ack)
        return ack

    def check(self) -> None:
        """Fail when the last event of a name was not as the document of the sockets says."""
        for name, payload in dict([*self.received, *self.told]).items():
            socket_contract.check_event(name, payload)

    def names_of(self, job_id: UUID) -> list[str]:
        return [name for name, payload in self.received if payload["jobId"] == str(job_id)]


@contextlib.asynccontextmanager
async def connecting(base_url: str, auth: object, headers: dict[str, str] | None = None) -> AsyncIterator[Watcher]:
    """Connect, or raise `ConnectionRefused` with the message that the server gave."""
    refusals: list[Any] = []
    async with aiohttp.ClientSession() as session:
        client = new_client(session, reconnection=False)
        client.on("connect_error", refusals.append)
        watcher = Watcher(client)
        try:
            await client.connect(
                base_url, auth=auth, headers=headers or {}, transports=["websocket"], wait_timeout=PATIENCE_SECONDS
            )
            yield watcher
            watcher.check()
        except ConnectionRefused as error:
            messages = [refusal["message"] if isinstance(refusal, dict) else refusal for refusal in refusals]
            raise ConnectionRefused(*messages) from error
        finally:
            await client.shutdown()
