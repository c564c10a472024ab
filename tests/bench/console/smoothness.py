"""Frames of a job's screen while the job runs: it is made to last, and each tick of the API has news of it.

A frame is the time between two calls of requestAnimationFrame. They come sixty times a second: 16.7 ms is the best that
there is, and a missed one makes 33.3. The floor is the same screen once the job has ended. So what has to stay below
16.7 ms is the main thread's work in each sixtieth of a second, by a trace of its tasks. A task that waits for a core,
because Postgres, the API and the worker have them, looks long too: CPU time tells such from slow ones.
"""

from typing import NamedTuple

import msgspec
from playwright.async_api import Page

from tests.bench.console import traces
from tests.bench.console.traces import FRAME_MS, Task
from tests.bench.console.visits import Jobs, Visits
from tests.bench.databases import Databases
from tests.bench.figures import Row, Target, percentile, row
from tests.browser import bulk

SECONDS, QUICK_SECONDS = 30, 8
MARGIN_SECONDS = 5  # that the job goes on before and after
COARSE_MS = 0.1  # what browsers round their clock to
LONG_TASK_MS = 50
NONE = Target("median", "<", 1)
IN_TIME = Target("median", "<", 16.7)

RECORD = """
(seconds) => new Promise((resolve) => {
  const frames = [], longTasks = [];
  const bar = document.querySelector("main [role=progressbar]");
  let updates = 0, last;
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask" });
  new MutationObserver(() => (updates += 1)).observe(bar, { attributeFilter: ["aria-valuenow"] });
  const until = performance.now() + seconds * 1000;
  const tick = (now) => {
    if (last !== undefined) frames.push(now - last);
    last = now;
    if (now < until) requestAnimationFrame(tick);
    else resolve({ frames, longTasks, updates, share: bar.ariaValueNow / bar.ariaValueMax });
  };
  requestAnimationFrame(tick);
})
"""


class Recorded(msgspec.Struct, rename="camel"):
    """Milliseconds of frames and of long tasks, how often the figures changed, and how far the job was at the end."""

    frames: list[float]
    long_tasks: list[float]
    updates: int
    share: float


class Watched(NamedTuple):
    recorded: Recorded
    tasks: list[Task]


async def measure(databases: Databases, jobs: Jobs, visits: Visits) -> list[Row]:
    seconds = QUICK_SECONDS if databases.is_quick else SECONDS
    databases.tell("frames")
    async with visits.begin() as context:
        page = await context.new_page()
        job_id = await jobs.post(seconds=seconds + 2 * MARGIN_SECONDS)
        await page.goto(f"/jobs/{job_id}")
        await bulk.has_state(page, "Running")
        await page.get_by_role("heading", name="Throughput").wait_for()
        running = await _watch(page, seconds)
        assert 0 < running.recorded.share < 1, "the job was over too soon"
        await jobs.finish(job_id)
        await bulk.has_state(page, "Completed")
        idle = await _watch(page, seconds)
    return _rows(f"{jobs.size:,} running, {seconds} s", seconds, running, idle)


async def _watch(page: Page, seconds: float) -> Watched:
    async with traces.recording(page) as trace:
        recorded = msgspec.convert(await page.evaluate(RECORD, seconds), Recorded)
    return Watched(recorded, traces.main_thread_tasks(trace))


def _rows(case: str, seconds: float, running: Watched, idle: Watched) -> list[Row]:
    frames, calm = running.recorded.frames, idle.recorded.frames
    tasks = running.tasks
    long_by_cpu = [task for task in tasks if task.cpu_ms > LONG_TASK_MS]
    return [
        row(case, "updates shown", "1/s", [running.recorded.updates / seconds]),
        row(case, "frame, p95", "ms", [percentile(frames, 95)], [percentile(calm, 95)]),
        row(case, "frames above 16.7 ms", "%", [late(frames, FRAME_MS)], [late(calm, FRAME_MS)]),
        row(case, "frames missed", "%", [late(frames, 1.5 * FRAME_MS)], [late(calm, 1.5 * FRAME_MS)]),
        row(case, "work in a frame, p95", "ms", [busy(tasks)], [busy(idle.tasks)], IN_TIME),
        row(case, "CPU in a frame, p95", "ms", [busy_cpu(tasks)], [busy_cpu(idle.tasks)]),
        row(case, "long tasks", "", [len(running.recorded.long_tasks)], [len(idle.recorded.long_tasks)], NONE),
        row(case, "long tasks by CPU", "", [len(long_by_cpu)], target=NONE),
        row(case, "longest task", "ms", [max(task.ms for task in tasks)]),
        row(case, "most CPU of a task", "ms", [max(task.cpu_ms for task in tasks)]),
    ]


def late(frames: list[float], limit_ms: float) -> float:
    """Return what share of frames took longer, in percent."""
    return 100 * sum(frame > limit_ms + COARSE_MS for frame in frames) / len(frames)


def busy(tasks: list[Task]) -> float:
    return percentile(traces.sums_by_frame(tasks, lambda task: task.ms), 95)


def busy_cpu(tasks: list[Task]) -> float:
    return percentile(traces.sums_by_frame(tasks, lambda task: task.cpu_ms), 95)
