"""One Postgres and one Redis a run, and what is asked of them."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import asyncpg
from alembic import command
from alembic.config import Config

from app.settings import Settings, load_settings

FRONTEND_URL = "http://localhost:3000"
REPOSITORY = Path(__file__).parents[2]


class Servers(NamedTuple):
    database_url: str
    redis_url: str

    def database(self, name: str) -> str:
        return self.database_url.replace("/bulkhead?", f"/{name}?")


def settings_for(database_url: str, redis_url: str, **environ: str) -> Settings:
    """Return the settings of a test's processes, with a secret of their own."""
    own = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "JWT_SECRET": uuid4().hex}
    return load_settings({"APP_ENV": "test", "FRONTEND_URL": FRONTEND_URL} | own | environ)


def migrate(database_url: str, revision: str = "head") -> None:
    command.upgrade(_alembic(database_url), revision)


def downgrade(database_url: str, revision: str) -> None:
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
