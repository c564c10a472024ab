"""The built console in a Chromium without a window, which shares this machine's cores with all of Bulkhead.

With a job of 250,000 running: frames (console/smoothness.py) and, over five minutes, the heap (console/heap.py). With
one of 1,000,000 that has ended: its items, dragged to where nobody has been (console/dragging.py), and its address
opened (console/opening.py). What a first visit transfers (console/transfers.py); Lighthouse (console/lighthouse.py).
"""

import contextlib
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Browser

from app.cli import console
from app.cli.errors import CliError
from app.embedded.errors import EmbeddedError
from tests.bench import watched_system
from tests.bench.console import dragging, heap, lighthouse, opening, smoothness, transfers
from tests.bench.console.lighthouse import Tools
from tests.bench.console.visits import Jobs, Visits
from tests.bench.databases import Database, Databases
from tests.bench.figures import Row
from tests.browser import chromium

WATCHED_TICKETS = 500_000  # the jobs change half of them
CHUNK_SIZE = "250"  # so that a job that is made to last half a minute has news for each tick of the API
SMALL_CHUNK_SIZE = "50"  # and one of five minutes


async def measure(databases: Databases) -> list[Row]:
    databases.tell("building the console")
    with tempfile.TemporaryDirectory(prefix="bulkhead-bench-lighthouse-") as folder:
        tools = prepared(Path(folder, "lighthouse"))
        async with chromium.launched(tools.chromium) as browser:
            return [*await _running(databases, browser), *await _ended(databases, browser, tools)]


def prepared(folder: Path) -> Tools:
    """Build the console and install Lighthouse; without a browser or npm there is nothing to measure."""
    path = chromium.path()
    if path is None:
        raise SystemExit(f"The console was not measured: none of {', '.join(chromium.NAMES)} is here.")
    try:
        console.build(lambda _: None)
        return Tools(path, lighthouse.installed(folder))
    except (CliError, EmbeddedError, OSError, subprocess.SubprocessError) as error:
        raise SystemExit(f"The console was not measured: {error}") from error


async def _running(databases: Databases, browser: Browser) -> list[Row]:
    async with databases.copy(None if databases.is_quick else WATCHED_TICKETS) as database:
        async with _watched(database, browser, CHUNK_SIZE) as (jobs, visits):
            rows = await smoothness.measure(databases, jobs, visits)
            rows += await heap.of_jobs_in_turn(databases, jobs, visits)
        async with _watched(database, browser, SMALL_CHUNK_SIZE) as (jobs, visits):
            return rows + await heap.of_one_job(databases, jobs, visits)


@contextlib.asynccontextmanager
async def _watched(database: Database, browser: Browser, chunk_size: str) -> AsyncIterator[tuple[Jobs, Visits]]:
    async with watched_system.running(database, CHUNK_SIZE=chunk_size) as system:
        yield Jobs(system, database), Visits(browser, system.system.url)


async def _ended(databases: Databases, browser: Browser, tools: Tools) -> list[Row]:
    async with databases.copy() as database, watched_system.running(database) as system:
        jobs, visits = Jobs(system, database), Visits(browser, system.system.url)
        databases.tell(f"a job of {jobs.size:,}")
        job_id = await jobs.post()
        await jobs.finish(job_id)
        return [
            *await dragging.measure(databases, visits, job_id, jobs.size),
            *await opening.measure(databases, visits, job_id),
            *await transfers.measure(visits),
            *await lighthouse.measure(databases, tools, system.system.url, job_id),
        ]
