"""What the tests of the embedded servers look through; psql, so that libpq reads the same URL as asyncpg."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from app.embedded import account, binaries, layout
from tests.support import embedded

DEADLINE_SECONDS = 20.0
FOR_ROOT = "needs root, to be a user that PostgreSQL refuses or to become another"


def query(local_dir: Path, statement: str) -> str:
    return subprocess.check_output(_psql(local_dir, statement), text=True, stderr=subprocess.PIPE).strip()


@contextmanager
def querying(local_dir: Path, statement: str) -> Iterator[None]:
    """A statement under way for as long as the block lasts."""
    with subprocess.Popen(_psql(local_dir, statement), stderr=subprocess.DEVNULL) as psql:
        try:
            yield
        finally:
            psql.kill()


def answers(local_dir: Path) -> bool:
    try:
        return query(local_dir, "select 1") == "1"
    except subprocess.CalledProcessError:
        return False


def cache(local_dir: Path) -> "redis.Redis":
    return redis.Redis.from_url(layout.redis_url(local_dir), decode_responses=True)


def launch_as(uid: int, server: str, local_dir: Path) -> "subprocess.Popen[str]":
    """A launcher of another user; it imports before it changes, since that user may not reach the interpreter."""
    change = f"import os; os.setgroups([]); os.setgid({uid}); os.setuid({uid})"
    return subprocess.Popen(
        [
            *(sys.executable, "-c", f"import sys; from app.embedded.__main__ import main; {change}; sys.exit(main())"),
            *(server, "--local-dir", local_dir),
        ],
        cwd=embedded.REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.005)


def lives(pid: int) -> bool:
    """Whether a process is there and no zombie, which is what it stays where nobody reaps orphans."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def is_root() -> bool:
    return os.geteuid() == 0


def reaches(uid: int, path: Path) -> bool:
    return account.reaches(account.Account(uid, uid), path)


def _psql(local_dir: Path, statement: str) -> list[str]:
    return [str(binaries.ensure(local_dir).psql), layout.database_url(local_dir), "-AtqX", "-c", statement]
