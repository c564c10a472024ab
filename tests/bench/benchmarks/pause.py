"""Pause of a job that is being worked on by two lanes, while another large job runs: from the request to the answer.

Each job is paused, and canceled before the next one. The floor: see stopping.py.
"""

from tests.bench import stopping
from tests.bench.databases import Databases
from tests.bench.figures import Row
from tests.bench.watched_system import WatchedSystem
from tests.bench.wire import Answer


async def measure(databases: Databases) -> list[Row]:
    return await stopping.measure(databases, _pause)


async def _pause(system: WatchedSystem, job_id: str) -> Answer:
    answer = await system.wire.post(f"/api/jobs/{job_id}/pause")
    await system.wire.post(f"/api/jobs/{job_id}/cancel")
    return answer
