from typing import NamedTuple

import pytest

from tests.support.order import CHAOS, CONSOLE, DEMO, FUZZ, long_ones_first


class Item(NamedTuple):
    location: tuple[str, int | None, str]


def some(name: str, count: int) -> list[Item]:
    return [Item((name, number, "")) for number in range(count)]


TESTS = [
    *some("a", 30),
    *some(CHAOS, 5),
    *some("b", 30),
    *some(DEMO, 2),
    *some(FUZZ, 3),
    *some(CONSOLE, 2),
    *some("c", 32),
]


@pytest.mark.parametrize("processes", [1, 2, 3, 4, 7, 200])
def test_none_is_lost(processes: int) -> None:
    assert sorted(long_ones_first(TESTS, processes)) == sorted(TESTS)


def test_each_process_begins_with_what_takes_long_and_others_keep_their_order() -> None:
    ordered = long_ones_first(TESTS, 4)
    share = len(TESTS) // 4
    assert [ordered[number * share].location[0] for number in range(4)] == [CHAOS, CHAOS, FUZZ, CONSOLE]
    assert [test for test in ordered if len(test.location[0]) == 1] == [*some("a", 30), *some("b", 30), *some("c", 32)]


def test_few_are_no_matter() -> None:
    assert long_ones_first(some(CHAOS, 3), 4) == [*some(CHAOS, 3)[::2], *some(CHAOS, 3)[1::2]]
    assert long_ones_first([], 4) == []
