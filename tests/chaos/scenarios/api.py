"""An API process that dies."""

import asyncio
from random import Random
from signal import SIGKILL

from tests.chaos.scene import Process, Scene


async def killed_around_its_answer(scene: Scene, random: Random, scale: int) -> None:
    """SIGKILL it between commit and answer, and between answer and wake-up; clients come back, jobs run."""
    await scene.start()
    for point in ("before_answer", "before_wake_up"):
        await scene.kill(scene.api)
        doomed = await restart(scene, "tests.chaos.faulty", "app", "--die", f"{point}:{random.randint(1, 3)}")
        posting = asyncio.gather(*(scene.delete(random.randint(100, 1_000)) for _ in range(3 * scale)))
        await scene.ends(doomed)
        scene.faults += 1
        await restart(scene)
        for job_id in await posting:
            await scene.recovers(job_id)


async def killed_under_its_sockets(scene: Scene, random: Random, scale: int) -> None:
    """SIGKILL it while clients watch; it comes back, and they catch up."""
    await scene.start()
    job_id = await scene.delete(10_000 * scale)
    for moment in sorted(random.sample(range(1, 9_000 * scale), 3)):
        await scene.reaches(job_id, moment)
        await scene.kill(scene.api, SIGKILL)
        await restart(scene)


async def restart(scene: Scene, module: str = "app", *arguments: str) -> Process:
    scene.api = await scene.system.is_up(scene.system.start(module, *arguments))
    return scene.api
