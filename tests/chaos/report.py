"""The table: Markdown, so that it can be kept."""

import statistics
from collections.abc import Sequence

from tests.chaos.play import Outcome

TITLES = ("scenario", "faults", "jobs", "items", "lost", "doubled", "false", "broken", "recovery: median", "max")


def table(outcomes: Sequence[Outcome]) -> str:
    rows = [TITLES, *map(_row, outcomes)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_line(row, widths) for row in rows]
    rule = (
        "|" + "|".join("-" * (width + 1) + ("-" if number == 0 else ":") for number, width in enumerate(widths)) + "|"
    )
    return "\n".join([lines[0], rule, *lines[1:]])


def _row(outcome: Outcome) -> tuple[str, ...]:
    """Return the cells; faults are those that hit, and a recovery that took too long is among what is broken."""
    verdict, seconds = outcome.verdict, outcome.recoveries_seconds
    tickets = (verdict.lost, verdict.doubled, verdict.false)
    counts = (outcome.hits, outcome.jobs, outcome.items, *tickets, len(verdict.broken))
    times = (f"{statistics.median(seconds):.2f} s", f"{max(seconds):.2f} s") if seconds else ("", "")
    return (outcome.scenario, *(f"{count:,}" for count in counts), *times)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    name, *figures = (
        cell.ljust(width) if number == 0 else cell.rjust(width)
        for number, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"| {name} | " + " | ".join(figures) + " |"
