"""`python -m app.cli.local.launch NAME`: what supervisord starts; and supervisord, if it is to end with its caller."""

import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from app.cli.local import places, programs
from app.embedded import __main__ as embedded
from app.embedded import locks, processes


def main(name: str) -> NoReturn:
    """Become the process of that name."""
    parent = os.getppid()  # first of all: it must be the one that started this process
    local_dir = Path(os.environ["LOCAL_DIR"])
    if name == programs.SUPERVISOR:
        processes.end_with(parent, signal.SIGTERM)
        _become(supervisor_arguments(local_dir))
    program = programs.find(name)
    locks.share_for_life(local_dir / places.PROCESSES_LOCK)
    if program.is_server:  # it sees to its parent's end itself, after it has changed its user
        forget_secrets()
        sys.exit(embedded.become(name, local_dir, parent))
    processes.end_with(parent, signal.SIGTERM)
    _become(["-m", "app" if program is programs.API else "worker.main"])


def supervisor_arguments(local_dir: Path) -> list[str]:
    return ["-m", "supervisor.supervisord", "-c", str(local_dir / places.CONFIG)]


def forget_secrets() -> None:
    """Take out of the environment what servers need not know: they may run as a user that runs other things too."""
    for name in programs.SECRETS:
        os.environ.pop(name, None)


def _become(arguments: list[str]) -> NoReturn:
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - this repository's own


if __name__ == "__main__":
    main(sys.argv[1])
