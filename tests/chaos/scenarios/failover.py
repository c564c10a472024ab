"""The primary killed and its standby promoted, PgBouncer restarted, and Sentinels that put another Redis first."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Sequence
from random import Random
from signal import SIGINT, SIGKILL, SIGSTOP, SIGTERM
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.engine import make_url

from app.embedded import account, binaries, layout
from app.jobs import events, queue
from app.settings import database_url
from tests.chaos.proxy import Proxy
from tests.chaos.scenarios.postgres import probed, terminate_all
from tests.chaos.scenarios.races import retitle
from tests.chaos.scene import Scene, connected, large, moments
from tests.chaos.unplayable import Unplayable
from tests.support import pgbouncer, replica, sentinels
from tests.support.replica import Replica
from tests.support.sentinels import Watched
from tests.support.waiting import until

BETWEEN_EDITS_SECONDS = 0.02
LOST_ITEMS = 1_000  # how much, at least, a standby has not heard of in the end
NOTICE_SECONDS = 20
_IN_STEP = ("alter system set synchronous_standby_names = '*'", "select pg_reload_conf()")
_IS_IN_STEP = "select count(*) from pg_stat_replication where sync_state = 'sync' and state = 'streaming'"
_SENDER = "select pid from pg_stat_replication where state = 'streaming'"
_COUNTED = """
    select succeeded + failed, (select count(*) from job_items where job_id = jobs.id) from jobs where id = :id
