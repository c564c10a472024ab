"""The network between a worker and Postgres."""

from random import Random
from signal import SIGTERM

from tests.chaos.proxy import Proxy
from tests.chaos.scene import Scene
from tests.support.waiting import until

GIVES_UP_SECONDS = 30


async def frozen(scene: Scene, random: Random, scale: int) -> None:
    """Freeze it in mid-job: the lane gives up, another worker goes on, and after a thaw nothing is committed late."""
    proxy = Proxy(scene.servers.postgres_socket)
    async with proxy.listening() as database_url:
        await scene.start(workers=0)
        behind = scene.start_worker(DATABASE_URL=database_url, WORKER_LANES="1")  # it is this lane that gives up
        job_id = await scene.delete(5_000 * scale)
        await scene.jobs.reaches(job_id, random.randint(1, 2_000))
        proxy.freeze()
        await scene.jobs.struck()
        other = scene.start_worker()
        await scene.jobs.recovers(job_id)
        await until(lambda: "lane_interrupted" in scene.system.log(behind), seconds=GIVES_UP_SECONDS)
        await scene.is_quiet()
        proxy.thaw()
        await scene.kill(other)
        await scene.jobs.recovers(await scene.delete(1_000))
        await scene.is_quiet()
        proxy.freeze()
        await scene.kill(behind, SIGTERM)
