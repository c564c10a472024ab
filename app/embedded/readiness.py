"""Whether the servers answer."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.embedded import layout
from app.embedded.errors import EmbeddedError

POLL_SECONDS = 0.02
ANSWER_SECONDS = 1.0
STATUS_LINE = 8  # LOCK_FILE_LINE_PM_STATUS, src/include/utils/pidfile.h
TAIL_LINES = 5


def postgres_ready(local_dir: Path) -> bool:
    """Whether line 8 of postmaster.pid says so, and someone listens: a killed server leaves the file behind."""
    site = layout.site(local_dir, "postgres")
    try:
        lines = (site.data / "postmaster.pid").read_text().splitlines()
        with _connected(site.postgres_socket):
            return len(lines) >= STATUS_LINE and lines[STATUS_LINE - 1].strip() == "ready"
    except OSError:
        return False


def redis_ready(local_dir: Path) -> bool:
    """Whether a PING is answered; while it reads its log Redis answers LOADING instead."""
    try:
        with _connected(layout.site(local_dir, "redis").redis_socket) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def wait_until_ready(
    local_dir: Path, timeout_seconds: float, *, has_failed: Callable[[], bool] = lambda: False
) -> None:
    """Blocks until both servers answer; EmbeddedError with the end of their logs when they fail or take too long."""
    deadline = time.monotonic() + timeout_seconds
    while not (postgres_ready(local_dir) and redis_ready(local_dir)):
        if has_failed() or time.monotonic() > deadline:
            raise EmbeddedError(_explanation(local_dir))
        time.sleep(POLL_SECONDS)


@contextmanager
def _connected(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(ANSWER_SECONDS)
        connection.connect(str(path))
        yield connection


def _explanation(local_dir: Path) -> str:
    ready = {"postgres": postgres_ready(local_dir), "redis": redis_ready(local_dir)}
    missing = [server for server, is_ready in ready.items() if not is_ready]
    said = [line for server in missing for line in _tail(layout.log_file(local_dir, server))]
    return "\n".join([f"not ready: {' and '.join(missing) or 'it was too late'}", *said])


def _tail(log: Path) -> list[str]:
    return log.read_text(errors="replace").splitlines()[-TAIL_LINES:] if log.is_file() else []
