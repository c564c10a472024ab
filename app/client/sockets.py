"""One connection over Socket.IO, from its first word to its last."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

import aiohttp
import socketio
from socketio.exceptions import SocketIOError

from . import models
from .errors import BulkheadError
from .models import Update
from .transport import Transport

CONNECT_SECONDS: Final = 10

Heard = asyncio.Queue[Update | None]  # None: there will be no more


class Lost(Exception):
    """There is no connection, or none any more."""


async def hear(transport: Transport, job_ids: Collection[UUID]) -> AsyncGenerator[Update, None]:
    """Yield where jobs stand, and what becomes of them; raise `Lost` when there is nothing more to come."""
    heard: Heard = asyncio.Queue()
    async with _connected(transport, heard) as client:
        for job_id in list(job_ids):
            await client.emit("job:subscribe", {"jobId": str(job_id)}, callback=lambda ack: _note_ack(heard, ack))
        while (update := await heard.get()) is not None:
            transport.seen.doubt()  # what is read after it is not to be older
            yield update
    raise Lost


@asynccontextmanager
async def _connected(transport: Transport, heard: Heard) -> AsyncIterator[Any]:
    async with aiohttp.ClientSession() as session:
        # The library would answer Ctrl-C by canceling all tasks there are, and reconnects without a fresh token.
        client = socketio.AsyncClient(reconnection=False, handle_sigint=False, http_session=session)
        refusals: list[Any] = []
        client.on("connect_error", refusals.append)
        client.on("*", lambda name, payload: _note_event(heard, name, payload))
        token = await transport.token()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await client.connect(transport.url, auth={"token": token}, transports=["websocket"], wait_timeout=60)
            # No handler of "disconnect": it is not called for a connection that breaks while it is made.
            ended = asyncio.ensure_future(client.eio.wait())
            ended.add_done_callback(lambda _: heard.put_nowait(None))
            yield client
        except (SocketIOError, aiohttp.ClientError, OSError) as error:
            if any("unauthorized" in str(refusal) for refusal in refusals):
                await transport.token(refused=token)
            raise Lost from error
        finally:
            await client.shutdown()


def _note_event(heard: Heard, name: str, payload: object) -> None:
    if name.startswith("jobs:"):
        _note(heard, payload)


def _note_ack(heard: Heard, ack: Any) -> None:
    if isinstance(ack, dict) and ack.get("ok"):
        _note(heard, ack.get("job"))
    else:  # reading the job will tell why
        heard.put_nowait(None)


def _note(heard: Heard, payload: object) -> None:
    try:
        heard.put_nowait(models.read_payload(payload))
    except BulkheadError:
        heard.put_nowait(None)
