from argparse import ArgumentParser, Namespace

from app.cli import compose, environment
from app.cli.environment import Environ
from app.cli.local import daemon


def add_arguments(_: ArgumentParser) -> None:
    """It takes none."""


def run(_: Namespace) -> int:
    print("Everything is stopped." if stop(environment.read()) else "Nothing was running.")
    return 0


def stop(environ: Environ) -> bool:
    """Stop what runs, here and in Docker; tell whether there was anything."""
    was_here = daemon.stop(environment.local_dir(environ))
    if compose.is_there(environ):
        compose.run(environ, "down", "--remove-orphans")
        return True
    return was_here
