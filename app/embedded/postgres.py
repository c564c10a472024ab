"""PostgreSQL: its data folder, and the command that serves it."""

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

from app.embedded import layout
from app.embedded.binaries import Binaries
from app.embedded.errors import EmbeddedError, complaint_in

PROGRAM = "postgres"
STOP_SIGNAL = signal.SIGINT  # "fast": ends the sessions and writes a checkpoint
SETTINGS = {
    "port": "5432",  # the name of the socket; PGPORT would change it
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "io_method": "sync",  # pages in memory are read sooner than an I/O worker is asked for them
}
THROW_AWAY = {"fsync": "off", "full_page_writes": "off"}
INITDB = (
    *("--auth", "trust", "--username", "bulkhead", "--encoding", "UTF8"),
    *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-sync"),
)


def prepare(binaries: Binaries, site: layout.Site, *, fsync: bool) -> list[str]:
    """Make the data folder, with the database in it, and return the command; the caller has claimed the folder."""
    _require_passwd_entry()
    if not site.data.is_dir():
        _create(binaries, site.data)
    # Both are stale, for the folder is claimed. PostgreSQL would not start if another process had their pid by now.
    (site.data / "postmaster.pid").unlink(missing_ok=True)
    site.postgres_socket.with_name(".s.PGSQL.5432.lock").unlink(missing_ok=True)
    settings = SETTINGS | {"unix_socket_directories": str(site.sockets)} | ({} if fsync else THROW_AWAY)
    return [str(binaries.postgres), "-D", str(site.data), *_flags(settings)]


def _require_passwd_entry() -> None:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        raise EmbeddedError(
            f"user id {os.geteuid()} has no name in /etc/passwd, and initdb insists on one: "
            "add an entry, or run as root or as a user that has one"
        ) from None


def _create(binaries: Binaries, data: Path) -> None:
    incoming = data.with_name("incoming")  # renamed when whole: an interrupted one is started afresh
    if incoming.exists():
        shutil.rmtree(incoming)
    _run([str(binaries.initdb), *INITDB, "--pgdata", str(incoming)])
    settings = _flags(THROW_AWAY | {"exit_on_error": "on"})
    _run(
        [str(binaries.postgres), "--single", "-D", str(incoming), *settings, "postgres"],
        "create database bulkhead",
    )
    incoming.rename(data)


def _run(arguments: list[str], statement: str = "") -> None:
    done = subprocess.run(
        arguments,
        input=statement,
        cwd="/",
        env=os.environ | {"LC_ALL": "C", "TZ": "UTC"},  # the builtin locale needs no other; found without a search
        close_fds=False,  # it keeps the claim if this process is killed, so that the next one waits
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise EmbeddedError(f"{Path(arguments[0]).name} failed: {complaint_in(done.stdout)}")


def _flags(settings: dict[str, str]) -> list[str]:
    return [flag for name, value in settings.items() for flag in ("-c", f"{name}={value}")]
