"""A streaming replica that is read from: late, gone, and back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from random import Random
from signal import SIGKILL
from uuid import UUID, uuid4

from app.http.positions import HEADER
from tests.chaos.scene import Scene, large
from tests.support.people import add_tickets
from tests.support.replica import Replica, following
from tests.support.waiting import until

WRITERS = 8
LEAST, WRITES = 100, 1_000  # in the short form; and in the long one, at each scale
MOST_LAG_SECONDS = 1
LAG_MS = 10_000
USUAL_LAG_MS = 30  # so that whoever does not wait reads what was before


async def late_gone_and_back(scene: Scene, random: Random, scale: int) -> None:
    """Read after each write, while a replica lags by 10 s, is killed and comes back: nobody notices any of it."""
    async with following(scene.servers.database_url, fsync=True) as replica:
        await _start_beside(scene, replica)
        async with _written_and_read(scene, LEAST if scale == 1 else WRITES * scale):
            await _at_work(scene, random, scale)
            await replica.delay(LAG_MS)
            await scene.jobs.struck()
            await until(lambda: _is(scene, "left out"))
            await scene.lasts(scale)
            await replica.delay(USUAL_LAG_MS)
            await until(lambda: _is(scene, "ok"))
            job_id = await _at_work(scene, random, scale)
            replica.stop(SIGKILL)
            await scene.jobs.struck()
            await until(lambda: _is(scene, "left out"))
            await scene.jobs.recovers(job_id)
            await replica.start()
            await until(lambda: _is(scene, "ok"))


async def _start_beside(scene: Scene, replica: Replica) -> None:
    scene.system.environ |= {
        "DATABASE_READ_URL": replica.database_url,
        "DATABASE_READ_MAX_LAG_SECONDS": str(MOST_LAG_SECONDS),
    }
    await replica.delay(USUAL_LAG_MS)
    await scene.start()
    await until(lambda: _is(scene, "ok"))


async def _at_work(scene: Scene, random: Random, scale: int) -> UUID:
    """Return a job that is in the midst of it."""
    job_id = await scene.delete(large(scale) // 2)
    await scene.jobs.reaches(job_id, random.randint(1, large(scale) // 4))
    return job_id


async def _is(scene: Scene, how: str) -> bool:
    answer = await scene.admin.ask("GET", "/api/health/ready")
    return answer is not None and answer.json()["replica"] == how


@contextlib.asynccontextmanager
async def _written_and_read(scene: Scene, least: int) -> AsyncIterator[None]:
    """Have several write, and read what they have written, all the while, and so many times at least."""
    tickets = await add_tickets(scene.engine, scene.people.requester, WRITERS)
    is_over = asyncio.Event()
    writing = [asyncio.create_task(_write_and_read(scene, ticket_id, least, is_over)) for ticket_id in tickets]
    try:
        yield
    finally:
        is_over.set()
        told = await asyncio.gather(*writing)
    if sum(told) < least:
        scene.record.broken.append("hardly anybody was told how far the log was")
    if await _reads_of_the_replica(scene) < least / 10:
        scene.record.broken.append("the replica was hardly read from")


async def _write_and_read(scene: Scene, ticket_id: UUID, least: int, is_over: asyncio.Event) -> int:
    """Return how many answers to a change said how far the log was."""
    written = told = 0
    while written * WRITERS < least or not is_over.is_set():
        written += 1
        tag = f"written-{uuid4().hex}"
        answer = await scene.admin.ask("PATCH", f"/api/tickets/{ticket_id}", json={"tags": [tag]})
        seen = answer.headers.get(HEADER, "") if answer else ""
        told += bool(seen)
        found = await scene.admin.ask("GET", "/api/tickets", params={"tags": tag, "limit": 1}, headers={HEADER: seen})
        if not (answer and answer.is_success and found and found.is_success):
            scene.record.broken.append("somebody noticed that the replica was gone")
            return told
        if [ticket["id"] for ticket in found.json()["tickets"]] != [str(ticket_id)]:
            scene.record.broken.append("somebody did not read what they had written")
            return told
    return told


async def _reads_of_the_replica(scene: Scene) -> float:
    told = await scene.admin.ask("GET", "/api/metrics")
    lines = told.text.splitlines() if told else ()
    counted = (line for line in lines if line.startswith('bulkhead_reads_total{from="replica"}'))
    return sum(float(line.rpartition(" ")[2]) for line in counted)
