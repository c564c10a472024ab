"""File locks, which the kernel releases when the last process that has the file open ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def exclusive(path: Path) -> Iterator[IO[str] | None]:
    """Give the lock file, locked for the length of the block; None when anybody else holds the lock."""
    with path.open("a+") as file:
        yield file if is_granted(file.fileno(), fcntl.LOCK_EX) else None


def is_exclusive(path: Path) -> bool:
    """Tell whether somebody holds the lock exclusively.

    It tries a shared lock, so that of two who ask at the same moment neither takes the other for the holder.
    """
    return _is_refused(path, fcntl.LOCK_SH)


def is_held(path: Path) -> bool:
    """Tell whether anybody holds the lock, exclusively or shared."""
    return _is_refused(path, fcntl.LOCK_EX)


def share_for_life(path: Path) -> None:
    """Hold the lock, shared with others, until this process and all its children have ended."""
    file = os.open(path, os.O_RDONLY | os.O_CREAT, 0o600)
    fcntl.flock(file, fcntl.LOCK_SH)
    os.set_inheritable(file, True)


def is_granted(file: int, kind: int) -> bool:
    """Ask for the lock of an open file without waiting for it."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_refused(path: Path, kind: int) -> bool:
    if not path.is_file():
        return False
    with path.open() as file:
        return not is_granted(file.fileno(), kind)
