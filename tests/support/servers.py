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
from tests.support.janitor import Charge, Janitor

FRONTEND_URL = "http://localhost:3000"
REPOSITORY = Path(__file__).parents[2]


class Servers(NamedTuple):
    database_url: str
    redis_url: str

    def database(self, name: str) -> str:
        return self.database_url.replace("/bulkhead?", f"/{name}?")


class Database(NamedTuple):
    name: str
    charge: Charge


FREE: list[Database] = []  # of this process: they are as the template is, and nobody uses them now
JANITOR = Janitor()


@contextlib.asynccontextmanager
async def a_database(servers: Servers, template: str) -> AsyncIterator[str]:
    """Lend a database that is as the template is: emptied and lent again, if its schema was left alone."""
    database = FREE.pop() if FREE else await _copied(servers, template)
    yield servers.database(database.name)
    if await JANITOR.empties(database.charge):
        FREE.append(database)
    else:
        await JANITOR.leave(database.charge)
        await execute(servers.database("postgres"), f"drop database {database.name} with (force)")


async def _copied(servers: Servers, template: str) -> Database:
    name = f"test_{uuid4().hex}"
    # Copying its files takes Postgres a quarter of the work that logging each of their pages does.
    await execute(servers.database("postgres"), f"create database {name} template {template} strategy file_copy")
    return Database(name, await JANITOR.charged_with(servers.database(name)))


def settings_for(database_url: str, redis_url: str, **environ: str) -> Settings:
    """Return the settings of a test's processes, with a secret of their own."""
    own = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "JWT_SECRET": uuid4().hex}
    return load_settings({"APP_ENV": "test", "FRONTEND_URL": FRONTEND_URL} | own | environ)


def migrate(database_url: str, revision: str = "head") -> None:
    if revision in {"base", "-1"}:
        migrate_down(database_url, revision)
    else:
        command.upgrade(_alembic(database_url), revision)


def migrate_down(database_url: str, revision: str) -> None:
    command.downgrade(_alembic(database_url), revision)


def _alembic(database_url: str) -> Config:
    config = Config(toml_file=REPOSITORY / "pyproject.toml")
    config.attributes["database_url"] = database_url
    return config


async def execute(database_url: str, statement: str) -> None:
    async with _connected(database_url) as connection:
        await connection.execute(statement)


@contextlib.asynccontextmanager
async def _connected(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    try:
        yield connection
    finally:
        await connection.close()
