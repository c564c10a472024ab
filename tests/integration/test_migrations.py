import asyncio

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app import models
from tests.support.servers import REPOSITORY, downgrade, migrate

metadata = models.load()


async def test_every_migration_goes_up_down_and_up_again(database_url: str, engine: AsyncEngine) -> None:
    script = ScriptDirectory(str(REPOSITORY / "migrations"))
    await asyncio.to_thread(downgrade, database_url, "base")
    assert await _tables(engine) == {"alembic_version"}
    for revision in reversed([script.revision for script in script.walk_revisions()]):
        await asyncio.to_thread(migrate, database_url, revision)
        await asyncio.to_thread(downgrade, database_url, "-1")
        await asyncio.to_thread(migrate, database_url, revision)
    assert await _tables(engine) == {"alembic_version", *metadata.tables}


async def test_models_and_migrations_do_not_drift(engine: AsyncEngine) -> None:
    def differences(connection: Connection) -> list[object]:
        partitions = set(connection.exec_driver_sql("select relname from pg_class where relispartition").scalars())
        opts = {"compare_server_default": True, "include_name": lambda name, *_: name not in partitions}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, metadata))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def _tables(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        found = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        rows = await connection.execute(text(f"{found} and not relispartition"))
        return set(rows.scalars())
