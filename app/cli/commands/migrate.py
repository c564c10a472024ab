from argparse import Namespace

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.cli import compose, databases, environment, samples, target
from app.cli.commands import seed
from app.cli.environment import REPOSITORY, Environ
from app.cli.outcome import Outcome


def run(_: Namespace) -> Outcome:
    environ = environment.read()
    if target.is_docker(environ):
        compose.run(environ, "run", "--rm", "migrate")
    else:
        databases.require(environ)
        prepare(environ)
    return Outcome({"revision": _newest()}, "The database has the newest schema.")


def prepare(environ: Environ) -> None:
    """Do what each start begins with: bring the schema up to date, and seed where RUN_SEED_ON_START says so."""
    upgrade(environ)
    if environment.seeds_on_start(environ):
        print(seed.describe(seed.add(environ, samples.DEFAULT_TICKETS, in_docker=False)))


def upgrade(environ: Environ) -> None:
    """Bring the database to the newest schema; `CliError` when it does not answer or refuses."""
    config = _config()
    config.attributes["database_url"] = environment.urls(environ)["DATABASE_URL"]
    with databases.complaining(environ):
        command.upgrade(config, "head")


def _newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    return Config(toml_file=REPOSITORY / "pyproject.toml")
