"""How a worker shows that its loop turns, and what is told of it."""

import os
import time
from pathlib import Path

import pytest

from worker import health, heartbeat
from worker.heartbeat import Heartbeat, Worker


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "workers"


def written_at(folder: Path, seconds_ago: float) -> None:
    (folder / str(os.getpid())).write_text(f"{time.monotonic() - seconds_ago:020.3f}")


async def test_a_worker_whose_loop_turns_is_well_until_it_ends(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert health.main([], folder) == 1
    assert capsys.readouterr().out == "no worker lives here\n"
    beating = Heartbeat(folder)
    assert health.main([], folder) == health.main([str(os.getpid())], folder) == 0
    assert health.main(["1"], folder) == 1  # which is another process, and no worker
    written_at(folder, 3600)
    await beating.beat()
    assert health.main([], folder) == 0
    beating.end()
    assert health.main([], folder) == 1


def test_a_worker_that_is_there_and_silent_hangs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    beating = Heartbeat(folder)
    written_at(folder, health.SILENT_SECONDS + 1)
    assert health.main([], folder) == 1
    assert capsys.readouterr().out.startswith(f"worker {os.getpid()} hangs: its loop last turned 16.")
    beating.end()


def test_what_a_killed_worker_left_counts_for_nothing_and_the_next_one_sweeps_it_up(folder: Path) -> None:
    folder.mkdir()
    left = folder / "4194305"  # more than any pid
    left.write_text(f"{time.monotonic():020.3f}")
    assert heartbeat.living(folder) == []
    assert health.main([], folder) == 1
    beating = Heartbeat(folder)
    assert not left.exists()
    assert [worker.pid for worker in heartbeat.living(folder)] == [os.getpid()]
    beating.end()


def test_a_folder_of_somebody_else_is_not_used(folder: Path, tmp_path: Path) -> None:
    folder.symlink_to(tmp_path)
    with pytest.raises(PermissionError, match="is not a folder of this user"):
        Heartbeat(folder)


def test_a_worker_says_how_long_its_loop_has_been_silent() -> None:
    assert health.describe(Worker(7, 0.44)) == "worker 7 works: its loop last turned 0.4 s ago"
