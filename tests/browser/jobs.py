"""Jobs that stand still where a test wants to look at them."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.e2e.shared_system import Json, SharedSystem
from tests.support.waiting import until


@contextlib.asynccontextmanager
async def held(shared: SharedSystem, *ids: UUID) -> AsyncIterator[AsyncConnection]:
    """Lock tickets until a rollback: a chunk with one of them waits, those around it do not.

    A lane gives up after half a minute, and calls the ticket refused.
    """
    async with shared.engine.connect() as connection:
        for limit in ("idle_in_transaction_session_timeout", "transaction_timeout"):
            await connection.execute(text(f"set local {limit} = 0"))
        await connection.execute(text("select from tickets where id = any(:ids) for update"), {"ids": list(ids)})
        yield connection


@contextlib.asynccontextmanager
async def refused(shared: SharedSystem, table: str, change: str) -> AsyncIterator[None]:
    """Let the database refuse a change of rows of a table, which is told by what is `old` and `new` in it."""
    await shared.execute("create function refuse() returns trigger language plpgsql as 'begin raise ''refused''; end'")
    await shared.execute(
        f"create trigger refused before update on {table} for each row when ({change}) execute function refuse()"
    )
    yield
    await shared.execute("drop function refuse cascade")


async def begun(shared: SharedSystem, ids: Sequence[UUID], *, until_processed: int, **fields: object) -> Json:
    """Post a job that deletes tickets, and wait until it has come as far as it can."""
    job = await shared.post("bulk-delete", {"ticketIds": [str(one) for one in ids]}, **fields)

    async def is_there() -> bool:
        return bool((await shared.job(job))["processed"] == until_processed)

    await until(is_there, seconds=30)
    return job


async def slow(shared: SharedSystem, ids: Sequence[UUID]) -> Json:
    """Post a job that closes four tickets a second, and wait for the first of them."""
    payload = {"ticketIds": [str(one) for one in ids], "status": "closed"}
    return await shared.begun(await shared.post("bulk-update", payload, maxItemsPerSecond=4))
