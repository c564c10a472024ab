"""Changes tickets wrongly when a worker dies, or when two want the same."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import structs
from sqlalchemy import case, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.jobs import chunks, store
from app.jobs.models import Chunk, Job, jobs
from app.jobs.operations.operation import Operation
from app.jobs.status import Status
from app.tickets import store as tickets
from app.tickets.models import Changed
from app.tickets.models import tickets as ticket_table
from tests.chaos.variants.replacing import replace
from worker.lane import Apply, Lanes

LONG_SECONDS = 0.03  # a gap that a random moment meets
LONGEST_SECONDS = 0.2  # and one that one of a few moments meets however busy the machine is


def counts_outside_the_transaction() -> None:
    """Commit what was done, and count it afterwards."""

    async def transact(_: Lanes, engine: AsyncEngine, job: Job, operation: Operation, apply: Apply) -> Job | None:
        async with engine.begin() as connection:
            chunk = await chunks.claim(connection, job.id, 1)
            if chunk is None:
                return None
            counts = await apply(connection, operation, job, chunk)
        await asyncio.sleep(LONGEST_SECONDS)
        async with engine.begin() as connection:
            return await store.count(connection, job, counts)

    replace(Lanes, "_transact_chunk", transact)


def commits_the_claim() -> None:
    """Mark a chunk done in a transaction of its own, before it is."""
    claim = chunks.claim

    async def transact(_: Lanes, engine: AsyncEngine, job: Job, operation: Operation, apply: Apply) -> Job | None:
        async with engine.begin() as connection:
            chunk = await claim(connection, job.id, 1)
        if chunk is None:
            return None
        async with engine.begin() as connection:
            return await store.count(connection, job, await apply(connection, operation, job, chunk))

    replace(Lanes, "_transact_chunk", transact)


def ignores_a_stop() -> None:
    """Count on after a job was canceled or paused."""
    move = store._move

    async def move_on(connection: Any, job_id: Any, froms: Any, *conditions: Any, **values: Any) -> Job | None:
        if "succeeded" not in values:
            return await move(connection, job_id, froms, *conditions, **values)
        await asyncio.sleep(LONG_SECONDS)
        values["status"] = case((jobs.c.status == Status.RUNNING, values["status"]), else_=jobs.c.status)
        return await move(connection, job_id, list(Status), *conditions, **values)

    replace(store, "_move", move_on)


def claims_what_others_have() -> None:
    """Take a chunk without a lock, and mark it later."""

    async def claim(connection: AsyncConnection, job_id: UUID, lanes: int) -> Chunk | None:
        statement = text("""
            select first_position, ticket_ids, source_first, source_last from job_chunks
            where job_id = :job_id and state = 'pending' order by no limit 1
        """)
        row = (await connection.execute(statement, {"job_id": job_id})).one_or_none()
        return Chunk(*row) if row is not None else None

    replace(chunks, "claim", claim)


def writes_what_it_read() -> None:
    """Let people's edits count on from the version that was read, as mappers of objects do."""

    async def change(
        connection: AsyncConnection, ticket_id: UUID, values: Mapping[str, Any], **_: Any
    ) -> Changed | None:
        ticket = await tickets.find(connection, ticket_id, None)
        if ticket is None:
            return None
        await asyncio.sleep(LONG_SECONDS)
        edited = structs.replace(ticket, version=ticket.version + 1, **values)
        statement = update(ticket_table).where(ticket_table.c.id == ticket_id)
        await connection.execute(statement.values(version=edited.version, **values))
        return Changed(ticket, edited)

    replace(tickets, "change", change)
