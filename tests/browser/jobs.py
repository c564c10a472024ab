"""Jobs that stand still where a test wants to look at them."""

import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.e2e.shared_system import SharedSystem


@contextlib.asynccontextmanager
async def held(shared: SharedSystem, *ids: UUID) -> AsyncIterator[AsyncConnection]:
    """Lock tickets until a rollback: a chunk with one of them waits, those around it do not."""
    async with shared.engine.connect() as connection:
        await connection.execute(text("select from tickets where id = any(:ids) for update"), {"ids": list(ids)})
        yield connection
