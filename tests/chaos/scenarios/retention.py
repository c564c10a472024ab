"""Jobs so old that they are swept away."""

from random import Random
from uuid import UUID

from sqlalchemy import text

from tests.chaos.scene import Scene
from tests.support.people import add_tickets
from tests.support.waiting import until

SWEPT_SECONDS = 30

OLD_HOURS, YOUNG_HOURS = 24_000, 1

_AGE = "update jobs set finished_at = now() - cast(:hours as integer) * interval '1 hour' where id = any(:jobs)"


async def needed_by_an_undo(scene: Scene, random: Random, scale: int) -> None:
    """Let a job become too old while its undo, and then the retry of that, are still at work: they need its items."""
    await scene.start()
    deleted = await scene.delete(3_000 * scale)
    await scene.jobs.through(deleted)
    undo = await scene.admin.undo(deleted)
    await scene.jobs.reaches(undo, random.randint(1, 500))
    await _outlives_a_sweep(scene, undo, [deleted])
    if await scene.admin.cancel(undo):
        retry = await scene.admin.retry(undo)
        await scene.jobs.reaches(retry, random.randint(1, 500))
        await _outlives_a_sweep(scene, retry, [deleted, undo])
        await scene.jobs.through(retry)


async def _outlives_a_sweep(scene: Scene, job_id: UUID, needed: list[UUID]) -> None:
    """Pause a job, make those that it needs as old as one that nobody needs, and wait until that one is swept away."""
    if (await scene.admin.steer(job_id, "pause"))["status"] != "paused":
        return
    forgotten = await _ended_job(scene)
    await _age(scene, [*needed, forgotten], OLD_HOURS)
    await until(lambda: _is_gone(scene, forgotten), seconds=SWEPT_SECONDS)
    await _age(scene, needed, YOUNG_HOURS)
    await scene.admin.steer(job_id, "resume")
    scene.record.hits += 1


async def _ended_job(scene: Scene) -> UUID:
    """Return a job that the judge is not to ask for."""
    [ticket_id] = await add_tickets(scene.engine, scene.people.requester, 1)
    body = {"type": "bulk-delete", "payload": {"ticketIds": [str(ticket_id)]}}
    job_id = UUID((await scene.admin.insist("/api/jobs", body))["id"])
    await scene.jobs.through(job_id)
    return job_id


async def _age(scene: Scene, jobs: list[UUID], hours: int) -> None:
    async with scene.engine.begin() as connection:
        await connection.execute(text(_AGE), {"jobs": jobs, "hours": hours})


async def _is_gone(scene: Scene, job_id: UUID) -> bool:
    return not await scene.jobs.rows("select id from jobs where id = :id", id=job_id)
