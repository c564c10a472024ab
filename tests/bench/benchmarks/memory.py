"""The most memory that API and worker have had resident, less what they had idle, while half of all tickets go.

The job of 1M targets comes by a filter. Beside it what the API takes for as many ids as one POST may ever name. What
each has when idle is given too.
"""

from tests.bench import processes, watched_system
from tests.bench.databases import Databases
from tests.bench.figures import Row, Target, row
from tests.bench.tickets import HALF
from tests.bench.watched_system import WatchedSystem

MOST_IDS = 400_000
API_TARGET = Target("median", "<", 150)
WORKER_TARGET = Target("median", "<", 60)


async def measure(databases: Databases) -> list[Row]:
    async with databases.copy() as database, watched_system.running(database, MAX_TARGETS=str(MOST_IDS)) as system:
        idle = _resident(system)
        job = watched_system.request("bulk-delete", filter={"tags": HALF})
        api, worker = await _growth(system, job)
        named = min(MOST_IDS, database.ticket_count // 2)
        ids = watched_system.request("bulk-delete", ticketIds=await database.random_ids(named))
        api_by_ids, worker_by_ids = await _growth(system, ids)
        case, case_by_ids = f"{database.tagged(HALF):,} by filter", f"{named:,} ids"
    return [
        row("idle", "API", "MB", [idle[0]]),
        row("idle", "worker", "MB", [idle[1]]),
        row(case, "API, peak", "MB more", [api], target=API_TARGET),
        row(case, "worker, peak", "MB more", [worker], target=WORKER_TARGET),
        row(case_by_ids, "API, peak", "MB more", [api_by_ids], target=API_TARGET),
        row(case_by_ids, "worker, peak", "MB more", [worker_by_ids], target=WORKER_TARGET),
    ]


async def _growth(system: WatchedSystem, job: bytes) -> tuple[float, float]:
    """Return how many MB more than before API and worker had at most."""
    before = _resident(system)
    for process in (system.api, system.worker):
        processes.reset_peak(process.pid)
    _, job_id = await system.post(job)
    await system.finish(job_id)
    return processes.peak_mb(system.api.pid) - before[0], processes.peak_mb(system.worker.pid) - before[1]


def _resident(system: WatchedSystem) -> tuple[float, float]:
    return processes.resident_mb(system.api.pid), processes.resident_mb(system.worker.pid)
