from alembic import command
from alembic.config import Config

from app.cli import databases
from app.cli.environment import REPOSITORY


def upgrade(database_url: str) -> None:
    """Bring a database to the newest schema; `CliError` when it does not answer or refuses."""
    config = Config(toml_file=REPOSITORY / "pyproject.toml")
    config.attributes["database_url"] = database_url
    with databases.complaining():
        command.upgrade(config, "head")
