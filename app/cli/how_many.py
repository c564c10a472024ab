"""How many workers and API processes were asked for: kept in the local folder, so that later starts have them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.cli.errors import CliError
from app.cli.local import places
from app.embedded import locks

MOST: Final = {"worker": 64, "api": 16}  # compose.yaml's proxy knows of 16


def text_of(numbers: Mapping[str, int]) -> str:
    """Say it in words: 4 workers, 1 API process."""
    words = {"worker": ("worker", "workers"), "api": ("API process", "API processes")}
    return ", ".join(f"{number} {words[name][number != 1]}" for name, number in numbers.items())


def read(local_dir: Path) -> dict[str, int]:
    """Return what was asked for, if anything was; all else is as the settings have it."""
    file = local_dir / places.SCALE
    return dict(json.loads(file.read_text())) if file.is_file() else {}


def write(local_dir: Path, numbers: Mapping[str, int]) -> None:
    incoming = local_dir / places.SCALE_INCOMING
    incoming.write_text(json.dumps(dict(numbers)))
    incoming.rename(local_dir / places.SCALE)


def forget(local_dir: Path) -> None:
    (local_dir / places.SCALE).unlink(missing_ok=True)


@contextmanager
def alone(local_dir: Path) -> Iterator[None]:
    """Keep others who scale away for the length of the block; `CliError` when there is one already."""
    local_dir.mkdir(parents=True, exist_ok=True)
    with locks.exclusive(local_dir / places.SCALE_LOCK) as lock:
        if lock is None:
            raise CliError("somebody else changes the numbers at this moment: wait for the end of that, and try again")
        yield
