import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from app.cli import compose, console, environment, removal, sizes, turns
from app.cli.commands import reset
from app.cli.environment import REPOSITORY
from app.cli.outcome import Outcome
from app.cli.removal import Doomed

VENV: Final = REPOSITORY / ".venv"
OTHERS: Final = {".git", ".local", VENV.name, "node_modules"}
CACHES: Final = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis"}

add_arguments = reset.add_arguments


def run(options: Namespace) -> Outcome:
    environ = environment.read()
    reset.refuse_foreign_database(environ)
    turns.require_no_restore(environ)
    sys.dont_write_bytecode = True
    doomed = reset.data_here(environment.local_dir(environ))
    if compose.engine_answers():
        doomed.append(reset.containers(environ, with_images=True))
    doomed += [_folder(what, paths) for what, paths in _made_here().items() if paths]
    said = "Everything is stopped and deleted that was made here; .env, backups/ and the code are as they were."
    return reset.carry_out(doomed, "clean", said, is_sure=options.yes)


def _folder(what: str, paths: list[Path]) -> Doomed:
    return Doomed(what, sizes.of(paths), partial(_delete, paths))


def _delete(paths: list[Path]) -> None:
    for path in paths:
        removal.delete(path)


def _made_here() -> dict[str, list[Path]]:
    """Return what was made in this repository, by what it is; the packages last, for they are what runs this.

    No link is followed, and a virtual environment that manage.sh did not fill is somebody's own.
    """
    web = [path for path in (console.BUILT, console.WORKSHOP, console.WEB / "node_modules") if path.is_dir()]
    is_ours = VENV.is_dir() and not VENV.is_symlink() and any(VENV.glob("*.lock"))
    return {
        "the built console, and the packages that it is built with": [path for path in web if not path.is_symlink()],
        "the caches of Python and of the tests": list(_caches()),
        f"the packages, servers and Node.js in {VENV.name}": [VENV] if is_ours else [],
    }


def _caches() -> Iterator[Path]:
    for folder, names, _ in os.walk(REPOSITORY):
        found = CACHES.intersection(names)
        names[:] = set(names) - OTHERS - found
        yield from (path for path in (Path(folder, name) for name in found) if not path.is_symlink())
