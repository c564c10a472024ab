"""Both embedded servers as child processes, for the length of a `with` block."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import Signals
from typing import NamedTuple

from app.embedded import binaries, layout, postgres, redis, waiting
from app.embedded.errors import EmbeddedError, with_tail
from app.embedded.readiness import IS_READY

REPOSITORY = Path(__file__).parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 15.0

Child = subprocess.Popen[bytes]


class Running(NamedTuple):
    postgres: Child
    redis: Child


@contextmanager
def running(local_dir: Path, *, fsync: bool = True) -> Iterator[Running]:
    """Start both, wait until they answer, and stop them; the thread that enters must live as long as they do."""
    local_dir.mkdir(parents=True, exist_ok=True)
    binaries.ensure(local_dir)
    flags = [] if fsync else ["--no-fsync"]
    with (
        started("postgres", local_dir, *flags, stop_signal=postgres.STOP_SIGNAL) as database,
        started("redis", local_dir, *flags, stop_signal=redis.STOP_SIGNAL) as cache,
    ):
        await_answer("postgres", local_dir, database)
        await_answer("redis", local_dir, cache)
        yield Running(database, cache)


@contextmanager
def started(server: str, local_dir: Path, *flags: str, stop_signal: Signals) -> Iterator[Child]:
    """Start one server, whose output goes to its log file, without waiting until it answers."""
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


def await_answer(server: str, local_dir: Path, child: Child, timeout_seconds: float = START_SECONDS) -> None:
    """Raise `EmbeddedError` with the end of the log when the server ends or takes too long instead."""
    is_ready = IS_READY[server]
    waiting.until(lambda: is_ready(local_dir) or child.poll() is not None, timeout_seconds)
    if not is_ready(local_dir):
        raise EmbeddedError(with_tail(f"{server} does not answer.", layout.log_file(local_dir, server)))


def _stop(child: Child, stop_signal: Signals) -> None:
    child.send_signal(stop_signal)
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
