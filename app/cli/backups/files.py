"""Where backups are."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.cli.environment import REPOSITORY
from app.cli.errors import CliError

FOLDER: Final = REPOSITORY / "backups"  # where no reset looks
CALLED_FROM: Final = "BULKHEAD_CALLED_FROM"  # manage.sh goes to the repository, and says where it was


def given(file: str) -> Path:
    """Return a file as its name was meant where the command was typed."""
    return Path(os.environ.get(CALLED_FROM, "."), file).absolute()


def to_write(file: str | None) -> Path:
    """Return where a backup goes: to a file, into a folder, or into our own, which may be missing still.

    Raises:
        CliError: it cannot go there.
    """
    path = given(file) if file is not None else FOLDER
    if path.is_dir() or path == FOLDER:
        path /= f"bulkhead-{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}.tar"
    if path.exists():
        raise CliError(f"{path} is there already: give another name, or move that one away")
    if not path.parent.is_dir() and path.parent != FOLDER:
        raise CliError(f"there is no folder {path.parent}: make it first")
    return path
