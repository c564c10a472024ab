"""Postgres restarted, cut off, exhausted, locked and full."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from random import Random
from signal import SIGINT, SIGKILL, SIGQUIT
from uuid import UUID

import asyncpg
import httpx

from tests.chaos import disk
from tests.chaos.scene import Scene, connected, large, moments
from tests.support.waiting import until

PROBE_SECONDS = 0.1
NOTICE_SECONDS = 10
ENDINGS = {"fast": SIGINT, "immediate": SIGQUIT, "SIGKILL": SIGKILL}


async def restarted(scene: Scene, random: Random, scale: int) -> None:
    """Stop it fast, stop it immediately, kill it; in mid-job, each time."""
    await scene.start()
    job_id = await scene.delete(large(scale))
    async with probed(scene):
        for moment, how in zip(moments(random, large(scale) * 3 // 4, 3), ENDINGS.values(), strict=True):
            await scene.jobs.reaches(job_id, moment)
            scene.servers.postgres.end(how)
            await scene.lasts(scale)
            await scene.servers.postgres.start()
            await scene.jobs.struck()
            await scene.jobs.recovers(job_id)


async def backends_terminated(scene: Scene, random: Random, scale: int) -> None:
    """Terminate every connection of every process, again and again."""
    await scene.start(workers=2)
    job_id = await scene.delete(large(scale))
    async with probed(scene):
        for moment in moments(random, large(scale) * 9 // 10, 2 + 2 * scale):
            await scene.jobs.reaches(job_id, moment)
            await terminate_all(scene)
            await scene.jobs.struck()
            await scene.jobs.recovers(job_id)


_END_OURS = "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name like 'bulkhead-%'"


async def connections_exhausted(scene: Scene, random: Random, scale: int) -> None:
    """Take every connection there is away from our processes, and hold on to them."""
    await scene.start()
    job_id = await scene.delete(20_000)
    await scene.jobs.reaches(job_id, random.randint(1, 5_000))
    async with probed(scene, must_fail=True):
        await scene.engine.dispose()
        taken = await _take_all_connections(scene)
        while await taken[0].fetchval(_END_OURS):  # and be faster than they are
            taken += await _take_all_connections(scene)
        await scene.lasts(2 + scale)
        for connection in taken:
            await connection.close()
    await scene.jobs.struck()
    await scene.jobs.recovers(job_id)


async def _take_all_connections(scene: Scene) -> list[asyncpg.Connection]:
    taken: list[asyncpg.Connection] = []
    with contextlib.suppress(asyncpg.TooManyConnectionsError):
        while True:
            taken.append(await connected(scene))
    return taken


async def tickets_locked(scene: Scene, random: Random, scale: int) -> None:
    """Hold a lock on the tickets, as a careless migration does, for longer than anyone waits for one."""
    await scene.start()
    job_id = await scene.delete(10_000)
    await scene.jobs.reaches(job_id, random.randint(1, 5_000))
    intruder = await connected(scene)
    async with probed(scene, must_fail=True):
        async with intruder.transaction():
            await intruder.execute("lock table tickets in access exclusive mode")
            await scene.jobs.struck()
            await scene.lasts(max(6, 2 * scale))
        await intruder.close()
        await scene.jobs.recovers(job_id)


async def disk_full(scene: Scene, random: Random, scale: int) -> None:
    """Fill the disk of the data folder in mid-job; when there is room again, all goes on.

    Redis refuses to write then, so lanes that asked it for their turns would be gone before Postgres meets the end.
    """
    await scene.start(workers=0)
    worker = scene.start_worker(LANE_SLICE_SECONDS="60")
    job_id = await scene.delete(40_000)
    await scene.jobs.reaches(job_id, random.randint(1, 2_000))
    async with probed(scene):
        ballast = disk.fill(scene.local_dir)
        try:
            await until(lambda: "lane_interrupted" in scene.system.log(worker), seconds=NOTICE_SECONDS)
        except TimeoutError:
            scene.record.broken.append("nobody noticed that the disk was full")
        await scene.lasts(scale)
        ballast.unlink()
        await scene.servers.postgres.revive()
        await scene.servers.redis.revive()
        await scene.jobs.struck()
        await scene.jobs.recovers(job_id)


@contextlib.asynccontextmanager
async def probed(scene: Scene, *, must_fail: bool = False) -> AsyncIterator[None]:
    """Ask the API for tickets all the while: it has to answer in time, with 200 or 503, and with 200 in the end."""
    seen: set[int] = set()

    async def probe() -> None:
        while True:
            answer = await scene.admin.ask("GET", "/api/tickets", params={"limit": 1})
            if answer is None:
                scene.record.broken.append("the API did not answer")
            else:
                seen.add(answer.status_code)
            await asyncio.sleep(PROBE_SECONDS)

    probing = asyncio.create_task(probe())
    try:
        yield
    finally:
        probing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await probing
    if must_fail and httpx.codes.SERVICE_UNAVAILABLE not in seen:
        scene.record.broken.append("the API noticed nothing")
    if not seen <= {httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE}:
        scene.record.broken.append(f"the API answered {seen}")
    await scene.admin.insist("/api/jobs/preview", {"type": "bulk-delete", "payload": {"ticketIds": [str(UUID(int=0))]}})


async def terminate_all(scene: Scene, connection: asyncpg.Connection | None = None) -> None:
    own = connection or await connected(scene)
    await own.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> $1",
        own.get_server_pid(),
    )
    if connection is None:
        await own.close()
