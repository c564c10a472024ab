"""`./manage.sh bench`: measures, prints a table and writes JSON."""

import argparse
import importlib
import sys
import time
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import msgspec
import uvloop
from rich.console import Console
from rich.status import Status

from tests.bench import databases, report
from tests.bench.databases import Databases
from tests.bench.figures import Row

INTERRUPTED = 130  # 128 and SIGINT, as shells have it
BENCHMARKS = (
    *("delete", "submit", "filter", "start", "behind", "cancel", "pause"),
    *("fan-out", "api", "search", "views", "dashboard", "login", "abuse", "export", "imports", "webhooks"),
    *("growth", "retention", "memory", "redis", "processes", "console"),
)


class Benchmark(Protocol):
    def measure(self, databases: Databases) -> Coroutine[Any, Any, list[Row]]: ...


def main(arguments: Sequence[str]) -> int:
    options = parser().parse_args(arguments)
    try:
        measure(options.names or BENCHMARKS, options.json, is_quick=options.quick)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def measure(names: Sequence[str], file: Path | None, *, is_quick: bool) -> None:
    """Show the figures of these benchmarks, and write them to `file`; if one goes wrong, those before it."""
    rows: list[Row] = []
    with Console(stderr=True).status("starting the servers") as status:
        progress = Progress(status)
        with databases.opened(progress, is_quick=is_quick) as opened:
            machine = report.machine(uvloop.run(opened.postgres_version()))
            try:
                for name in names:
                    rows += measured(opened, name, progress)
            finally:
                status.stop()
                report.show(machine, rows)
                if file:
                    report.write(file, machine, rows, is_quick=is_quick)


class Progress:
    def __init__(self, status: Status) -> None:
        self._status = status
        self.name = ""

    def __call__(self, text: str) -> None:
        self._status.update(f"{self.name}: {text}")


def measured(opened: Databases, name: str, progress: Progress) -> list[Row]:
    progress.name = name
    progress("measuring")
    started = time.perf_counter()
    rows = uvloop.run(load(name).measure(opened))
    sys.stderr.write(f"{name}: {time.perf_counter() - started:.0f} s\n")
    return [msgspec.structs.replace(row, benchmark=name) for row in rows]


def load(name: str) -> Benchmark:
    return cast(Benchmark, importlib.import_module(f"tests.bench.benchmarks.{name.replace('-', '_')}"))


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="./manage.sh bench",
        description="Measure Bulkhead on servers of its own, with fsync on, beside what the database alone takes.",
        epilog="Example: ./manage.sh bench delete submit --quick --json figures.json",
    )
    made.add_argument("names", nargs="*", metavar="NAME", type=known, help=f"all, or of: {', '.join(BENCHMARKS)}")
    made.add_argument("--quick", action="store_true", help="smaller sizes, done in a few minutes")
    made.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    return made


def known(name: str) -> str:
    if name not in BENCHMARKS:
        raise argparse.ArgumentTypeError(f"there is no benchmark {name!r}; there are {', '.join(BENCHMARKS)}")
    return name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
