import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import uvicorn
from litestar.types import ASGIApp

from tests.support.waiting import until

STOP_SECONDS = 8


class QuietServer(uvicorn.Server):
    """uvicorn that leaves the signals to the test it runs in."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an app in this event loop, on a port of its own, and yield its URL."""
    server = QuietServer(
        uvicorn.Config(
            app, host="127.0.0.1", port=0, log_config=None, access_log=False, http="httptools", ws="websockets-sansio"
        )
    )
    running = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        async with asyncio.timeout(STOP_SECONDS):
            await running
