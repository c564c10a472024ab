"""Makes jobs and months old: the id of a job says when it was posted, and so in which partition its items are."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text

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


async def begin_earlier(bench: Workbench, months: ByMonth, *, days: int) -> list[str]:
    """Have a table's months begin so many days ago, with three of them; return their partitions."""
    then = datetime.now(UTC) - timedelta(days=days)
    bound = months.bound(partitions.ahead_of(then)[0][0])
    old = f"{months.table}_old"
    await bench.execute(f"alter table {months.table} detach partition {old}")
    await bench.execute(f"alter table {months.table} attach partition {old} for values from (minvalue) to ('{bound}')")
    async with bench.engine.begin() as connection:
        there = await months.partitions(connection)
        assert await partitions._make_missing(connection, months, there, then) == 3
    return [f"{months.table}_{first:%Y_%m}" for first, _ in partitions.ahead_of(then)]


async def attend(bench: Workbench, months: ByMonth, age_days: int = 90) -> int:
    """Do the duty once, as a worker does."""
    async with bench.engine.begin() as connection:
        return await partitions.attend(connection, months, age_days=age_days)
