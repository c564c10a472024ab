import pytest

from app.realtime.errors import TooManySockets, TooManySocketsOfAddress
from app.realtime.strangers import Strangers


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_address_may_have_only_so_many_until_some_have_logged_in() -> None:
    strangers = Strangers(max_of_address=2)
    strangers.add("one", "192.0.2.1")
    strangers.add("two", "192.0.2.1")
    with pytest.raises(TooManySocketsOfAddress):
        strangers.check("192.0.2.1")
    strangers.check("192.0.2.2")
    strangers.remove("one")
    strangers.check("192.0.2.1")


def test_all_addresses_together_may_have_only_so_many() -> None:
    strangers = Strangers(max_in_all=2)
    strangers.add("one", "192.0.2.1")
    strangers.add("two", "192.0.2.2")
    with pytest.raises(TooManySockets):
        strangers.check("192.0.2.3")
    strangers.remove("two")
    strangers.check("192.0.2.3")


def test_what_is_removed_twice_counts_once() -> None:
    strangers = Strangers(max_of_address=1)
    strangers.add("one", "192.0.2.1")
    strangers.remove("one")
    strangers.remove("one")
    strangers.add("two", "192.0.2.1")
    with pytest.raises(TooManySocketsOfAddress):
        strangers.check("192.0.2.1")


def test_each_is_overdue_when_its_own_time_is_over() -> None:
    clock = Clock()
    strangers = Strangers(login_seconds=10, clock=clock)
    strangers.add("one", "192.0.2.1")
    clock.now = 5
    strangers.add("two", "192.0.2.1")
    clock.now = 9.9
    assert strangers.overdue() == []
    clock.now = 10
    assert strangers.overdue() == ["one"]
    strangers.remove("one")
    clock.now = 15
    assert strangers.overdue() == ["two"]


def test_nothing_is_kept_of_an_address_that_has_left() -> None:
    strangers = Strangers()
    strangers.add("one", "192.0.2.1")
    strangers.remove("one")
    assert not strangers._of_address
