"""Workers that are killed, stopped and frozen."""

from random import Random
from signal import SIGCONT, SIGTERM

from tests.chaos.faulty import CHUNK_POINTS, POINTS_IN_A_TRANSACTION
from tests.chaos.scene import Scene, moments


async def killed_alone(scene: Scene, random: Random, scale: int) -> None:
    """SIGKILL the only worker at random moments of one job, and start it again."""
    await _killed(scene, random, workers=1, scale=scale)


async def killed_of_two(scene: Scene, random: Random, scale: int) -> None:
    """SIGKILL one of two workers, whichever, at random moments of one job."""
    await _killed(scene, random, workers=2, scale=scale)


async def killed_at_each_step(scene: Scene, random: Random, scale: int) -> None:
    """SIGKILL a worker before apply, after record, after count, and after commit before it announces."""
    await scene.start(workers=0)
    job_id = await scene.delete(4_000 * scale)
    for point in CHUNK_POINTS:
        worker = scene.start_worker(die=f"{point}:{random.randint(2, 6)}")
        await scene.dies(worker)
        helper = scene.start_worker()
        await scene.jobs.recovers(job_id)
        await scene.kill(helper)
    scene.start_worker()


async def stopped_and_frozen(scene: Scene, random: Random, scale: int) -> None:
    """SIGTERM a worker during a chunk; SIGSTOP one within a chunk, let another finish its job, and let it go on."""
    [worker] = await scene.start()
    job_id = await scene.delete(10_000 * scale)
    await scene.jobs.reaches(job_id, random.randint(1, 1_000))
    await scene.kill(worker, SIGTERM)
    if worker.returncode != 0:
        scene.record.broken.append(f"SIGTERM ended a worker with {worker.returncode}")
    point = random.choice(POINTS_IN_A_TRANSACTION)
    frozen = scene.start_worker(freeze=f"{point}:{random.randint(2, 4)}")
    await scene.freezes(frozen)
    scene.start_worker()
    await scene.jobs.recovers(job_id)
    await scene.lasts(6 * scale)
    await scene.jobs.through(job_id)
    frozen.send_signal(SIGCONT)
    await scene.delete(1_000)


async def _killed(scene: Scene, random: Random, *, workers: int, scale: int) -> None:
    alive = await scene.start(workers=workers)
    items = 10_000 * scale
    job_id = await scene.delete(items)
    for moment in moments(random, items * 9 // 10, max(5, 2 * scale)):
        await scene.jobs.reaches(job_id, moment)
        victim = random.choice(alive)
        await scene.kill(victim)
        alive[alive.index(victim)] = scene.start_worker()
        await scene.jobs.recovers(job_id)
