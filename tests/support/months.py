"""Makes jobs old: their ids say when they were posted, and so in which partition their items are."""

from uuid import UUID

from sqlalchemy import text

from tests.support.workbench import Workbench

_TABLES = (("jobs", "id"), ("job_chunks", "job_id"), ("job_items", "job_id"), ("tickets", "deleted_by_job"))


async def post_earlier(bench: Workbench, job_id: UUID, *, days: float) -> UUID:
    """Have a job posted so many days ago; return the id that it has then."""
    async with bench.engine.connect() as connection:
        earlier: UUID = await connection.scalar(text("select uuidv7(- make_interval(days => :days))"), {"days": days})
    for table, column in _TABLES:
        await bench.falsify(f"update {table} set {column} = :earlier where {column} = :id", id=job_id, earlier=earlier)
    return earlier
