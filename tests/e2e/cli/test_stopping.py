import os
import signal

import pytest

from app.cli.local import supervisor
from app.embedded import layout
from tests.e2e.cli.conftest import Stack, all_ended, ask, read_until


async def test_down_leaves_no_process_behind_and_restart_finds_the_data(running: Stack) -> None:
    await ask(running, "create table kept as select 42 as answer")
    before = running.pids()
    assert "Everything is stopped." in running.succeed("down")
    assert all_ended(before)

    assert running.run("status").returncode == 3
    assert {process["state"] for process in running.status()["processes"]} == {"stopped"}
    assert "Nothing was running." in running.succeed("down")

    running.succeed("restart", "--local")
    assert await ask(running, "select answer from kept") == [42]
    await ask(running, "drop table kept")


def test_a_restart_with_a_bad_setting_stops_nothing(running: Stack) -> None:
    before = running.pids()
    refused = running.run("restart", "--local", JOB_LANES="0")
    assert (refused.returncode, refused.stderr) == (1, "bulkhead: JOB_LANES must be a whole number from 1 to 64.\n")
    assert running.pids() == before


def test_nothing_outlives_a_supervisor_that_is_killed_and_all_can_be_started_again(running: Stack) -> None:
    before = running.pids()
    os.kill(before["supervisord"], signal.SIGKILL)
    running.succeed("up", "--local")
    assert all_ended(before)
    assert running.run("status").returncode == 0


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


def test_a_start_that_is_killed_can_be_started_again_and_reset_deletes_all_it_made_and_nothing_else(
    stack: Stack,
) -> None:
    with stack.start("up", "--local") as up:
        read_until(up, "Migrating")
        up.kill()
    stack.succeed("up", "--local")
    assert stack.run("status").returncode == 0

    before = stack.pids()
    (stack.local_dir / "mine.txt").touch()
    assert "data is deleted" in stack.succeed("reset", "--yes")
    assert all_ended(before)
    assert [path.name for path in stack.local_dir.iterdir()] == ["mine.txt"]
    assert "nothing to delete" in stack.succeed("reset", "--yes")


def test_a_process_that_cannot_start_is_named_with_the_end_of_its_log(stack: Stack) -> None:
    stack.local_dir.mkdir()
    (stack.local_dir / "redis").touch()  # where its folder is to be
    done = stack.run("up", "--local")
    assert done.returncode == 1
    assert done.stderr.startswith("bulkhead: redis failed to start.")
    assert str(layout.log_file(stack.local_dir, "redis")) in done.stderr
    assert "Traceback" not in done.stderr
    assert not supervisor.is_running(stack.local_dir)
