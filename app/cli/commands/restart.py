from argparse import Namespace

from app.cli import environment, target
from app.cli.commands import down, up

add_arguments = up.add_arguments


def run(options: Namespace) -> int:
    """Stop everything, and start it again where it ran: here or in Docker."""
    environ = environment.read()
    in_docker = target.is_docker(environ, local=options.local)
    down.stop(environ)
    print(up.places(up.start(environ, in_docker=in_docker)))
    return 0
