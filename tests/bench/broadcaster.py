"""A server that does nothing but send one text to all its WebSockets, ten times a second; it is asked for its port."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

from app.jobs.events import Payload
from app.jobs.status import Status
from tests.bench import programs

INTERVAL_SECONDS = 0.1

_PAYLOAD = Payload(
    *(uuid4(), None, "bulk-delete", Status.RUNNING, 50, 5000, 2500, 2500, 0, 2500, 250, datetime.now(UTC), 100.0, 25.0)
)


async def main() -> None:
    listening: set[ServerConnection] = set()

    async def handle(connection: ServerConnection) -> None:
        """Let a client in as Socket.IO does, whoever it says it is."""
        await connection.send("0{}")
        await connection.recv()
        await connection.send("40{}")
        listening.add(connection)
        await connection.wait_closed()
        listening.discard(connection)

    async with serve(handle, "127.0.0.1", 0) as server:
        broadcasting = asyncio.create_task(_broadcast(listening))
        async for _ in programs.questions():
            programs.answer(server.sockets[0].getsockname()[1])
        broadcasting.cancel()


async def _broadcast(listening: set[ServerConnection]) -> None:
    while True:
        await asyncio.sleep(INTERVAL_SECONDS)
        payload = msgspec.structs.replace(_PAYLOAD, at=datetime.now(UTC))
        broadcast(listening, "42" + msgspec.json.encode(["jobs:progress", payload]).decode())


if __name__ == "__main__":
    uvloop.run(main())