"""


async def synchronous(scene: Scene, random: Random, scale: int) -> None:
    """Kill a primary that waits for its standby before it answers: nothing that was answered is lost.

    People edit tickets all the while. In the end the old primary is back, as a standby, and first among the hosts.
    """
    standby = await _followed(scene)
    await _ask(scene, *_IN_STEP)
    await until(lambda: _ask(scene, _IS_IN_STEP))
    job_id = await _posted(scene, standby, scale)
    edited = await scene.add_tickets(50)
    async with probed(scene), _edits(scene, random, edited):
        await scene.jobs.reaches(job_id, random.randint(1, _items(scale) // 3))
        await _take_over(scene, standby, job_id)
        await scene.lasts(scale / 10)
        await _come_back_as_standby(scene, standby)
        await terminate_all(scene)
        await scene.jobs.struck()
        await scene.jobs.recovers(job_id)
    await scene.jobs.through(job_id)


async def asynchronous(scene: Scene, random: Random, scale: int) -> None:
    """Kill a primary whose standby has not heard the latest: that is lost, as if it had never been, and done anew."""
    standby = await _followed(scene)
    job_id = await _posted(scene, standby, scale)
    await scene.jobs.reaches(job_id, random.randint(1, _items(scale) // 3))
    await standby.catches_up()
    sender = int(await _ask(scene, _SENDER))
    os.kill(sender, SIGSTOP)
    heard = await scene.jobs.processed(job_id)
    async with probed(scene):
        await scene.jobs.reaches(job_id, heard + LOST_ITEMS)
        await _take_over(scene, standby, job_id, sender)
    await scene.jobs.through(job_id)


async def cut_off(scene: Scene, random: Random, scale: int) -> None:
    """Cut a primary off, as a machine that is gone: no connection to it ends, and all have to give it up by themselves.

    It waits for its standby before it answers, so that nothing of what was answered is lost here either. People edit
    tickets until then.
    """
    standby = await _followed(scene)
    await _ask(scene, *_IN_STEP)
    await until(lambda: _ask(scene, _IS_IN_STEP))
    behind = Proxy(scene.servers.postgres_socket)
    reached = await scene.beside(behind.listening())
    scene.system.environ["DATABASE_URL"] = _either(reached, standby.database_url)
    await scene.start(workers=2)
    job_id = await scene.delete(_items(scale))
    async with _edits(scene, random, await scene.add_tickets(50)):
        await scene.jobs.reaches(job_id, random.randint(1, _items(scale) // 3))
    known = await scene.jobs.processed(job_id)
    behind.freeze()
    await scene.jobs.struck()
    recovering = asyncio.create_task(scene.jobs.recovers(job_id))
    await standby.promote()
    await scene.reach(database_url=standby.database_url)
    await _counts(scene, job_id, known)
    await recovering
    await scene.jobs.through(job_id)


async def _followed(scene: Scene) -> Replica:
    return await scene.beside(replica.following(scene.servers.database_url, fsync=True))


async def _posted(scene: Scene, standby: Replica, scale: int) -> UUID:
    """Start all, with both servers in their URL, and a job that is to be hit."""
    await scene.reach(database_url=_either(scene.servers.database_url, standby.database_url))
    await scene.start(workers=2)
    await scene.watch(10 if scale == 1 else 200)
    return await scene.delete(_items(scale))


def _either(*urls: str) -> str:
    """Return a URL that names all of these servers, whose own may name a socket or a port."""
    named = [make_url(url).translate_connect_args() | make_url(url).query for url in urls]
    hosts, ports = (",".join(str(each[part]) for each in named) for part in ("host", "port"))
    return database_url({"DATABASE_URL": f"postgresql://bulkhead@/bulkhead?host={hosts}&port={ports}"})


def _items(scale: int) -> int:
    return 6_000 if scale == 1 else 25_000 * scale


async def _take_over(scene: Scene, standby: Replica, job_id: UUID, *stopped: int) -> None:
    """Kill the primary, and what of it was stopped; promote its standby; the recovery begins with the kill."""
    known = await scene.jobs.processed(job_id)
    scene.servers.postgres.end(SIGKILL)
    for pid in stopped:
        os.kill(pid, SIGKILL)
    recovering = asyncio.create_task(scene.jobs.recovers(job_id))
    await standby.promote()
    await _counts(scene, job_id, known, is_behind=bool(stopped))
    await scene.jobs.struck()
    await recovering


async def _counts(scene: Scene, job_id: UUID, known: int, *, is_behind: bool = False) -> None:
    """Hold what the new primary has of a job against what was known of it."""
    [[counted, recorded]] = await scene.jobs.rows(_COUNTED, id=job_id)
    if counted != recorded:
        scene.record.broken.append(f"the new primary counts {counted} where {recorded} items are recorded")
    if is_behind and counted >= known:
        scene.record.broken.append(f"of {known} items none was lost, so nothing was shown")
    if not is_behind and counted < known:
        scene.record.broken.append(f"the new primary has {counted} items, of {known} that were there")


async def _come_back_as_standby(scene: Scene, standby: Replica) -> None:
    """Start the old primary as one that takes no writes, as whoever promoted the other has to see to."""
    data = layout.site(scene.local_dir, "postgres").data
    follow = f"primary_conninfo = '{standby.database_url}'"
    for name, text in (("standby.signal", ""), ("postgresql.auto.conf", follow)):
        (data / name).write_text(text)
        os.chown(data / name, *account.of_servers())
    await scene.servers.postgres.start()


@contextlib.asynccontextmanager
async def _edits(scene: Scene, random: Random, ids: Sequence[UUID]) -> AsyncIterator[None]:
    """Have people give tickets other titles all the while, one after the other."""

    is_over = asyncio.Event()

    async def edit() -> None:
        while not is_over.is_set():
            await retitle(scene, random.choice(ids))
            await asyncio.sleep(BETWEEN_EDITS_SECONDS)

    editing = asyncio.create_task(edit())
    try:
        yield
    finally:
        is_over.set()
        await editing


async def pooler_restarted(scene: Scene, random: Random, scale: int) -> None:
    """Restart PgBouncer, which is between all and Postgres and has few sessions: in order, at once, and by SIGKILL."""
    if pgbouncer.path() is None:
        raise Unplayable("no pgbouncer is here, so nobody looked at what comes of a restart of it")
    between = await scene.beside(pgbouncer.running(scene.servers.database_url))
    await scene.reach(pgbouncer_url=between.database("bulkhead"))
    await scene.start(workers=2)
    job_id = await scene.delete(large(scale))
    hits = (SIGINT, SIGTERM, SIGKILL)
    async with probed(scene):
        for moment, how in zip(moments(random, large(scale) * 3 // 4, len(hits)), hits, strict=True):
            await scene.jobs.reaches(job_id, moment)
            between.stop(how)
            await scene.lasts(scale / 10)
            await between.start()
            await scene.jobs.struck()
            await scene.jobs.recovers(job_id)


async def master_replaced(scene: Scene, random: Random, scale: int) -> None:
    """Kill the master that Sentinels watch over: they make the other server one, and all find it."""
    watched = await scene.beside(sentinels.watching(binaries.ensure(scene.local_dir).redis_server))
    await scene.reach(redis_url=watched.url)
    await scene.start(workers=2)
    job_id = await scene.delete(large(scale))
    await scene.jobs.reaches(job_id, random.randint(1, large(scale) // 3))
    old = await watched.master()
    watched.end(old, SIGKILL)
    await scene.jobs.struck()
    await scene.jobs.recovers(job_id)
    await until(lambda: _is_replaced(watched, old))
    watched.come_back(old)
    try:
        await until(lambda: _is_listened_to(watched), seconds=NOTICE_SECONDS)
    except TimeoutError:
        scene.record.broken.append("nobody listens to the new master")
    await scene.jobs.recovers(await scene.delete(1_000))


async def _is_replaced(watched: Watched, old: int) -> bool:
    return await watched.master() != old


async def _is_listened_to(watched: Watched) -> bool:
    """Tell whether the API hears of jobs, and workers of wake-ups, through the master that there is now."""
    channels = (events.CHANNEL, queue.CALLS)
    with contextlib.suppress(RedisError):
        async with Redis(port=await watched.master()) as redis:
            return all(count for _, count in await redis.pubsub_numsub(*channels))
    return False


async def _ask(scene: Scene, *statements: str) -> Any:
    """Run statements on the primary, in the order given; return what the last one says."""
    connection = await connected(scene)
    try:
        return [await connection.fetchval(statement) for statement in statements][-1]
    finally:
        await connection.close()
