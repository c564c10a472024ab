"""The HTTP server in the event loop of a test."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from litestar.types import ASGIApp

from app.http import connections
from tests.support.waiting import until

REQUEST_SECONDS = 30.0
MAX_CONNECTIONS = 1_000
PONG_SECONDS = 60.0  # it stands behind all that a client has sent before, thousands of messages in one test
STOP_SECONDS = 8
SOON = 0.001


class QuietServer(uvicorn.Server):
    """uvicorn as it is, but that the test keeps its own signal handlers, and that it stops when told, not at a tick.

    It looks at once whether all have hung up, where uvicorn waits for a tenth of a second first.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.told_to_stop = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.told_to_stop.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await until(lambda: not (self.server_state.connections or self.server_state.tasks), every=SOON)
        await self.lifespan.shutdown()


@contextlib.asynccontextmanager
async def serving(
    app: ASGIApp, *, request_seconds: float = REQUEST_SECONDS, max_connections: int = MAX_CONNECTIONS
) -> AsyncIterator[str]:
    """Serve an app in this event loop, on a port of its own, and yield its URL."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        http=connections.bounded(request_seconds=request_seconds, max_connections=max_connections),
        ws="websockets-sansio",
        ws_ping_timeout=PONG_SECONDS,
        log_config=None,
        access_log=False,
    )
    server = QuietServer(config)
    running = asyncio.create_task(server.serve())
    await until(lambda: server.started, every=SOON)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.told_to_stop.set()
        async with asyncio.timeout(STOP_SECONDS):
            await running
