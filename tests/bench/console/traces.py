"""What a page's main thread did, by Chromium's own trace."""

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, NamedTuple

import msgspec
from playwright.async_api import Page

FRAME_MS = 1000 / 60
CATEGORIES = ["disabled-by-default-devtools.timeline"]  # which has every task
TASK, THREAD_NAME, MAIN_THREAD = "RunTask", "thread_name", "CrRendererMain"


class Task(NamedTuple):
    """One turn of the event loop: when it began, how long it took, and how much of that it had a core."""

    at_ms: float
    ms: float
    cpu_ms: float


class Event(msgspec.Struct):
    """Of the fields of the Trace Event Format those that are read here; times are in microseconds."""

    name: str
    pid: int
    tid: int
    ts: float = 0
    dur: float = 0
    tdur: float = 0
    args: dict[str, Any] = {}


class Trace(msgspec.Struct):
    events: list[Event] = msgspec.field(name="traceEvents", default_factory=list)


@contextlib.asynccontextmanager
async def recording(page: Page) -> AsyncIterator[Trace]:
    """Trace a page; what is yielded is filled at the end."""
    browser, trace = page.context.browser, Trace()
    assert browser is not None
    await browser.start_tracing(page=page, categories=CATEGORIES)
    try:
        yield trace
    finally:
        trace.events = msgspec.json.decode(await browser.stop_tracing(), type=Trace).events


def main_thread_tasks(trace: Trace) -> list[Task]:
    """Return the tasks of the renderers' main threads; of one that shows no page there are hardly any."""
    mains = {
        (event.pid, event.tid)
        for event in trace.events
        if event.name == THREAD_NAME and event.args["name"] == MAIN_THREAD
    }
    return [
        Task(event.ts / 1000, event.dur / 1000, event.tdur / 1000)
        for event in trace.events
        if event.name == TASK and (event.pid, event.tid) in mains
    ]


def sums_by_frame(tasks: Sequence[Task], of: Callable[[Task], float]) -> list[float]:
    """Sum up the tasks that began in each sixtieth of a second, from the first task to the last."""
    first = min(task.at_ms for task in tasks)
    frames = [int((task.at_ms - first) / FRAME_MS) for task in tasks]
    sums = [0.0] * (max(frames) + 1)
    for frame, task in zip(frames, tasks, strict=True):
        sums[frame] += of(task)
    return sums
