"""What Postgres takes for the work alone: one statement that does it all, on one connection."""

import time
from uuid import UUID

import asyncpg

_TARGETS = "select * from unnest(cast($2 as uuid[])) with ordinality as target (id, position)"
_TAGGED = """
    select id, row_number() over (order by id) as position from tickets where deleted_at is null and tags && array[$2]
"""
_DELETE = """
    with target as ({targets}),
    changed as (
        update tickets
        set deleted_at = clock_timestamp(), deleted_by_job = $1,
            updated_at = clock_timestamp(), version = version + 1
        from target where tickets.id = target.id and deleted_at is null
        returning tickets.id, position, version
    )
    insert into job_items (job_id, position, ticket_id, result, code, version)
    select $1, position, id, 'succeeded', 'deleted', version from changed order by position
"""


async def delete(connection: asyncpg.Connection, targets: list[UUID] | str) -> float:
    """Delete and record the tickets with these ids, or with this tag; return the seconds to its commit."""
    statement = _DELETE.format(targets=_TAGGED if isinstance(targets, str) else _TARGETS)
    job_id = await connection.fetchval("select uuidv7()")  # whose month has a partition, as that of a job has
    started = time.perf_counter()
    await connection.execute(statement, job_id, targets)
    return time.perf_counter() - started
