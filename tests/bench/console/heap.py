"""The heap of a page on which one job after the other is watched, each as fast as it goes, without a reload.

It is what is left after a forced garbage collection, at the end of each job; growth is the last over that after the
first two, which have loaded and cached what there is.
"""

import time

from playwright.async_api import CDPSession, Page

from tests.bench.console.visits import Jobs, Visits
from tests.bench.databases import Databases
from tests.bench.figures import Row, Target, row
from tests.browser import bulk

SECONDS, QUICK_SECONDS = 300, 30
WARM_UP_JOBS = 2
TARGET = Target("median", "<", 10)

GO = "(path) => history.pushState(null, '', path)"  # as a link does; the router listens


async def measure(databases: Databases, jobs: Jobs, visits: Visits) -> list[Row]:
    seconds = QUICK_SECONDS if databases.is_quick else SECONDS
    databases.tell("heap")
    async with visits.begin() as context:
        page = await context.new_page()
        await page.goto("/jobs")
        session = await context.new_cdp_session(page)
        for _ in range(WARM_UP_JOBS):
            await _watch(page, jobs)
        heaps = [await _heap_mb(session)]
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            await _watch(page, jobs)
            heaps.append(await _heap_mb(session))
    case = f"{len(heaps) - 1} jobs of {jobs.size:,}, {seconds} s"
    return [
        row(case, "heap", "MB", heaps),
        row(case, "growth", "%", [100 * (heaps[-1] / heaps[0] - 1)], target=TARGET),
    ]


async def _watch(page: Page, jobs: Jobs) -> None:
    """Look at a job from its first moment to its end."""
    job_id = await jobs.post()
    await page.evaluate(GO, f"/jobs/{job_id}")
    await jobs.finish(job_id)
    await page.wait_for_url(f"**/jobs/{job_id}")
    await bulk.has_state(page, "Completed")


async def _heap_mb(session: CDPSession) -> float:
    await session.send("HeapProfiler.collectGarbage")
    usage = await session.send("Runtime.getHeapUsage")
    used: float = usage["usedSize"]
    return used / 2**20
