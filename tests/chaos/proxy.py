"""A network between a worker and Postgres that can stand still."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from app import tasks

BLOCK = 65_536


class Proxy:
    """Forwards each TCP connection to Postgres' socket; frozen, it still takes what it is sent, and keeps it."""

    def __init__(self, postgres_socket: Path) -> None:
        self._postgres_socket = postgres_socket
        self._flows = asyncio.Event()
        self._flows.set()
        self._connections: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """Yield the URL of the database behind it."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            yield f"postgresql://bulkhead@127.0.0.1:{port}/bulkhead"
        finally:
            server.close()
            await tasks.end(self._connections)

    def freeze(self) -> None:
        self._flows.clear()

    def thaw(self) -> None:
        self._flows.set()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        forwarding = asyncio.create_task(self._forward(reader, writer))
        self._connections.add(forwarding)
        forwarding.add_done_callback(self._connections.discard)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_postgres, to_postgres = await asyncio.open_unix_connection(self._postgres_socket)
        try:
            await asyncio.gather(self._pump(reader, to_postgres), self._pump(from_postgres, writer))
        finally:
            to_postgres.close()
            writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while block := await reader.read(BLOCK):
                await self._flows.wait()
                writer.write(block)
                await writer.drain()
        await self._flows.wait()  # that one end has hung up is not known at the other either
        writer.close()
