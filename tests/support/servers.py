"""One Postgres and one Redis a run, and a database of its own for whoever asks."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import asyncpg
from alembic import command
from alembic.config import Config

from app.settings import Settings, load_settings

REPOSITORY = Path(__file__).parents[2]


class Servers(NamedTuple):
    database_url: str
    redis_url: str

    def database(self, name: str) -> str:
        return self.database_url.replace("/bulkhead?", f"/{name}?")


@contextlib.asynccontextmanager
async def a_database(servers: Servers, template: str) -> AsyncIterator[str]:
    """Copy a database; the copy is dropped at the end."""
    name = f"test_{uuid4().hex}"
    # Copying its files takes Postgres a quarter of the work that logging each of their pages does.
    await execute(servers.database("postgres"), f"create database {name} template {template} strategy file_copy")
    yield servers.database(name)
    await execute(servers.database("postgres"), f"drop database {name} with (force)")


def settings_for(database_url: str, redis_url: str, **environ: str) -> Settings:
    """Return the settings of a test's processes, with a secret of their own."""
    own = {"APP_ENV": "test", "DATABASE_URL": database_url, "REDIS_URL": redis_url, "JWT_SECRET": uuid4().hex}
    return load_settings(own | environ)


def migrate(database_url: str, revision: str = "head") -> None:
    config = Config(toml_file=REPOSITORY / "pyproject.toml")
    config.attributes["database_url"] = database_url
    if revision in {"base", "-1"}:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


async def execute(database_url: str, statement: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
