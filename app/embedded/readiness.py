"""Whether the servers answer."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.embedded import layout

ANSWER_SECONDS = 1.0
STATUS_LINE = 8  # LOCK_FILE_LINE_PM_STATUS, src/include/utils/pidfile.h


def postgres_ready(local_dir: Path) -> bool:
    """Tell whether line 8 of postmaster.pid says so and someone listens: a killed server leaves the file behind."""
    site = layout.site(local_dir, "postgres")
    try:
        lines = (site.data / "postmaster.pid").read_text().splitlines()
        with _connected(site.postgres_socket):
            return len(lines) >= STATUS_LINE and lines[STATUS_LINE - 1].strip() == "ready"
    except OSError:
        return False


def redis_ready(local_dir: Path) -> bool:
    """Tell whether a PING is answered; while it reads its log Redis answers LOADING instead."""
    try:
        with _connected(layout.site(local_dir, "redis").redis_socket) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


IS_READY = {"postgres": postgres_ready, "redis": redis_ready}


@contextmanager
def _connected(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(ANSWER_SECONDS)
        connection.connect(str(path))
        yield connection
