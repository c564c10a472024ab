"""What cannot go on at the same time: two backups or restores, and a restore with what starts or stops the rest."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from app.cli import environment
from app.cli.environment import Environ
from app.cli.errors import CliError
from app.embedded import locks

BACKUP: Final = "backup.lock"  # held by a backup, and by a restore
RESTORE: Final = "restore.lock"

Turn = Callable[[Environ], AbstractContextManager[None]]


@contextmanager
def backing_up(environ: Environ) -> Iterator[None]:
    """Keep other backups and restores away for the length of the block; `CliError` when there is one already."""
    with _alone(environ, BACKUP):
        yield


@contextmanager
def restoring(environ: Environ) -> Iterator[None]:
    """Keep everything else away for the length of the block; `CliError` when a backup or a restore is under way."""
    with _alone(environ, BACKUP), _alone(environ, RESTORE):
        yield


def require_no_restore(environ: Environ) -> None:
    """Raise `CliError` while a restore is under way, which has stopped what it will start again."""
    if locks.is_exclusive(environment.local_dir(environ) / RESTORE):
        raise CliError("a restore is under way: wait for its end, and try again")


@contextmanager
def _alone(environ: Environ, name: str) -> Iterator[None]:
    folder = environment.local_dir(environ)
    folder.mkdir(parents=True, exist_ok=True)
    with locks.exclusive(folder / name) as lock:
        if lock is None:
            raise CliError("another backup or restore is under way: wait for its end, and try again")
        yield
