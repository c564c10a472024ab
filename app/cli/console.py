"""The console's build: made of the sources as they are, and put in its place when it is whole."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from app.cli import node
from app.cli.environment import REPOSITORY
from app.cli.errors import CliError
from app.cli.local import programs
from app.embedded.errors import EmbeddedError

WEB: Final = REPOSITORY / "app" / "web"
BUILT: Final = WEB / "dist"
WORKSHOP: Final = WEB / ".build"  # a copy of the sources, so that nobody's node_modules are touched
LOCK: Final = "package-lock.json"
STAMP: Final = ".built-from"  # within the build: whoever makes another by hand takes it away
NO_SOURCES: Final = {"node_modules", BUILT.name, WORKSHOP.name}
COMMANDS: Final = (
    # Without a network `ci` would ask for each of hundreds of packages, and take minutes to give up.
    ("view", "vite", "version", "--prefer-offline", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"),
    # What packages would run when they are installed is not needed, and not wanted.
    ("ci", "--include=dev", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"),
    ("run", "build"),
)
TAIL_LINES: Final = 15


def ensure(tell: Callable[[str], None]) -> None:
    """Build the console if that is called for, and go on without when it fails."""
    try:
        if (WEB / LOCK).is_file():
            build(tell)
    except (CliError, EmbeddedError, OSError) as error:
        kept = "the one that was built before stays" if is_built() else "all else works without"
        sys.stderr.write(f"bulkhead: the console was not built, and {kept}; ./manage.sh build tries again: {error}\n")


def build(tell: Callable[[str], None]) -> bool:
    """Build the console unless what is there was made of these very sources; tell whether it was built."""
    with _alone():
        sources = fingerprint()
        if is_built() and _stamp() == sources:
            return False
        tell("Building the console; this happens once, and may take a minute ...")
        try:
            _make(sources)
        finally:
            shutil.rmtree(WORKSHOP, ignore_errors=True)
    return True


def is_built() -> bool:
    return (BUILT / "index.html").is_file()


def fingerprint() -> str:
    """Return a hash of all that the build is made of: sources, lock and configuration."""
    hashed = sha256()
    for path in sorted(_sources()):
        hashed.update(f"{path.relative_to(WEB)}\0{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return hashed.hexdigest()


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until nobody else builds."""
    if not (WEB / LOCK).is_file():
        raise CliError(f"there is no {WEB / LOCK}, and so no console to build")
    with (WEB / LOCK).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sources() -> Iterator[Path]:
    for folder, names, files in os.walk(WEB):
        names[:] = set(names) - NO_SOURCES
        yield from (Path(folder, file) for file in files)


def _stamp() -> str:
    stamp = BUILT / STAMP
    return stamp.read_text() if stamp.is_file() else ""


def _make(sources: str) -> None:
    shutil.rmtree(WORKSHOP, ignore_errors=True)  # of one that was killed
    shutil.copytree(WEB, WORKSHOP, ignore=lambda _, names: NO_SOURCES.intersection(names))
    environ = {name: value for name, value in os.environ.items() if name not in programs.SECRETS}
    environ |= {"PATH": node.search_path(), "NODE_ENV": "production"}
    for words in COMMANDS:
        _npm(words, environ)
    made = WORKSHOP / BUILT.name
    (made / STAMP).write_text(sources)
    if BUILT.exists():
        BUILT.rename(WORKSHOP / "before")
    made.rename(BUILT)


def _npm(words: tuple[str, ...], environ: dict[str, str]) -> None:
    done = subprocess.run(
        ["npm", *words],  # noqa: S607 - on the PATH that it is given
        cwd=WORKSHOP,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        said = done.stdout.splitlines()[-TAIL_LINES:]
        raise CliError("\n".join([f"npm {words[0]} failed, and its last words were:", *(f"  {line}" for line in said)]))
