"""Folders that other users, umasks, interruptions and neighbours in time cannot spoil."""

import fcntl
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.embedded.account import Account
from app.embedded.errors import EmbeddedError


def publish(folder: Path, fill: Callable[[Path], None]) -> None:
    """Fills a folder that all may read once: what stands at its name is complete, and nobody fills it twice."""
    if folder.is_dir():
        return
    with _readable_by_all():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _locked(folder.with_name("lock")):
            if not folder.is_dir():
                incoming = folder.with_name("incoming")
                shutil.rmtree(incoming, ignore_errors=True)
                fill(incoming)
                incoming.rename(folder)


def own(folder: Path, account: Account) -> None:
    """Makes a folder that is the account's alone, or raises EmbeddedError if what is there is not."""
    with _readable_by_all():
        folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid == os.geteuid() != account.uid:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    found = folder.lstat()
    if found.st_uid != account.uid:
        raise EmbeddedError(f"{folder} belongs to user {found.st_uid}, but user {account.uid} is to run in it")
    if not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
        raise EmbeddedError(f"{folder} is not a folder of mode 0700, as one for servers without passwords must be")


@contextmanager
def _readable_by_all() -> Iterator[None]:
    before = os.umask(0o022)  # root's may be 077, and the servers' user has to get in
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
