"""Folders that are complete as soon as they can be seen, and folders that belong to one user alone."""

import fcntl
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.embedded.account import Account
from app.embedded.errors import EmbeddedError


def publish(folder: Path, fill: Callable[[Path], object]) -> None:
    """Fill a folder, readable by all, unless it is there.

    It is filled under another name and renamed when complete, by one process at a time, so that an interrupted filling
    starts afresh and two at once do the work once.
    """
    if folder.is_dir():
        return
    with _readable_by_all():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with folder.with_name("lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.is_dir():
                incoming = folder.with_name("incoming")
                shutil.rmtree(incoming, ignore_errors=True)
                fill(incoming)
                incoming.rename(folder)


def own(folder: Path, account: Account) -> None:
    """Make a folder that only the account may enter; raise `EmbeddedError` if what is there is another's, or open."""
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
