from argparse import ArgumentTypeError
from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.cli.commands.jobs_submit import moment

HERE = datetime(2026, 12, 24, 22).astimezone().tzinfo


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-12-24T22:00", datetime(2026, 12, 24, 22, tzinfo=HERE)),
        ("2026-12-24 22:00:30", datetime(2026, 12, 24, 22, 0, 30, tzinfo=HERE)),
        ("2026-12-24", datetime(2026, 12, 24, tzinfo=HERE)),
        ("2026-12-24T22:00Z", datetime(2026, 12, 24, 22, tzinfo=UTC)),
        ("2026-12-24T22:00+01:00", datetime(2026, 12, 24, 22, tzinfo=timezone(timedelta(hours=1)))),
    ],
)
def test_a_time_is_of_this_machine_unless_it_says_otherwise(text: str, at: datetime) -> None:
    assert moment(text) == at
    assert moment(text).utcoffset() is not None


@pytest.mark.parametrize("text", ["", "22:00", "tomorrow", "2026-13-01", "24.12.2026", "0001-01-01T00:00+14:00"])
def test_what_is_no_time_is_bad_usage(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is no time as 2026-12-24T22:00 is one"):
        moment(text)
