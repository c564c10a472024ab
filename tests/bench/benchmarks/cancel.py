"""Cancel of a job that is being worked on by two lanes, while another large job runs: from the request to the answer.

Once it is answered nothing more changes, so it waits for the chunk in hand. The floor: see stopping.py.
"""

from tests.bench import stopping
from tests.bench.databases import Databases
from tests.bench.figures import Row, Target
from tests.bench.watched_system import WatchedSystem
from tests.bench.wire import Answer

TARGET = Target("median", "<", 300)


async def measure(databases: Databases) -> list[Row]:
    return await stopping.measure(databases, _cancel, TARGET)


async def _cancel(system: WatchedSystem, job_id: str) -> Answer:
    return await system.wire.post(f"/api/jobs/{job_id}/cancel")
