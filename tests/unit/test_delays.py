from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from app.deliveries import delays

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def most(_: float, high: float) -> float:
    return high


def least(low: float, _: float) -> float:
    return low


def test_each_retry_may_wait_twice_as_long_up_to_six_hours() -> None:
    waits = [delays.before_retry(failures, most) for failures in range(1, 16)]
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-1] == delays.before_retry(10_000, most) == 6 * 3600


def test_the_jitter_is_full() -> None:
    assert delays.before_retry(7, least) == 0
    assert len({delays.before_retry(7) for _ in range(50)}) > 40


def test_a_webhook_that_fails_rests_as_long_again_up_to_a_minute() -> None:
    assert [delays.of_rest(seconds, most) for seconds in (0, 1, 30, 86_400)] == [0, 1, 30, 60]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120),
        ("0", 0),
        ("99999999999999999999", 86_400),
        (format_datetime(NOW + timedelta(minutes=5), usegmt=True), 300),
        (format_datetime(NOW - timedelta(minutes=5), usegmt=True), 0),
        (format_datetime(NOW + timedelta(days=400), usegmt=True), 86_400),
        ("Fri, 27 Nov 2026 12:00:30 -0000", 30),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("\u0663", None),
    ],
)
def test_what_a_receiver_asks_for(header: str | None, seconds: float | None) -> None:
    assert delays.asked_for(header, NOW) == seconds
