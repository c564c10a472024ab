"""A Socket.IO client that keeps coming back, and writes down all it is told."""

import asyncio
from typing import Any, NamedTuple
from uuid import UUID

import aiohttp

from tests.support.watcher import new_client

RECONNECT_SECONDS = 0.2


class Line(NamedTuple):
    """What was told: by an event, or by the ack that a client catches up with."""

    connection: int
    is_event: bool
    name: str
    payload: dict[str, Any]


class Viewer:
    """An admin's client, so it is told of all jobs."""

    def __init__(self, url: str, user_id: UUID, token: str) -> None:
        self._url = url
        self._user_id = user_id
        self._token = token
        self.connections = 0
        self.lines: list[Line] = []
        self.newest: dict[UUID, str] = {}  # the status that a job was said to have

    async def open(self) -> None:
        self._session = aiohttp.ClientSession()
        self.client = new_client(
            self._session,
            reconnection_delay=RECONNECT_SECONDS,
            reconnection_delay_max=RECONNECT_SECONDS,
            randomization_factor=0,
        )
        self.client.on("connect", self._connected)
        self.client.on("*", self._told)
        await self.client.connect(self._url, auth={"token": self._token}, transports=["websocket"], retry=True)

    async def close(self) -> None:
        await self.client.shutdown()
        await self._session.close()

    async def _connected(self) -> None:
        self.connections += 1
        await self._join(self.connections)

    async def _join(self, connection: int) -> None:
        def answered(ack: dict[str, Any]) -> None:  # called in the order of what came in, as `_told` is
            if ack["ok"]:
                for payload in ack["jobs"]:
                    self._note(Line(connection, False, "ack", payload))
            else:
                self._rejoining = asyncio.create_task(self._join_again(connection))

        await self.client.emit("join:user", str(self._user_id), callback=answered)

    async def _join_again(self, connection: int) -> None:
        await asyncio.sleep(RECONNECT_SECONDS)
        if connection == self.connections and self.client.connected:
            await self._join(connection)

    async def _told(self, name: str, payload: dict[str, Any]) -> None:
        if name.startswith("jobs:"):
            self._note(Line(self.connections, True, name, payload))

    def _note(self, line: Line) -> None:
        self.lines.append(line)
        self.newest[UUID(line.payload["jobId"])] = line.payload["status"]
