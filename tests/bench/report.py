"""Rows for people, as a table, and for programs, as JSON."""

import itertools
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from tests.bench.figures import Row
from tests.bench.tickets import SEED

TABLE_WIDTH = 170  # a narrower terminal wraps, which is better than figures cut short
LEFT = ("benchmark", "case", "figure", "unit")
RIGHT = ("median", "low to high", "floor", "ratio", "target", "met")


class Machine(msgspec.Struct, frozen=True):
    cpu: str
    cores: int
    memory_gb: float
    python: str
    postgres: str


class Report(msgspec.Struct, frozen=True):
    date: datetime
    seed: float
    is_quick: bool
    machine: Machine
    rows: Sequence[Row]


def machine(postgres: str) -> Machine:
    """Describe this machine, with the version of the Postgres at work."""
    memory_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(
        _cpu(), len(os.sched_getaffinity(0)), round(memory_bytes / 2**30, 1), platform.python_version(), postgres
    )


def write(file: Path, machine: Machine, rows: Sequence[Row], *, is_quick: bool) -> None:
    report = Report(datetime.now(UTC), SEED, is_quick, machine, rows)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")


def show(machine: Machine, rows: Sequence[Row]) -> None:
    console = Console()
    table = Table(
        title=f"{machine.cpu}, {machine.cores} cores, {machine.memory_gb} GB; "
        f"Python {machine.python}, PostgreSQL {machine.postgres}, fsync on",
        title_justify="left",
    )
    for name in LEFT:
        table.add_column(name, no_wrap=True)
    for name in RIGHT:
        table.add_column(name, justify="right", no_wrap=True)
    for _, group in itertools.groupby(rows, lambda row: row.benchmark):
        for row in group:
            table.add_row(*_cells(row))
        table.add_section()
    console.width = max(console.width, TABLE_WIDTH)
    console.print(table)


def _cells(row: Row) -> list[str]:
    met = {None: "", True: "[green]yes[/]", False: "[red]no[/]"}[row.met]
    spread = f"{number(row.low)} to {number(row.high)}"
    return [
        *(row.benchmark, row.case, row.figure, row.unit, number(row.median), spread),
        *(number(row.floor), number(row.ratio), row.target or "", met),
    ]


def number(value: float | None) -> str:
    """Write a number with three digits that count, or all of those before the point."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
