"""Redis emptied, gone, cut off and full."""

import re
from random import Random
from signal import SIGKILL

import httpx
from redis.asyncio import Redis

from app.jobs import queue
from tests.chaos.scene import LANES, Scene, large, moments
from tests.support.people import PASSWORD
from tests.support.waiting import until

_NOT_COUNTED = re.compile(r'^bulkhead_redis_losses_total\{what="login_attempt"\} [1-9]', re.MULTILINE)


async def emptied_and_cut_off(scene: Scene, random: Random, scale: int) -> None:
    """FLUSHALL when all wake-ups wait, and again and again in mid-job, in turn with CLIENT KILL of every connection."""
    async with Redis.from_url(scene.settings.redis_url) as redis:
        await scene.start(workers=0)
        job_id = await scene.delete(large(scale))
        await until(lambda: _all_wait(redis))  # the API wakes lanes after its answer
        await empty(scene, redis)
        scene.start_worker()
        scene.start_worker()
        await scene.jobs.recovers(job_id)
        for number, moment in enumerate(moments(random, large(scale) * 9 // 10, 2 + 2 * scale)):
            await scene.jobs.reaches(job_id, moment)
            await (empty(scene, redis) if number % 2 else cut_off(scene, redis))
            await scene.jobs.recovers(job_id)


async def gone(scene: Scene, random: Random, scale: int) -> None:
    """SIGKILL it in mid-job; it comes back empty. Meanwhile jobs are accepted, and people log in."""
    await scene.start()
    job_id = await scene.delete(10_000)
    await scene.jobs.reaches(job_id, random.randint(1, 5_000))
    scene.servers.redis.end(SIGKILL)
    await scene.jobs.struck()
    await _is_usable(scene)
    posted = await scene.delete(1_000)
    await scene.lasts(3 * scale)
    scene.servers.redis.forget()
    await scene.servers.redis.start()
    await scene.jobs.recovers(posted)


async def full(scene: Scene, random: Random, scale: int) -> None:
    """Let it refuse all that it would have to store; what is posted meanwhile runs when there is room again."""
    await scene.start()
    job_id = await scene.delete(5_000)
    await scene.jobs.reaches(job_id, random.randint(1, 2_000))
    async with Redis.from_url(scene.settings.redis_url) as redis:
        await redis.config_set("maxmemory", 1)
        await scene.jobs.struck()
        await _is_usable(scene)
        posted = await scene.delete(1_000)
        await scene.lasts(scale)
        await redis.config_set("maxmemory", 0)
    await scene.jobs.recovers(posted)


async def _is_usable(scene: Scene) -> None:
    """People log in, and what cannot count their attempts says so in the log and the metrics."""
    login = await scene.admin.ask("POST", "/api/login", json={"username": "agent", "password": PASSWORD})
    if login is None or login.status_code != httpx.codes.OK:
        scene.record.broken.append(f"nobody can log in: {login and login.text}")
    await until(lambda: "login_limiter_open" in scene.system.log(scene.api))
    metrics = await scene.admin.ask("GET", "/api/metrics")
    if metrics is None or not _NOT_COUNTED.search(metrics.text):
        scene.record.broken.append("metrics do not say that attempts were not counted")


async def _all_wait(redis: Redis) -> bool:
    return int(await redis.zcard(queue.QUEUE)) == LANES


async def empty(scene: Scene, redis: Redis) -> None:
    await redis.flushall()
    await scene.jobs.struck()


async def cut_off(scene: Scene, redis: Redis) -> None:
    for kind in ("normal", "pubsub"):
        await redis.client_kill_filter(_type=kind, skipme=True)
    await scene.jobs.struck()
