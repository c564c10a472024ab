from argparse import Namespace

from alembic import command
from alembic.config import Config

from app.cli import compose, databases, environment, target
from app.cli.environment import REPOSITORY, Environ


def run(_: Namespace) -> int:
    environ = environment.read()
    if target.is_docker(environ):
        compose.run(environ, "run", "--rm", "migrate")
    else:
        databases.require(environ)
        upgrade(environ)
    print("The database has the newest schema.")
    return 0


def upgrade(environ: Environ) -> None:
    """Bring the database to the newest schema; `CliError` when it does not answer or refuses."""
    config = Config(toml_file=REPOSITORY / "pyproject.toml")
    config.attributes["database_url"] = environment.urls(environ)["DATABASE_URL"]
    with databases.complaining(environ):
        command.upgrade(config, "head")
