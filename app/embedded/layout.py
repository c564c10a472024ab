"""Where the servers of one local folder keep their files. Nothing here writes."""

import hashlib
import os
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from app.embedded import account

SOCKET_PATH_BYTES = 107  # sockaddr_un.sun_path without its closing zero


class Site(NamedTuple):
    """Where one server works."""

    data: Path
    sockets: Path

    @property
    def postgres_socket(self) -> Path:
        return self.sockets / ".s.PGSQL.5432"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"


def site(local_dir: Path, server: str) -> Site:
    """Return where a server works. It depends on who asks: ask before you change your user."""
    return Site(home(local_dir) / server / "data", socket_folder(local_dir))


def home(local_dir: Path) -> Path:
    """Return the folder around both servers' folders.

    It is the local folder, unless root starts servers whose user cannot enter that (a clone in /root): then
    `/var/lib/bulkhead/<digest>`. Judged by what exists, so make the local folder before asking.
    """
    local_dir = local_dir.resolve()
    return local_dir if account.reaches(account.of_servers(), local_dir) else elsewhere(local_dir)


def elsewhere(local_dir: Path) -> Path:
    return Path("/var/lib/bulkhead", _digest(local_dir))


def socket_folder(local_dir: Path) -> Path:
    """Return the 0700 folder of both sockets: short enough for the kernel, and spelled in a URL as on the disk."""
    # A comma would part two folders for PostgreSQL and its clients, and arq does not decode what redis-py does.
    folder = home(local_dir) / "sockets"
    fits = len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES
    return folder if fits and quote(str(folder)) == str(folder) else _short_folder(local_dir)


def database_url(local_dir: Path) -> str:
    """Return a URL for asyncpg and libpq. It has the port: PGPORT in the environment would choose another socket."""
    return f"postgresql://bulkhead@/bulkhead?host={quote(str(socket_folder(local_dir)), safe='')}&port=5432"


def redis_url(local_dir: Path) -> str:
    return f"unix://{site(local_dir, 'redis').redis_socket}"


def log_file(local_dir: Path, server: str) -> Path:
    return local_dir.resolve() / "logs" / f"{server}.log"


def data_folders(local_dir: Path) -> list[Path]:
    """Return all that the servers of a local folder may have left, wherever it is: what a reset removes."""
    local_dir = local_dir.resolve()
    inside = [local_dir / name for name in ("postgres", "redis", "sockets")]
    return [*inside, elsewhere(local_dir), _short_folder(local_dir)]


def _short_folder(local_dir: Path) -> Path:
    return short_folder(f"{account.of_servers().uid}", local_dir)


def short_folder(purpose: str, local_dir: Path) -> Path:
    """Return a folder with a short name, for sockets whose own folder has a long one."""
    return Path("/tmp", f"bulkhead-{purpose}-{_digest(local_dir)}")  # noqa: S108 - folders.own checks it


def _digest(local_dir: Path) -> str:
    return hashlib.sha256(os.fsencode(local_dir.resolve())).hexdigest()[:12]
