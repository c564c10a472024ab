import pytest

from tests.bench import __main__ as bench
from tests.bench.figures import Target, percentile, row, slope
from tests.bench.report import number


@pytest.mark.parametrize(
    ("values", "percent", "wanted"),
    [([7], 50, 7), ([3, 1, 2], 50, 2), ([4, 3, 2, 1], 50, 2), (range(1, 101), 99, 99), (range(1, 12), 99, 11)],
)
def test_a_percentile_is_the_value_at_the_nearest_rank(values: list[float], percent: float, wanted: float) -> None:
    assert percentile(values, percent) == wanted


def test_a_row_has_the_median_its_spread_and_its_ratio_to_the_floor() -> None:
    made = row("a case", "a figure", "ms", [3, 1, 8], [2, 1.5, 4])
    assert (made.median, made.low, made.high, made.floor, made.ratio) == (3, 1, 8, 2, 1.5)
    assert (made.target, made.met) == (None, None)


def test_a_row_without_a_floor_has_no_ratio() -> None:
    made = row("a case", "a figure", "ms", [3], target=Target("ratio", ">=", 1))
    assert (made.floor, made.ratio, made.met) == (None, None, None)


@pytest.mark.parametrize(
    ("target", "met"),
    [
        (Target("median", "<", 4), True),
        (Target("median", "<", 3), False),
        (Target("median", ">=", 3), True),
        (Target("ratio", ">=", 1.5), True),
        (Target("ratio", ">=", 1.6), False),
    ],
)
def test_a_target_is_met_or_not(target: Target, met: bool) -> None:
    assert row("a case", "a figure", "ms", [3], [2], target).met is met


def test_a_slope_is_the_exponent_of_growth() -> None:
    assert slope([1, 10, 100], [5, 5, 5]) == pytest.approx(0)
    assert slope([1, 10, 100], [3, 30, 300]) == pytest.approx(1)


@pytest.mark.parametrize(("value", "wanted"), [(None, ""), (0.04567, "0.0457"), (12.345, "12.3"), (1234.5, "1,234")])
def test_a_number_is_written_with_the_digits_that_count(value: float | None, wanted: str) -> None:
    assert number(value) == wanted


def test_an_unknown_benchmark_is_refused_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.main(["delete", "speed"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "no benchmark 'speed'" in said
    assert all(name in said for name in bench.BENCHMARKS)
