"""What the database says of a job, counted from its rows and not from its counters."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_LEDGER = text("""
    select jobs.status, jobs.total, jobs.succeeded, jobs.failed,
           (select count(*) from job_items where job_id = jobs.id) as items,
           (select count(distinct position) from job_items where job_id = jobs.id) as positions,
           (select count(*) from job_items where job_id = jobs.id and result = 'succeeded') as items_succeeded,
           (select coalesce(sum(size), 0) from job_chunks where job_id = jobs.id and state = 'pending') as pending,
           (select count(*) from tickets where deleted_by_job = jobs.id) as deleted,
           (select count(*) from tickets where deleted_by_job = jobs.id and version = 2) as deleted_once
    from jobs where id = :job_id
""")


class Ledger(NamedTuple):
    status: str
    total: int
    succeeded: int
    failed: int
    items: int
    positions: int
    items_succeeded: int
    pending: int
    deleted: int
    deleted_once: int

    def balances(self) -> bool:
        """Whether counters, items, tickets and what is still to do agree, and nothing was done twice."""
        done = self.succeeded + self.failed
        return (
            self.items == self.positions == done
            and self.items_succeeded == self.succeeded == self.deleted == self.deleted_once
            and self.pending == self.total - done
        )


async def of(engine: AsyncEngine, job_id: UUID) -> Ledger:
    async with engine.connect() as connection:
        return Ledger(*(await connection.execute(_LEDGER, {"job_id": job_id})).one())
