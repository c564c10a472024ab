"""`python -m app.embedded postgres|redis --local-dir DIR`: prepare one server, then become it."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from signal import Signals
from typing import NoReturn, Protocol

from app.embedded import account, binaries, folders, layout, postgres, processes, redis
from app.embedded.binaries import Binaries
from app.embedded.errors import EmbeddedError

INTERRUPTED = 130


class Server(Protocol):
    """What the modules postgres and redis have in common."""

    PROGRAM: str
    STOP_SIGNAL: Signals

    def prepare(self, binaries: Binaries, site: layout.Site, *, fsync: bool) -> list[str]: ...


SERVERS: dict[str, Server] = {"postgres": postgres, "redis": redis}


def main(arguments: Sequence[str] | None = None) -> int:
    parent = os.getppid()  # first of all: it must be the one that started this process
    options = _parse(arguments)
    return become(options.server, options.local_dir, parent, fsync=not options.no_fsync)


def become(name: str, local_dir: Path, parent: int, *, fsync: bool = True) -> int:
    """Become a server that ends with the parent, or say why not and return the exit code."""
    try:
        _become(name, local_dir, parent, fsync=fsync)
    except (EmbeddedError, OSError) as error:
        sys.stderr.write(f"{name}: {error}\n")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m app.embedded", description=__doc__)
    parser.add_argument("server", choices=SERVERS)
    parser.add_argument("--local-dir", type=Path, required=True, help="holds the data, the sockets and the logs")
    parser.add_argument("--no-fsync", action="store_true", help="faster, for data that may be lost with the power")
    return parser.parse_args(arguments)


def _become(name: str, local_dir: Path, parent: int, *, fsync: bool) -> NoReturn:
    server = SERVERS[name]
    found = binaries.ensure(local_dir)
    owner, site = account.of_servers(), layout.site(local_dir, name)
    for folder in (site.data.parent, site.sockets):
        folders.own(folder, owner)
    account.drop_to(owner)
    processes.claim(site.data, server.PROGRAM)
    command = server.prepare(found, site, fsync=fsync)
    processes.end_with(parent, server.STOP_SIGNAL)
    os.chdir(site.data)  # where claim() looks for servers
    os.execv(command[0], command)  # noqa: S606 - the command is this package's own


if __name__ == "__main__":
    sys.exit(main())
