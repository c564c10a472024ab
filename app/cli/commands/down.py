from argparse import Namespace

from app.cli import compose, environment, turns
from app.cli.environment import Environ
from app.cli.local import supervisor
from app.cli.outcome import Outcome


def run(_: Namespace) -> Outcome:
    was_running = stop(environment.read())
    return Outcome({"wasRunning": was_running}, "Everything is stopped." if was_running else "Nothing was running.")


def stop(environ: Environ) -> bool:
    """Stop what runs, here and in Docker; tell whether there was anything."""
    turns.require_no_restore(environ)
    was_here = supervisor.stop(environment.local_dir(environ))
    if compose.is_there(environ):
        compose.run(environ, "down", "--remove-orphans")
        return True
    return was_here
