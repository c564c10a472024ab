"""Whether a command means containers or processes of this machine."""

from app.cli import compose, environment
from app.cli.environment import Environ
from app.cli.errors import CliError
from app.cli.local import daemon
from app.embedded import readiness


def is_docker(environ: Environ, *, local: bool = False) -> bool:
    """Processes if asked for, if they run, or if a server of one's own is named; else containers where they can run."""
    if local or daemon.is_running(environment.local_dir(environ)):
        return False
    names_none = len(environment.embedded(environ)) == len(environment.NAMED_BY)
    return names_none and compose.engine_answers()


def require_postgres(environ: Environ) -> None:
    """Raise `CliError` when the database is the embedded one and does not run."""
    if "postgres" in environment.embedded(environ) and not readiness.postgres_ready(environment.local_dir(environ)):
        raise CliError("PostgreSQL is not running here. Start it with ./manage.sh up, or set DATABASE_URL.")
