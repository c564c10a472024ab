"""The heap of a page on which one job after the other is watched, each as fast as it goes, without a reload.

It is what is left after a forced garbage collection, at the end of each job; growth is the last over that after the
first two, which have loaded and cached what there is. V8 goes on to compile what runs often for minutes after that, and
counts its code as heap: so there is also the growth of all else, which is what the page itself keeps.
"""

import json
import time
from typing import Any

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
        heaps, kept = [await _heap_mb(session)], [await _kept_mb(session)]
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            await _watch(page, jobs)
            heaps.append(await _heap_mb(session))
        kept.append(await _kept_mb(session))
    case = f"{len(heaps) - 1} jobs of {jobs.size:,}, {seconds} s"
    return [
        row(case, "heap", "MB", heaps),
        row(case, "growth", "%", [_growth(heaps)], target=TARGET),
        row(case, "growth of all but compiled code", "%", [_growth(kept)], target=TARGET),
    ]


def _growth(sizes: list[float]) -> float:
    return 100 * (sizes[-1] / sizes[0] - 1)


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


async def _kept_mb(session: CDPSession) -> float:
    parts: list[str] = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda event: parts.append(event["chunk"]))
    await session.send("HeapProfiler.takeHeapSnapshot")
    return kept_bytes(json.loads("".join(parts))) / 2**20


def kept_bytes(snapshot: Any) -> int:
    """Add up the nodes of a heap snapshot but for those of V8's own code.

    Nodes are one list of numbers, so many for each: `meta` says which.
    """
    nodes, meta = snapshot["nodes"], snapshot["snapshot"]["meta"]
    fields, types = meta["node_fields"], meta["node_types"][0]
    kinds, sizes = (nodes[fields.index(name) :: len(fields)] for name in ("type", "self_size"))
    code = types.index("code")
    return sum(size for kind, size in zip(kinds, sizes, strict=True) if kind != code)
