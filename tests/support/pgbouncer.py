"""PgBouncer before an embedded Postgres, in transaction mode, as Debian installs it: few sessions for many clients."""

import contextlib
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from signal import SIGINT, Signals
from typing import Final
from urllib.parse import parse_qs, urlsplit

from app.embedded import account
from tests.support.system import free_port
from tests.support.waiting import until

NAME: Final = "pgbouncer"
PLACES: Final = "/usr/sbin:/usr/local/bin:/usr/bin"  # Debian's is not on everybody's PATH
SESSIONS: Final = 8
STOP_SECONDS: Final = 10
# What it is told of by whoever runs it, too: nothing of ours is on the list of what it may ignore.
CONFIG: Final = """
[databases]
* = host={sockets} port=5432 user=bulkhead

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {sessions}
max_client_conn = 500
server_login_retry = 1
logfile = {log}
"""


def path() -> str | None:
    return shutil.which(NAME) or shutil.which(NAME, path=PLACES)


class PgBouncer:
    """Runs in a folder of its own; what it leads to is any database of a server."""

    def __init__(self, folder: Path, database_url: str, sessions: int) -> None:
        [sockets] = parse_qs(urlsplit(database_url).query)["host"]
        self.port = free_port()
        self._config = folder / "pgbouncer.ini"
        self._config.write_text(
            CONFIG.format(sockets=sockets, port=self.port, sessions=sessions, log=folder / "pgbouncer.log")
        )

    def database(self, name: str) -> str:
        return f"postgresql://bulkhead@127.0.0.1:{self.port}/{name}"

    async def start(self) -> None:
        """Start it, and wait until it takes connections."""
        self._process = _started(self._config)
        await until(self._answers)

    def stop(self, how: Signals = SIGINT) -> None:
        """Send a signal and wait for the end."""
        self._process.send_signal(how)
        self._process.wait(STOP_SECONDS)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        assert self._process.poll() is None, "PgBouncer has ended"
        return False


def _started(config: Path) -> subprocess.Popen[bytes]:
    owner = account.of_servers()  # it refuses to run as root
    return subprocess.Popen(
        [str(path()), "--quiet", str(config)],
        user=owner.uid,
        group=owner.gid,
        extra_groups=[],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@contextlib.asynccontextmanager
async def running(database_url: str, *, sessions: int = SESSIONS) -> AsyncIterator[PgBouncer]:
    """Run one before the server of a database, where there is one (see `path`)."""
    with tempfile.TemporaryDirectory(prefix="bulkhead-pgbouncer-") as name:
        folder = Path(name)
        shutil.chown(folder, *account.of_servers())
        bouncer = PgBouncer(folder, database_url, sessions)
        await bouncer.start()
        try:
            yield bouncer
        finally:
            bouncer.stop()
