import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from app.cli import compose, environment, turns
from app.cli.environment import Environ
from app.cli.errors import CliError
from app.cli.local import places, supervisor

DEMO = "demo"  # the demo has a stack of its own, in a folder of the other's


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(options: Namespace) -> int:
    environ = environment.read()
    refuse_foreign_database(environ)
    turns.require_no_restore(environ)
    folders, in_docker = stacks(environment.local_dir(environ)), compose.engine_answers()
    if not folders and not in_docker:
        print("There is nothing to delete.")
        return 0
    if not options.yes:
        ask(folders, in_docker=in_docker)
    for folder in folders:
        remove(folder)
    if in_docker:
        compose.run(environ, "down", "--volumes", "--remove-orphans")
    print("Everything is stopped, and its data is deleted.")
    return 0


def stacks(local_dir: Path) -> list[Path]:
    """Return the local folders that have had a stack: the demo has one of its own in the other's."""
    return [folder for folder in (local_dir / DEMO, local_dir) if places.has_stack(folder)]


def remove(local_dir: Path) -> None:
    """Stop a stack and delete its data, and its folder too if nothing else is in it."""
    supervisor.stop(local_dir)
    for path in places.leftovers(local_dir):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    with suppress(OSError):  # something else is in it
        local_dir.rmdir()


def refuse_foreign_database(environ: Environ) -> None:
    if "postgres" not in environment.embedded(environ):
        raise CliError(
            "DATABASE_URL or DB_HOST names a database that is not ours to delete: drop that yourself if you mean it, "
            "or unset them to delete the local data"
        )


def ask(folders: Sequence[Path], *, in_docker: bool) -> None:
    """Raise `CliError` unless somebody types yes."""
    if not sys.stdin.isatty():
        raise CliError("reset deletes all data, and nobody is here to be asked: add --yes if that is what you want")
    things = [*(f"the data in {folder}" for folder in folders), *(["the Docker volumes"] if in_docker else [])]
    print(f"This stops everything and deletes {', and '.join(things)}.\nType yes to go on: ", end="", flush=True)
    if sys.stdin.readline().strip().lower() != "yes":
        raise CliError("nothing was changed")
