import os
import signal

import pytest

from app.cli.local import supervisor
from app.embedded import layout
from tests.e2e.cli.conftest import Stack, all_ended, read_until


def test_down_leaves_no_process_behind_and_up_finds_the_data(stack: Stack) -> None:
    stack.succeed("up", "--local")
    stack.succeed("seed", "--tickets", "5")
    before = stack.pids()
    assert "Everything is stopped." in stack.succeed("down")
    assert all_ended(before)

    assert stack.run("status").returncode == 3
    assert {process["state"] for process in stack.status()["processes"]} == {"stopped"}
    assert "Nothing was running." in stack.succeed("down")

    stack.succeed("restart", "--local")
    assert "there already" in stack.succeed("seed", "--tickets", "5")


def test_nothing_outlives_a_supervisor_that_is_killed_and_all_can_be_started_again(stack: Stack) -> None:
    stack.succeed("up", "--local")
    before = stack.pids()
    os.kill(before["supervisord"], signal.SIGKILL)
    stack.succeed("up", "--local")
    assert all_ended(before)
    assert stack.run("status").returncode == 0


def test_reset_deletes_everything_it_made_and_nothing_else(stack: Stack) -> None:
    stack.succeed("up", "--local")
    before = stack.pids()
    (stack.local_dir / "mine.txt").touch()
    assert "data is deleted" in stack.succeed("reset", "--yes")
    assert all_ended(before)
    assert [path.name for path in stack.local_dir.iterdir()] == ["mine.txt"]
    assert "nothing to delete" in stack.succeed("reset", "--yes")


@pytest.mark.parametrize("step", ["Starting PostgreSQL", "Starting the API"])
def test_ctrl_c_in_the_middle_of_up_leaves_nothing_running(stack: Stack, step: str) -> None:
    with stack.start("up", "--local") as up:
        read_until(up, step)
        up.send_signal(signal.SIGINT)
        _, said = up.communicate(timeout=60)
    assert up.returncode == 130
    assert said == ""
    assert not supervisor.is_running(stack.local_dir)
    assert not supervisor.await_processes(stack.local_dir)


def test_two_who_start_at_once_share_one_stack(stack: Stack) -> None:
    with stack.start("up", "--local") as first, stack.start("up", "--local") as second:
        said = [up.communicate(timeout=90) for up in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0), said
    assert {process["state"] for process in stack.status()["processes"]} == {"running"}
    before = stack.pids()
    stack.succeed("down")
    assert all_ended(before)


def test_a_start_that_is_killed_can_be_started_again(stack: Stack) -> None:
    with stack.start("up", "--local") as up:
        read_until(up, "Migrating")
        up.kill()
    stack.succeed("up", "--local")
    assert stack.run("status").returncode == 0


def test_a_process_that_cannot_start_is_named_with_the_end_of_its_log(stack: Stack) -> None:
    stack.local_dir.mkdir()
    (stack.local_dir / "redis").touch()  # where its folder is to be
    done = stack.run("up", "--local")
    assert done.returncode == 1
    assert done.stderr.startswith("bulkhead: redis failed to start.")
    assert str(layout.log_file(stack.local_dir, "redis")) in done.stderr
    assert "Traceback" not in done.stderr
    assert not supervisor.is_running(stack.local_dir)
