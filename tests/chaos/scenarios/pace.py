"""How fast jobs go on, and which goes first."""

from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from tests.chaos.scene import Scene

RATE = 200
PAUSE_SECONDS = 2  # far longer than a throttled job may make up for
SLICE_SECONDS = 0.02
SPENT_SECONDS = 0.5  # after so long the wake-ups of a job that was paused have been taken, in vain

_OTHERS = """
    select count(distinct job_id) from job_items
    where job_id = any(:others) and at between cast(:after as timestamptz) and cast(:before as timestamptz)
"""


async def throttled(scene: Scene, random: Random, scale: int) -> None:
    """Pause a throttled job, kill its worker, cancel it, retry it: the judge sees that it never bursts."""
    [worker] = await scene.start()
    job_id = await scene.delete(6 * RATE * scale, maxItemsPerSecond=RATE)
    await scene.jobs.reaches(job_id, random.randint(1, RATE))
    scene.record.hits += await scene.admin.pause_and_resume(job_id, PAUSE_SECONDS)
    await scene.jobs.reaches(job_id, 3 * RATE * scale)
    await scene.kill(worker)
    scene.start_worker()
    await scene.jobs.recovers(job_id)
    scene.record.hits += await scene.admin.cancel(job_id)
    await scene.jobs.through(await scene.admin.retry(job_id))


async def high_before_others(scene: Scene, random: Random, scale: int) -> None:
    """Post a high job behind others that keep the only lane busy: it goes first, and again after a pause."""
    await scene.start(workers=0)
    others = [await scene.delete(2_000, priority=priority) for priority in ("low", *["normal"] * 4)]
    scene.start_worker(WORKER_LANES="1", LANE_SLICE_SECONDS=str(SLICE_SECONDS))
    await scene.jobs.reaches(others[1], 1)
    high = await scene.delete(2_500 * scale, priority="high")
    await scene.jobs.reaches(high, random.randint(1_000, 1_500))
    paused = await scene.admin.steer(high, "pause")
    await scene.lasts(SPENT_SECONDS)
    resumed = await scene.admin.steer(high, "resume")
    await scene.jobs.through(high)
    [[started_at, ended_at]] = await scene.jobs.rows("select started_at, finished_at from jobs where id = :id", id=high)
    if paused["status"] == "paused":
        scene.record.hits += await scene.jobs.are_at_work()
        await _goes_first(scene, others, started_at, _moment_of(paused), at_most=0)
        # The slice in hand, and one that may begin before the wake-up is there.
        await _goes_first(scene, others, _moment_of(resumed), ended_at, at_most=2)


def _moment_of(job: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(job["updatedAt"])


async def _goes_first(scene: Scene, others: list[UUID], after: datetime, before: datetime, *, at_most: int) -> None:
    [[count]] = await scene.jobs.rows(_OTHERS, others=others, after=after, before=before)
    if count > at_most:
        scene.record.broken.append(f"{count} jobs went on where one of high priority was to go first")
