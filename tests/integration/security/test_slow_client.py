"""A client that does not read its socket, against the API as a process of its own, whose memory can be looked at."""

import json
import socket
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
import pytest
from arq.connections import ArqRedis
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from app.jobs.events import CHANNEL, Event, Payload
from app.jobs.status import Status
from app.realtime.server import MAX_MESSAGE_BYTES
from tests.support.people import People
from tests.support.raw_sockets import log_in, open_raw, read_to_the_end
from tests.support.system import System, resident_bytes
from tests.support.waiting import until
from tests.support.watcher import Watcher, connecting

EVENTS = 3_000
EVENT_BYTES = 10_000
BATCH = 100
MAX_GROWTH_BYTES = 15_000_000


async def slow_client(system: System, token: str) -> ClientConnection:
    """Connect as an admin; what is not received stays in buffers that are as small as can be."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", system.port))
    sock.setblocking(False)
    client = await open_raw(system.url, sock=sock, compression=None, max_queue=1)
    await log_in(client, token)
    return client


def event(job_id: UUID, owner_id: UUID, seq: int) -> bytes:
    """Tell of a job with a rather long type."""
    payload = Payload(
        job_id=job_id,
        parent_job_id=None,
        type="x" * EVENT_BYTES,
        status=Status.PAUSED,
        progress=0,
        total=1,
        processed=0,
        succeeded=0,
        failed=0,
        unprocessed=1,
        seq=seq,
        at=datetime.now(UTC),
        rate_per_second=None,
        eta_seconds=None,
    )
    return msgspec.msgpack.encode(Event("jobs:paused", owner_id, payload))


async def publish(redis: ArqRedis, owner_id: UUID, watcher: Watcher) -> None:
    """Publish more than any buffer takes, as fast as one who reads can follow."""
    job_id = uuid4()
    for first in range(0, EVENTS, BATCH):
        for seq in range(first, first + BATCH):
            await redis.publish(CHANNEL, event(job_id, owner_id, seq + 1))
        await until(lambda: len(watcher.received) == first + BATCH)  # noqa: B023 - awaited in the loop
    assert [payload["seq"] for _, payload in watcher.received] == list(range(1, EVENTS + 1))


async def test_a_client_that_does_not_read_is_dropped_and_may_come_back(
    system: System, admin_token: str, people: People, redis: ArqRedis
) -> None:
    api = await system.start_api()
    async with connecting(system.url, {"token": admin_token}) as watcher:
        slow = await slow_client(system, admin_token)
        before = resident_bytes(api.pid)
        await publish(redis, people.admin.id, watcher)
        assert resident_bytes(api.pid) - before < MAX_GROWTH_BYTES
        assert "socket_dropped" in system.log(api)
        await read_to_the_end(slow)
        back = await slow_client(system, admin_token)
        name, payload = json.loads(str(await back.recv()).removeprefix("42"))
        assert (name, payload["seq"]) == ("jobs:paused", EVENTS)  # where all stands that it did not read
        await back.send(f'421["join:user","{people.admin.id}"]')
        assert json.loads(str(await back.recv()).removeprefix("431"))[0]["ok"] is True
        await back.close()


async def test_what_is_announced_as_too_long_is_not_even_read(system: System) -> None:
    await system.start_api()
    async with await open_raw(system.url) as raw:
        await raw.send("4" + "x" * MAX_MESSAGE_BYTES)
        with pytest.raises(ConnectionClosed, match="1009"):
            await raw.recv()
