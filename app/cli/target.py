"""Whether a command is about containers or about processes of this machine."""

from app.cli import compose, environment
from app.cli.environment import Environ
from app.cli.local import supervisor


def is_docker(environ: Environ, *, local: bool = False) -> bool:
    """Tell whether containers are meant.

    They are not when the caller asks for processes of this machine, when those run already, or when the environment
    names a Postgres or Redis of the caller's own. Otherwise they are where a Docker engine answers.
    """
    if local or supervisor.is_running(environment.local_dir(environ)):
        return False
    names_none = len(environment.embedded(environ)) == len(environment.NAMED_BY)
    return names_none and compose.engine_answers()
