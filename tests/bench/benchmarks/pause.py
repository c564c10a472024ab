"""Pause of a job that is being worked on by two lanes, while another large job changes the same tickets and more.

Each job is paused, resumed, and canceled before the next one. The floor: see stopping.py.
"""

from tests.bench import stopping
from tests.bench.figures import Row
from tests.bench.live import Live
from tests.bench.site import Site
from tests.bench.wire import Answer


async def measure(site: Site) -> list[Row]:
    return await stopping.measure(site, _pause)


async def _pause(system: Live) -> Answer:
    job_id = await stopping.under_way(system)
    answer = await system.wire.post(f"/api/jobs/{job_id}/pause")
    await system.wire.post(f"/api/jobs/{job_id}/cancel")
    return answer
