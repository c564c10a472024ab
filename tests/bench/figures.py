"""What a benchmark hands on: rows of figures, each beside its floor and its target."""

import math
import statistics
from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec


class Target(NamedTuple):
    """What the median, or its ratio to the floor, has to reach, or to stay below."""

    of: Literal["median", "ratio"]
    sense: Literal[">=", "<"]
    limit: float

    def __str__(self) -> str:
        return f"{'ratio ' if self.of == 'ratio' else ''}{self.sense} {self.limit:,g}"

    def is_met(self, value: float) -> bool:
        return value >= self.limit if self.sense == ">=" else value < self.limit


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One figure: the median of its rounds with the lowest and the highest, and the median of its floor's."""

    benchmark: str = ""
    case: str
    figure: str
    unit: str
    median: float
    low: float
    high: float
    floor: float | None
    ratio: float | None
    target: str | None
    met: bool | None


def row(
    case: str,
    figure: str,
    unit: str,
    values: Sequence[float],
    floors: Sequence[float] = (),
    target: Target | None = None,
) -> Row:
    """Make a row of a figure's rounds and those of its floor; the ratio is figure over floor."""
    median = statistics.median(values)
    floor = statistics.median(floors) if floors else None
    ratio = median / floor if floor else None
    judged = median if target is None or target.of == "median" else ratio
    return Row(
        case=case,
        figure=figure,
        unit=unit,
        median=median,
        low=min(values),
        high=max(values),
        floor=floor,
        ratio=ratio,
        target=str(target) if target else None,
        met=target.is_met(judged) if target and judged is not None else None,
    )


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that `percent` % of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


def slope(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Return the exponent of growth: 0 where y stays the same, 1 where it doubles as x doubles."""
    return statistics.linear_regression([math.log(x) for x in xs], [math.log(y) for y in ys]).slope
