"""Many processes: behind compose.yaml's proxy, and of two releases at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from random import Random
from signal import SIGKILL, SIGTERM

from tests.chaos.scene import Scene, large, moments
from tests.chaos.unplayable import Unplayable
from tests.support import haproxy, release
from tests.support.haproxy import Proxy
from tests.support.servers import downgrade, migrate
from tests.support.system import free_port

APIS, WORKERS, VIEWERS = 3, 4, 9
ITEMS_A_SECOND = 2_000  # so that a job outlasts a release


async def killed_behind_a_proxy(scene: Scene, random: Random, scale: int) -> None:
    """SIGKILL any of three APIs and of four workers, and reload the proxy that all clients come by, in turn."""
    ports = [free_port() for _ in range(APIS)]
    async with _behind_a_proxy(scene, ports) as proxy:
        apis = {port: await scene.start_api(port=port) for port in ports}
        await scene.watch(VIEWERS)
        workers = [scene.start_worker() for _ in range(WORKERS)]
        job_id = await scene.delete(large(scale))
        for number, moment in enumerate(moments(random, large(scale) * 3 // 4, 3 + 2 * scale)):
            await scene.jobs.reaches(job_id, moment)
            if number % 3 == 0:
                port = random.choice(ports)
                await scene.kill(apis[port])
                apis[port] = await scene.start_api(port=port)
            elif number % 3 == 1:
                victim = random.randrange(WORKERS)
                await scene.kill(workers[victim])
                workers[victim] = scene.start_worker()
            else:
                await proxy.reload()
                await scene.jobs.struck()
            await scene.jobs.recovers(job_id)
        await scene.jobs.through(job_id)
        await scene.is_quiet()


async def upgraded(scene: Scene, random: Random, scale: int) -> None:
    """Replace the last release while a job runs: first its schema, then each worker, then the APIs, side by side."""
    ports = [free_port(), free_port()]
    with _the_last_release() as old:
        await asyncio.to_thread(downgrade, scene.settings.database_url, release.REVISION)
        async with _behind_a_proxy(scene, ports):
            old_api = await scene.start_api(port=ports[0], PYTHONPATH=old)
            await scene.watch(VIEWERS)
            workers = [scene.start_worker(PYTHONPATH=old) for _ in range(2)]
            job_id = await scene.delete(large(scale), maxItemsPerSecond=ITEMS_A_SECOND)
            await scene.jobs.reaches(job_id, 1)
            await asyncio.to_thread(migrate, scene.settings.database_url)
            await scene.jobs.recovers(job_id)
            for worker, how in zip(workers, random.sample((SIGTERM, SIGKILL), 2), strict=True):
                scene.start_worker()
                await scene.delete(1_000)
                await scene.kill(worker, how)
                await scene.jobs.recovers(job_id)
            await scene.start_api(port=ports[1])
            await scene.delete(1_000)  # by whichever takes it
            await scene.kill(old_api, SIGTERM)
            await scene.delete(1_000)
            await scene.jobs.through(job_id)
            await scene.is_quiet()


@contextlib.asynccontextmanager
async def _behind_a_proxy(scene: Scene, ports: Sequence[int]) -> AsyncIterator[Proxy]:
    """Put a proxy where clients look for the API, in front of these ports."""
    program = haproxy.path()
    if program is None:
        raise Unplayable("there is no haproxy here")
    with haproxy.running(program, scene.local_dir.parent, scene.system.port, ports) as proxy:
        await proxy.is_up()
        yield proxy


@contextlib.contextmanager
def _the_last_release() -> Iterator[str]:
    try:
        with release.unpacked() as folder:
            yield str(folder)
    except release.NoRelease as reason:
        raise Unplayable(str(reason)) from reason
