"""The heap of a page that watches one job for minutes, each tick of the API with news of it; and of one that watches
job after job, each as fast as it goes, without a reload.

It is what is left after a forced garbage collection; growth is the last over the first, before which a first visit has
loaded and cached what there is. V8 goes on to compile what runs often for minutes after that, and counts its code as
heap: so there is also the growth of all else, which is what the page itself keeps.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from typing import Any

from playwright.async_api import CDPSession, Page

from tests.bench.console.visits import Jobs, Visits
from tests.bench.databases import Databases
from tests.bench.figures import Row, Target, row
from tests.browser import bulk

SECONDS, QUICK_SECONDS = 300, 30
MARGIN_SECONDS = 30  # that the job takes longer than it is measured
LOOK_SECONDS = 10
TARGET = Target("median", "<", 10)

GO = "(path) => history.pushState(null, '', path)"  # as a link does; the router listens


async def of_one_job(databases: Databases, jobs: Jobs, visits: Visits) -> list[Row]:
    """Measure while a job runs, from its first news to the last before its end."""
    seconds = QUICK_SECONDS if databases.is_quick else SECONDS
    databases.tell("heap, one job")
    async with _visited(jobs, visits) as (page, session):
        job_id = await jobs.post(seconds=seconds + MARGIN_SECONDS)
        await page.evaluate(GO, f"/jobs/{job_id}")
        await bulk.has_state(page, "Running")
        await page.locator("main canvas").wait_for()
        await asyncio.sleep(LOOK_SECONDS)  # by then the chart and the items are there, which the first long job loads
        heaps, kept = [await _heap_mb(session)], [await _kept_mb(session)]
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            await asyncio.sleep(LOOK_SECONDS)
            heaps.append(await _heap_mb(session))
        kept.append(await _kept_mb(session))
        await bulk.has_state(page, "Running")
        await jobs.finish(job_id)
    return _rows(f"a job of {jobs.size:,} for {seconds} s", heaps, kept)


async def of_jobs_in_turn(databases: Databases, jobs: Jobs, visits: Visits) -> list[Row]:
    seconds = QUICK_SECONDS if databases.is_quick else SECONDS
    databases.tell("heap, job after job")
    async with _visited(jobs, visits) as (page, session):
        await _watch(page, jobs)
        heaps, kept = [await _heap_mb(session)], [await _kept_mb(session)]
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            await _watch(page, jobs)
            heaps.append(await _heap_mb(session))
        kept.append(await _kept_mb(session))
    return _rows(f"{len(heaps) - 1} jobs of {jobs.size:,}, {seconds} s", heaps, kept)


@contextlib.asynccontextmanager
async def _visited(jobs: Jobs, visits: Visits) -> AsyncIterator[tuple[Page, CDPSession]]:
    """Open a page that has watched a job to its end."""
    async with visits.begin() as context:
        page = await context.new_page()
        await page.goto("/jobs")
        await _watch(page, jobs)
        yield page, await context.new_cdp_session(page)


def _rows(case: str, heaps: list[float], kept: list[float]) -> list[Row]:
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
