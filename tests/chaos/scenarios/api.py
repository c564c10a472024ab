"""An API process that dies."""

import asyncio
from random import Random

from tests.chaos.scene import Scene, large, moments


async def killed_around_its_answer(scene: Scene, random: Random, scale: int) -> None:
    """SIGKILL it between commit and answer, and between answer and wake-up; clients come back, jobs run."""
    await scene.start()
    for point in ("before_answer", "before_wake_up"):
        await scene.kill(scene.api)
        doomed = await scene.start_api(die=f"{point}:{random.randint(1, 3)}")
        posting = asyncio.gather(*(scene.delete(random.randint(100, 1_000)) for _ in range(3 * scale)))
        await scene.dies(doomed)
        await scene.start_api()
        for job_id in await posting:
            await scene.jobs.recovers(job_id)


async def killed_under_its_sockets(scene: Scene, random: Random, scale: int) -> None:
    """SIGKILL it while clients watch; it comes back, the last time when the job has ended, and they catch up."""
    await scene.start()
    job_id = await scene.delete(large(scale))
    *early, last = moments(random, large(scale) * 3 // 4, 3)
    for moment in early:
        await scene.jobs.reaches(job_id, moment)
        await scene.kill(scene.api)
        await scene.start_api()
    await scene.jobs.reaches(job_id, last)
    await scene.kill(scene.api)
    await scene.jobs.through(job_id)
    await scene.start_api()
