import pytest

from app.cli.commands import status
from app.cli.commands.status import Report
from app.cli.processes import Process

UP = Process("api", "running", pid=7, uptime_seconds=3700)
DOWN = Process("worker", "backoff")


@pytest.mark.parametrize(
    ("processes", "code"),
    [([UP], 0), ([UP, DOWN], 1), ([DOWN], 3), ([Process("api", "stopped")], 3), ([Process("api", "running")], 0)],
)
def test_the_code_tells_whether_all_some_or_none_run(processes: list[Process], code: int) -> None:
    assert Report(processes).code == code


def test_json_has_the_addresses_and_each_process() -> None:
    assert status.as_json(Report([UP], "http://x", "postgresql://y", "redis://z")) == {
        "apiUrl": "http://x",
        "DATABASE_URL": "postgresql://y",
        "REDIS_URL": "redis://z",
        "processes": [{"name": "api", "state": "running", "pid": 7}],
    }


def test_the_table_has_a_line_a_process_and_the_address_but_no_password() -> None:
    table = status.as_table(Report([UP, DOWN], "http://x", "postgresql://u:secret@y"))
    assert table.splitlines()[1].split(maxsplit=3) == ["api", "running", "7", "1 h 1 min"]
    assert table.splitlines()[2].split() == ["worker", "backoff"]
    assert "http://x" in table
    assert "secret" not in table


def test_the_table_says_so_when_nothing_runs() -> None:
    assert "Nothing is running" in status.as_table(Report([Process("api", "stopped")]))


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (7260, "2 h 1 min"), (180_000, "2 d 2 h")]
)
def test_durations_are_short(seconds: int, text: str) -> None:
    assert status._duration(seconds) == text
