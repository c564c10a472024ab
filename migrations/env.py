import asyncio
import os

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from app import settings
from app.accounts import models as _accounts  # noqa: F401 - fills the metadata
from app.database import metadata
from app.jobs import models as _jobs  # noqa: F401 - as above
from app.tickets import models as _tickets  # noqa: F401 - as above

# So that two deployments at once migrate one after the other.
_LOCK = "select pg_advisory_xact_lock(hashtextextended('bulkhead migrations', 0))"


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, compare_server_default=True)
    with context.begin_transaction():
        connection.exec_driver_sql(_LOCK)
        context.run_migrations()


async def connect_and_migrate() -> None:
    url = context.config.attributes.get("database_url") or settings.database_url(os.environ)
    engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


if context.is_offline_mode():
    context.configure(dialect_name="postgresql", target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
else:
    asyncio.run(connect_and_migrate())
