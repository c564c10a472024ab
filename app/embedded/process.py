"""Both servers as child processes, for the length of a `with` block."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import Signals
from typing import NamedTuple

from app.embedded import binaries, layout, postgres, readiness, redis

REPOSITORY = Path(__file__).parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 15.0


class Running(NamedTuple):
    postgres: subprocess.Popen[bytes]
    redis: subprocess.Popen[bytes]


@contextmanager
def running(local_dir: Path, *, fsync: bool = True) -> Iterator[Running]:
    """Starts both, waits until they answer and stops them; the thread that enters must live as long as they do."""
    local_dir.mkdir(parents=True, exist_ok=True)
    binaries.ensure(local_dir)
    flags = [] if fsync else ["--no-fsync"]
    with (
        started("postgres", local_dir, *flags, stop_signal=postgres.STOP_SIGNAL) as database,
        started("redis", local_dir, *flags, stop_signal=redis.STOP_SIGNAL) as cache,
    ):
        both = Running(database, cache)
        readiness.wait_until_ready(
            local_dir, START_SECONDS, has_failed=lambda: any(child.poll() is not None for child in both)
        )
        yield both


@contextmanager
def started(server: str, local_dir: Path, *flags: str, stop_signal: Signals) -> Iterator[subprocess.Popen[bytes]]:
    """One launcher, whose output goes to the server's log file; it is not waited for."""
    log_file = layout.log_file(local_dir, server)
    log_file.parent.mkdir(parents=True, exist_ok=True)
    with log_file.open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "app.embedded", server, "--local-dir", local_dir.resolve(), *flags],
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the caller, who then stops them in order
        )
    try:
        yield child
    finally:
        _stop(child, stop_signal)


def _stop(child: subprocess.Popen[bytes], stop_signal: Signals) -> None:
    child.send_signal(stop_signal)
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
