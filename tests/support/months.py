"""Makes jobs and months old: the id of a job says when it was posted, and so in which partition its items are."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app import partitions
from app.partitions import ByMonth
from tests.support.workbench import Workbench

_TABLES = (("jobs", "id"), ("job_chunks", "job_id"), ("job_items", "job_id"), ("tickets", "deleted_by_job"))


async def post_earlier(bench: Workbench, job_id: UUID, *, days: float) -> UUID:
    """Have a job posted so many days ago; return the id that it has then."""
    async with bench.engine.connect() as connection:
        earlier: UUID = await connection.scalar(text("select uuidv7(- make_interval(days => :days))"), {"days": days})
    for table, column in _TABLES:
        await bench.falsify(f"update {table} set {column} = :earlier where {column} = :id", id=job_id, earlier=earlier)
    return earlier


async def begin_earlier(engine: AsyncEngine, months: ByMonth, *, days: int) -> list[str]:
    """Have a table's months begin so many days ago, with three of them; return their partitions."""
    then = datetime.now(UTC) - timedelta(days=days)
    [(first, _), *_] = ahead = partitions.ahead_of(then)
    table, old = months.table, f"{months.table}_old"
    until = f"for values from (minvalue) to ('{months.bound(first)}')"
    async with engine.begin() as connection:
        await connection.execute(text(f"alter table {table} detach partition {old}"))
        await connection.execute(text(f"truncate {old}"))  # or it has the pages of what tests before have left there
        await connection.execute(text(f"alter table {table} attach partition {old} {until}"))
        there = await months.partitions(connection)
        assert await partitions._make_missing(connection, months, there, then) == len(ahead)
    return [f"{table}_{month:%Y_%m}" for month, _ in ahead]


async def attend(engine: AsyncEngine, months: ByMonth, age_days: int = 90) -> int:
    """Do the duty once, as a worker does."""
    async with engine.begin() as connection:
        return await partitions.attend(connection, months, age_days=age_days)
