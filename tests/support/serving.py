"""The HTTP server in the event loop of a test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import uvicorn

from tests.support.waiting import until


class QuietServer(uvicorn.Server):
    """uvicorn as it is, but that the test keeps its own signal handlers."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: Any) -> AsyncIterator[int]:
    """Serve an ASGI application on a port of its own."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, ws="websockets-sansio", log_config=None, access_log=False)
    server = QuietServer(config)
    running = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await running
