import signal

from app.cli.local import supervisor
from tests.e2e.cli.conftest import Stack, read_until, until


def test_the_demo_does_the_main_job_and_the_database_agrees(stack: Stack) -> None:
    # What others set for their own stack is not for the demo.
    said = stack.succeed("demo", DATABASE_URL="postgresql://db/x", CHUNK_SIZE="0", APP_ENV="production")
    for line in (
        "10,000 tickets and 3 users",
        "POST /api/jobs with 5,300 ids: 5,000 tickets, 50 deleted before,",
        "5,150 of 5,150, 100 %",
        "completed: 5,150 of 5,150 ids are done",
        "5,000 succeeded, 150 failed, 0 left;",
        "100 not_found        There is no ticket with this id.",
        "50 already_deleted  The ticket had been deleted before.",
        "ms from request to answer",
        "posted again: the same job, Idempotency-Replayed: true",
        "✓ 5,000 tickets were deleted by this job, each changed once",
        "It agrees with every number; everything is stopped again.",
    ):
        assert line in said, said
    assert "✗" not in said
    assert not supervisor.await_processes(stack.local_dir / "demo")


def test_ctrl_c_stops_a_demo_and_all_it_started(stack: Stack) -> None:
    with stack.start("demo") as demo:
        read_until(demo, "Admin")
        demo.send_signal(signal.SIGINT)
        _, said = demo.communicate(timeout=60)
    assert demo.returncode == 130
    assert said == ""
    assert not supervisor.is_running(stack.local_dir / "demo")
    assert not supervisor.await_processes(stack.local_dir / "demo")


def test_a_demo_that_is_killed_leaves_nothing_running(stack: Stack) -> None:
    folder = stack.local_dir / "demo"
    with stack.start("demo") as demo:
        read_until(demo, "Servers")
        demo.kill()
    until(lambda: not supervisor.is_running(folder), "the supervisor has ended")
    supervisor.await_processes(folder)
