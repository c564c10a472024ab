"""How a worker shows that its event loop turns: in a file that says when it last did, locked for as long as it lives.

Nobody else has to be there for this: it is about this process alone, and about those of its container.
"""

import fcntl
import os
import stat
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

from app.embedded import locks

BEAT_SECONDS: Final = 1.0
FOLDER: Final = Path(tempfile.gettempdir(), f"bulkhead-workers-{os.geteuid()}")


class Worker(NamedTuple):
    pid: int
    silent_seconds: float


class Heartbeat:
    """The file of this process, until `end`; raises `OSError` where it cannot be made."""

    def __init__(self, folder: Path = FOLDER) -> None:
        _own(folder)
        _forget_dead(folder)
        # Others see it when it is locked: until then it would pass for one that is dead.
        incoming = folder / f"incoming-{os.getpid()}"
        self._file = incoming.open("w")
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._path = folder / str(os.getpid())
        self._write()
        incoming.rename(self._path)

    async def beat(self) -> None:
        self._write()

    def end(self) -> None:
        self._path.unlink(missing_ok=True)
        self._file.close()

    def _write(self) -> None:
        os.pwrite(self._file.fileno(), f"{time.monotonic():020.3f}".encode(), 0)


def living(folder: Path) -> list[Worker]:
    """Return the workers that live here, and how long ago the loop of each last turned."""
    return [worker for file in _files(folder) if locks.is_exclusive(file) and (worker := _read(file))]


def _read(file: Path) -> Worker | None:
    """Return what a file says; None if it has gone meanwhile."""
    try:
        turned_at = float(file.read_text())
    except FileNotFoundError:
        return None
    return Worker(int(file.name), time.monotonic() - turned_at)  # the machine's clock, which is nobody's own


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9]*"))


def _own(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(f"{folder} is not a folder of this user")


def _forget_dead(folder: Path) -> None:
    """Delete what workers left that were killed."""
    for file in _files(folder):
        if not locks.is_exclusive(file):
            file.unlink(missing_ok=True)
