"""The connections to a test's database, as Postgres sees them."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_WAIT = "wait_event_type = 'Lock'"


async def count_waiting(engine: AsyncEngine) -> int:
    """Return how many wait for a lock."""
    return await _count(engine, "pid", _WAIT)


async def end_waiting(engine: AsyncEngine) -> int:
    """End those that wait for a lock; return how many there were."""
    return await _count(engine, "pg_terminate_backend(pid)", _WAIT)


async def end_those_of_the_api(engine: AsyncEngine) -> int:
    return await end_those_of(engine, "bulkhead-api")


async def end_those_of(engine: AsyncEngine, application_name: str) -> int:
    return await _count(engine, "pg_terminate_backend(pid)", f"application_name = '{application_name}'")


async def _count(engine: AsyncEngine, what: str, condition: str) -> int:
    statement = f"select count({what}) from pg_stat_activity where datname = current_database() and {condition}"
    async with engine.connect() as connection:
        return int(await connection.scalar(text(statement)) or 0)
