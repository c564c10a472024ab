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
from tests.support.waiting import until

FRONTEND_URL = "http://localhost:3000"
REPOSITORY = Path(__file__).parents[2]


class Servers(NamedTuple):
    database_url: str
    redis_url: str

    def database(self, name: str) -> str:
        return self.database_url.replace("/bulkhead?", f"/{name}?")


class Database(NamedTuple):
    name: str
    shape: asyncpg.Record


FREE: list[Database] = []  # of this process: they are as the template is, and nobody uses them now
# How many there are of what a test may have added to the schema, or taken away.
SHAPE = """
    select (select count(*) from pg_class where relnamespace = 'public'::regnamespace),
           (select count(*) from pg_proc where pronamespace = 'public'::regnamespace),
           (select count(*) from pg_trigger where not tgisinternal)
"""
# Deleting the few rows of most tests takes a tenth of what truncating does, which makes new files for each table and
# index. Triggers that keep rows from being deleted, and the checks of references, are off meanwhile. What the planner
# knows of a table's size (`relpages`) truncating alone makes forgotten.
EMPTY = """
    do $$
    declare
        used record;
    begin
        set local session_replication_role = replica;
        for used in
            select oid::regclass as name, relpages > 0 or pg_relation_size(oid) > 1000000 as is_known_or_large
            from pg_class
            where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'alembic_version'
                and pg_relation_size(oid) > 0
        loop
            if used.is_known_or_large then
                execute format('truncate %s cascade', used.name);
            else
                execute format('delete from %s', used.name);
            end if;
        end loop;
    end $$
"""
RESTART = """
    select setval(oid::regclass, 1, false) from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'S'
"""
END_SESSIONS = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1"


@contextlib.asynccontextmanager
async def a_database(servers: Servers, template: str) -> AsyncIterator[str]:
    """Lend a database that is as the template is: emptied and lent again, if its schema was left alone."""
    database = FREE.pop() if FREE else await _copied(servers, template)
    yield servers.database(database.name)
    await _end_sessions(servers, database)
    if await _is_emptied(servers.database(database.name), database.shape):
        FREE.append(database)
    else:
        await execute(servers.database("postgres"), f"drop database {database.name} with (force)")


async def _copied(servers: Servers, template: str) -> Database:
    name = f"test_{uuid4().hex}"
    # Copying its files takes Postgres a quarter of the work that logging each of their pages does.
    await execute(servers.database("postgres"), f"create database {name} template {template} strategy file_copy")
    async with _connected(servers.database(name)) as connection:
        return Database(name, await connection.fetchrow(SHAPE))


async def _end_sessions(servers: Servers, database: Database) -> None:
    async with _connected(servers.database("postgres")) as connection:

        async def are_none_left() -> bool:
            return not await connection.fetch(END_SESSIONS, database.name)

        await until(are_none_left)


async def _is_emptied(database_url: str, shape: asyncpg.Record) -> bool:
    """Empty a database, unless its schema is another one now."""
    async with _connected(database_url) as connection:
        if await connection.fetchrow(SHAPE) != shape:
            return False
        await connection.execute(EMPTY)
        await connection.execute(RESTART)
        return True


def settings_for(database_url: str, redis_url: str, **environ: str) -> Settings:
    """Return the settings of a test's processes, with a secret of their own."""
    own = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "JWT_SECRET": uuid4().hex}
    return load_settings({"APP_ENV": "test", "FRONTEND_URL": FRONTEND_URL} | own | environ)


def migrate(database_url: str, revision: str = "head") -> None:
    config = Config(toml_file=REPOSITORY / "pyproject.toml")
    config.attributes["database_url"] = database_url
    if revision in {"base", "-1"}:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


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
