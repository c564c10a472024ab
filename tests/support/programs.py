"""Processes of this repository, which tests start by the hundred."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tests.support.nursery import Forked, Nursery, Order
from tests.support.servers import REPOSITORY

Process = subprocess.Popen[bytes] | Forked

_nursery: Nursery | None = None


@contextmanager
def forking() -> Iterator[None]:
    """Meanwhile fork them from one that has imported all, instead of starting Python each time."""
    global _nursery  # noqa: PLW0603 - as whoever starts a process need not know of it
    with Nursery() as _nursery:
        yield
    _nursery = None


def start(module: str, *arguments: str, folder: Path, environ: Mapping[str, str], log: BinaryIO) -> Process:
    if _nursery is not None and environ["PYTHONPATH"] == str(REPOSITORY):  # it has imported no other program
        return _nursery.start(Order(module, list(arguments), str(folder), dict(environ)), log.fileno())
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
