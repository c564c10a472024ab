"""A disk so small that it can be filled."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.chaos.unplayable import Unplayable

MEGABYTES = 320
BLOCK = bytes(1024 * 1024)


@contextlib.contextmanager
def small(folder: Path) -> Iterator[None]:
    """Mount a small file system in memory over a folder.

    Raises:
        Unplayable: only root may, and not in every container.
    """
    options = f"size={MEGABYTES}m,mode=755"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)  # noqa: S607
    if mounted.returncode != 0:
        raise Unplayable(f"no small disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)  # noqa: S607


def fill(folder: Path) -> Path:
    """Write a file that leaves no room, and return it."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(BLOCK):
            pass
    return ballast
