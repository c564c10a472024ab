import asyncio
import os
import time

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from app import models, settings
from app.connecting import Connector
from app.database import CONNECT_SECONDS

# Two deployments at once migrate one after the other. Who waits for a turn has no transaction open: an index that the
# other one builds concurrently waits for all that there are.
_TRY_LOCK = "select pg_try_advisory_lock(hashtextextended('bulkhead migrations', 0))"
_LOOK_AGAIN_SECONDS = 0.2
# A statement that waits for a table makes everyone after it wait too: it had better give up, to be tried again.
_LOCK_TIMEOUT = "set lock_timeout = '5s'"

metadata = models.load()


def migrate(connection: Connection) -> None:
    while not connection.exec_driver_sql(_TRY_LOCK).scalar():
        connection.rollback()
        time.sleep(_LOOK_AGAIN_SECONDS)
    connection.exec_driver_sql(_LOCK_TIMEOUT)
    connection.commit()
    context.configure(connection=connection, target_metadata=metadata, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()


async def connect_and_migrate() -> None:
    url = context.config.attributes.get("database_url") or settings.database_url(os.environ)
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        poolclass=pool.NullPool,
        connect_args={"timeout": CONNECT_SECONDS, "async_creator_fn": Connector()},
    )
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


if context.is_offline_mode():
    context.configure(dialect_name="postgresql", target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
else:
    asyncio.run(connect_and_migrate())
