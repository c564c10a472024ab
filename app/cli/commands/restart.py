from argparse import Namespace

from app.cli import environment, target
from app.cli.commands import down, up
from app.cli.outcome import Outcome

add_arguments = up.add_arguments


def run(options: Namespace) -> Outcome:
    """Stop everything, and start it again where it ran: here or in Docker."""
    environ = environment.read()
    in_docker = target.is_docker(environ, local=options.local)
    up.check(environ, in_docker=in_docker)  # while all of it still runs
    down.stop(environ)
    return up.outcome(up.start(environ, in_docker=in_docker))
