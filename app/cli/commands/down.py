from argparse import Namespace

from app.cli import compose, environment, turns
from app.cli.environment import Environ
from app.cli.local import supervisor


def run(_: Namespace) -> int:
    print("Everything is stopped." if stop(environment.read()) else "Nothing was running.")
    return 0


def stop(environ: Environ) -> bool:
    """Stop what runs, here and in Docker; tell whether there was anything."""
    turns.require_no_restore(environ)
    was_here = supervisor.stop(environment.local_dir(environ))
    if compose.is_there(environ):
        compose.run(environ, "down", "--remove-orphans")
        return True
    return was_here
