from argparse import ArgumentParser, Namespace
from contextlib import suppress
from functools import partial
from pathlib import Path

from app.cli import compose, environment, how_many, removal, sizes, turns
from app.cli.environment import Environ
from app.cli.errors import CliError
from app.cli.local import places, supervisor
from app.cli.outcome import Outcome
from app.cli.removal import Doomed

DEMO = "demo"  # the demo has a stack of its own, in a folder of the other's


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(options: Namespace) -> Outcome:
    environ = environment.read()
    refuse_foreign_database(environ)
    turns.require_no_restore(environ)
    doomed = data_here(environment.local_dir(environ))
    if compose.engine_answers():
        doomed.append(containers(environ, with_images=False))
    return carry_out(doomed, "reset", "Everything is stopped, and its data is deleted.", is_sure=options.yes)


def carry_out(doomed: list[Doomed], command: str, said: str, *, is_sure: bool) -> Outcome:
    """Delete all of it, after a yes."""
    if not doomed:
        return Outcome({"deleted": []}, "There is nothing to delete.")
    if not is_sure:
        removal.ask(doomed, command)
    with removal.alone():
        for each in doomed:
            each.delete()
    return Outcome({"deleted": [each.as_json for each in doomed]}, said)


def data_here(local_dir: Path) -> list[Doomed]:
    """Return what the stacks of this machine have: the demo has one of its own in the other's folder."""
    return [
        Doomed(f"the data in {folder}", sizes.of(places.leftovers(folder)), partial(remove, folder))
        for folder in (local_dir / DEMO, local_dir)
        if places.has_stack(folder)
    ]


def containers(environ: Environ, *, with_images: bool) -> Doomed:
    """Return what there is in Docker; the images alone that were built here, for others may use the rest, too."""
    what, size, flags = "the containers, with their data", sizes.of_volumes(), ["--volumes", "--remove-orphans"]
    if with_images:
        what, size = f"{what} and the images built here", f"{size} + {sizes.of_images()}"
        flags += ["--rmi", "local"]

    def delete() -> None:
        compose.run(environ, "down", *flags)
        how_many.forget(environment.local_dir(environ))

    return Doomed(what, size, delete)


def remove(local_dir: Path) -> None:
    """Stop a stack and delete its data, and its folder too if nothing else is in it."""
    supervisor.stop(local_dir)
    for path in places.leftovers(local_dir):
        removal.delete(path)
    with suppress(OSError):  # something else is in it
        local_dir.rmdir()


def refuse_foreign_database(environ: Environ) -> None:
    if "postgres" not in environment.embedded(environ):
        raise CliError(
            "DATABASE_URL or DB_HOST names a database that is not ours to delete: drop that yourself if you mean it, "
            "or unset them to delete the local data"
        )
