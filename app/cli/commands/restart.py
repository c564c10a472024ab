from argparse import ArgumentParser, Namespace

from app.cli import environment, target
from app.cli.commands import down, up


def add_arguments(parser: ArgumentParser) -> None:
    up.add_arguments(parser)


def run(options: Namespace) -> int:
    """What runs here starts here again, what runs in Docker there."""
    environ = environment.read()
    in_docker = target.is_docker(environ, local=options.local)
    down.stop(environ)
    up.start(environ, in_docker=in_docker)
    return 0
