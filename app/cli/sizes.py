"""How much there is of what commands delete."""

import os
import re
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

PROJECT: Final = "bulkhead"  # as compose.yaml has it
BLOCK_BYTES: Final = 512
VOLUME: Final = re.compile(rf"^{PROJECT}_\S+\s+\d+\s+(\S+)$", re.MULTILINE)
IMAGE: Final = re.compile(rf"^{PROJECT}-\S+\t(\S+)$", re.MULTILINE)


def of(paths: Iterable[Path]) -> str:
    """Return what files, and folders with all that is in them, take on the disk, as far as one may look."""
    return in_words(sum(map(_bytes, paths)))


def in_words(size: float) -> str:
    for unit in ("B", "kB", "MB"):
        if size < 1000:  # noqa: PLR2004 - as the units have it
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def of_volumes() -> str:
    """Return what Docker says of our volumes, one after the other."""
    return " + ".join(VOLUME.findall(_said_by("docker", "system", "df", "--verbose"))) or "0 B"


def of_images() -> str:
    """Return what Docker says of the images that were built here, which share most of it."""
    return (
        " + ".join(IMAGE.findall(_said_by("docker", "image", "ls", "--format", "{{.Repository}}\t{{.Size}}"))) or "0 B"
    )


def _said_by(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _bytes(path: Path) -> int:
    if path.is_symlink() or not path.exists():
        return 0
    found = [path, *(Path(folder, name) for folder, names, files in os.walk(path) for name in (*names, *files))]
    size = 0
    for each in found:
        with suppress(OSError):  # gone meanwhile
            size += each.lstat().st_blocks * BLOCK_BYTES
    return size
