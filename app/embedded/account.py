"""The user that the servers run as."""

import os
import pwd
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from app.embedded.errors import EmbeddedError


class Account(NamedTuple):
    uid: int
    gid: int


def of_servers() -> Account:
    """Return the caller's account; for root, whom PostgreSQL refuses, that of `postgres` or else of `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedError("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")


def reaches(account: Account, path: Path) -> bool:
    """Tell whether the mode bits of the folders on the way, as far as they exist, let the account in; no ACLs."""
    return account.uid == os.geteuid() or all(
        _may_enter(account, folder.stat()) for folder in (path, *path.parents) if folder.is_dir()
    )


def _may_enter(account: Account, folder: os.stat_result) -> bool:
    if folder.st_uid == account.uid:
        return bool(folder.st_mode & 0o100)
    if folder.st_gid == account.gid:
        return bool(folder.st_mode & 0o010)
    return bool(folder.st_mode & 0o001)


def drop_to(account: Account) -> None:
    if account.uid == os.geteuid():
        return
    try:
        os.setgroups([])
        os.setgid(account.gid)
        os.setuid(account.uid)
    except OSError as error:
        raise EmbeddedError(f"root may not become user {account.uid} here: {error.strerror}") from error
