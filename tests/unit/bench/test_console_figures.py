from pathlib import Path

import msgspec
import pytest

from app.cli.errors import CliError
from tests.bench.benchmarks import console
from tests.bench.console import heap, smoothness, traces
from tests.bench.console.traces import FRAME_MS, Task, Trace
from tests.browser import chromium

EVENTS = b"""
{"traceEvents": [
  {"name": "thread_name", "ph": "M", "pid": 1, "tid": 7, "ts": 0, "args": {"name": "CrRendererMain"}},
  {"name": "thread_name", "ph": "M", "pid": 1, "tid": 8, "ts": 0, "args": {"name": "Compositor"}},
  {"name": "RunTask", "ph": "X", "pid": 1, "tid": 7, "ts": 5000, "dur": 60000, "tdur": 20000, "args": {}},
  {"name": "RunTask", "ph": "X", "pid": 1, "tid": 8, "ts": 6000, "dur": 1000, "tdur": 1000, "args": {}},
  {"name": "RunTask", "ph": "X", "pid": 2, "tid": 7, "ts": 6000, "dur": 1000, "tdur": 1000, "args": {}},
  {"name": "Layout", "ph": "X", "pid": 1, "tid": 7, "ts": 7000, "dur": 1000, "args": {}}
]}
"""


def test_of_a_trace_only_the_tasks_of_the_main_thread_are_read() -> None:
    assert traces.main_thread_tasks(msgspec.json.decode(EVENTS, type=Trace)) == [Task(5, 60, 20)]


def test_work_is_summed_up_by_the_frame_that_it_began_in() -> None:
    tasks = [Task(100, 3, 1), Task(101, 4, 1), Task(100 + 2.5 * FRAME_MS, 40, 1)]
    assert traces.sums_by_frame(tasks, lambda task: task.ms) == [7, 0, 40]
    assert traces.sums_by_frame(tasks, lambda task: task.cpu_ms) == [2, 0, 1]


def test_a_frame_is_late_when_it_takes_longer_than_a_rounded_clock_explains() -> None:
    assert smoothness.late([16.6, 16.7, 16.8, 33.3], FRAME_MS) == pytest.approx(50)


def test_of_a_heap_all_but_compiled_code_is_kept() -> None:
    meta = {"node_fields": ["type", "name", "self_size"], "node_types": [["object", "code"]]}
    nodes = [0, 7, 100, 1, 8, 1000, 0, 9, 10]
    assert heap.kept_bytes({"snapshot": {"meta": meta}, "nodes": nodes}) == 110


def test_without_a_browser_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(chromium, "path", lambda: None)
    with pytest.raises(SystemExit, match=r"^The console was not measured: none of .*chromium.* is here\.$"):
        console.prepared(tmp_path)


def test_without_npm_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def build(tell: object) -> bool:
        raise CliError("Node.js is needed")

    monkeypatch.setattr(chromium, "path", lambda: "/usr/bin/chromium")
    monkeypatch.setattr("app.cli.console.build", build)
    with pytest.raises(SystemExit, match=r"^The console was not measured: Node\.js is needed$"):
        console.prepared(tmp_path)
