"""Locks that the kernel gives back when their holder ends, however it ends; whoever inherits one holds it too."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def alone(path: Path) -> Iterator[IO[str] | None]:
    """The lock file for the time of the block, or None when anybody holds the lock."""
    with path.open("a+") as file:
        yield file if _is_granted(file.fileno(), fcntl.LOCK_EX) else None


def is_held_alone(path: Path) -> bool:
    """Asked in a way that others who ask at the same moment do not take for an answer."""
    return _is_refused(path, fcntl.LOCK_SH)


def is_shared(path: Path) -> bool:
    """Whether anybody holds the lock, with others or not."""
    return _is_refused(path, fcntl.LOCK_EX)


def share_for_life(path: Path) -> None:
    """Hold the lock, with others, until this process ends, and what it becomes, and their children."""
    file = os.open(path, os.O_RDONLY | os.O_CREAT, 0o600)
    fcntl.flock(file, fcntl.LOCK_SH)
    os.set_inheritable(file, True)


def _is_refused(path: Path, kind: int) -> bool:
    if not path.is_file():
        return False
    with path.open() as file:
        return not _is_granted(file.fileno(), kind)


def _is_granted(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
