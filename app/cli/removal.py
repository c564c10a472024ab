"""What a command is about to delete: said first, with how much of it there is, and deleted after a yes."""

import fcntl
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from app.cli.environment import REPOSITORY
from app.cli.errors import CliError


class Doomed(NamedTuple):
    """Something that goes."""

    what: str
    size: str
    delete: Callable[[], None]

    @property
    def as_json(self) -> dict[str, Any]:
        return {"what": self.what, "size": self.size}


def ask(doomed: Sequence[Doomed], command: str) -> None:
    """Raise `CliError` unless somebody types yes."""
    if not sys.stdin.isatty():
        raise CliError(f"{command} deletes things, and nobody is here to be asked: add --yes if that is what you want")
    lines = [f"  {each.size:>9}  {each.what}" for each in doomed]
    print("\n".join(["This stops everything, and deletes for good:", *lines]))
    print("Type yes to go on: ", end="", flush=True)
    if sys.stdin.readline().strip().lower() != "yes":
        raise CliError("nothing was changed")


@contextmanager
def alone() -> Iterator[None]:
    """Wait until nobody else deletes things, or sets up the packages: manage.sh does that under the same lock."""
    with (REPOSITORY / "requirements.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def delete(path: Path) -> None:
    """Delete a file, or a folder with all that is in it, if it is there; of a link the link alone."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
