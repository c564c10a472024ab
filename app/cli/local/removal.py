"""What a stack leaves on the disk, and its end; only where the configuration shows that there was a stack."""

import shutil
from contextlib import suppress
from pathlib import Path

from app.cli.local import daemon, places

DEMO = "demo"


def stacks(local_dir: Path) -> list[Path]:
    """Return the local folders that have had a stack: the demo has one of its own in the other's."""
    return [folder for folder in (local_dir / DEMO, local_dir) if places.config(folder).is_file()]


def remove(local_dir: Path) -> None:
    """Stop a stack and delete its data, and its folder too if nothing else is in it."""
    daemon.stop(local_dir)
    for path in places.leftovers(local_dir):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    with suppress(OSError):  # something else is in it
        local_dir.rmdir()
