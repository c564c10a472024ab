"""`python -m app.cli.local.launch NAME`: what supervisord starts; and supervisord, if it is to end with its caller."""

import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from app.cli.environment import Environ
from app.cli.local import places, programs
from app.embedded import locks, processes


def main(name: str) -> NoReturn:
    """Become the process of that name."""
    parent = os.getppid()  # first of all: it must be the one that started this process
    environ = dict(os.environ)
    local_dir = Path(environ["LOCAL_DIR"])
    if name == programs.SUPERVISOR:
        processes.end_with(parent, signal.SIGTERM)
        _become(supervisor_arguments(local_dir), environ)
    program = programs.find(name)
    locks.share_for_life(local_dir / places.PROCESSES_LOCK)
    if program.is_server:  # it sees to its parent's end itself, after it has changed its user
        _become(program.arguments(local_dir), without_secrets(environ))
    processes.end_with(parent, signal.SIGTERM)
    _become(program.arguments(local_dir), environ)


def supervisor_arguments(local_dir: Path) -> list[str]:
    return ["-m", "supervisor.supervisord", "-c", str(local_dir / places.CONFIG)]


def without_secrets(environ: Environ) -> Environ:
    """Leave out what servers need not know: they may run as a user that runs other things too."""
    return {name: value for name, value in environ.items() if name not in programs.SECRETS}


def _become(arguments: list[str], environ: Environ) -> NoReturn:
    os.execve(sys.executable, [sys.executable, *arguments], environ)  # noqa: S606 - this repository's own


if __name__ == "__main__":
    main(sys.argv[1])
