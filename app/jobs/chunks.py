"""The SQL on a job's chunks and items, hot path included; nothing here commits."""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import ARRAY, Integer, String, TextClause, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs.models import Chunk, Counts, Item, Result
from app.jobs.operations.operation import ERROR, NOT_FOUND, Operation

_IDS = bindparam("ids", type_=ARRAY(Uuid))
_POSITIONS = bindparam("positions", type_=ARRAY(Integer))
_JOB_ID = bindparam("job_id", type_=Uuid)

_ADD = text("""
    insert into job_chunks (job_id, no, first_position, size, ticket_ids)
    select :job_id, no, no * :size, cardinality(part), part
    from generate_series(0, (cardinality(:ids) - 1) / :size) as no,
         lateral (select (:ids)[no * :size + 1 : (no + 1) * :size] as part) as parts
""").bindparams(_IDS, _JOB_ID)

# A lane holds one of the job's slots as long as its transaction lives, so there are never more lanes than slots.
# Marking the chunk done right away is safe: nobody sees it before the commit that makes it true.
_CLAIM = text("""
    with slot as materialized (
        select from generate_series(1, :lanes) as number
        where pg_try_advisory_xact_lock(hashtextextended(cast(:job_id as text), number))
        limit 1
    ),
    next as (
        select no from job_chunks
        where job_id = :job_id and state = 'pending'
          and exists (select from slot)
          and exists (select from jobs where id = :job_id and status = 'running')
        order by no limit 1
        for update skip locked
    )
    update job_chunks set state = 'done' from next
    where job_chunks.job_id = :job_id and job_chunks.no = next.no
    returning job_chunks.first_position, job_chunks.ticket_ids
""").bindparams(_JOB_ID)

_APPLY = """
    with {operation},
    target as (
        select * from unnest(:ids, :positions) as target (ticket_id, position)
    ),
    coded as (
        select target.*, coalesce(outcome.code, '{not_found}') as code
        from target left join outcome on outcome.ticket_id = target.ticket_id
    ),
    recorded as (
        insert into job_items (job_id, position, ticket_id, result, code)
        select :job_id, position, ticket_id,
               case when code = any(:succeeding) then 'succeeded' else 'failed' end, code
        from coded order by position
        returning result
    )
    select count(*) filter (where result = 'succeeded') as succeeded,
           count(*) filter (where result = 'failed') as failed
    from recorded
"""

_RECORD_ERROR = text("""
    insert into job_items (job_id, position, ticket_id, result, code)
    values (:job_id, :position, :ticket_id, 'failed', :code)
""").bindparams(_JOB_ID, bindparam("ticket_id", type_=Uuid))

# What is done are rows. What is not are the arrays of pending chunks, of which no more are opened than fill the page.
_ITEMS = text("""
    select position, ticket_id, result, code, at from job_items
    where job_id = :job_id and position > :after
      and (:result is null or result = :result)
      and (:code is null or code = :code)
    union all
    select first_position + ordinality - 1, ticket_id, 'unprocessed', null, null
    from (
        select *, sum(ahead) over (order by no) - ahead as ahead_before
        from (
            select *, least(size, first_position + size - 1 - :after) as ahead from job_chunks
            where job_id = :job_id and state = 'pending'
              and (:result is null or :result = 'unprocessed') and :code is null
        ) as pending
        where ahead > 0
    ) as opened, unnest(ticket_ids) with ordinality as item (ticket_id, ordinality)
    where ahead_before < :limit and first_position + ordinality - 1 > :after
    order by position limit :limit
""").bindparams(
    _JOB_ID,
    bindparam("after", type_=Integer),
    bindparam("limit", type_=Integer),
    bindparam("result", type_=String),
    bindparam("code", type_=String),
)

# Slots are taken with pg_try_advisory_xact_lock, so pg_locks knows how many lanes a job has at this moment.
# A job posted within the last second is left to the API that stored it, which may be about to answer.
_CLAIMABLE = text("""
    with held as materialized (
        select (cast(classid as bigint) << 32) | cast(objid as bigint) as key from pg_locks
        where locktype = 'advisory' and objsubid = 1
          and database = (select oid from pg_database where datname = current_database())
    )
    select id, (
        select count(*) from generate_series(1, :lanes) as number
        join held on key = hashtextextended(cast(jobs.id as text), number)
    ) as lanes
    from jobs
    where (status = 'running' or status = 'queued' and created_at < clock_timestamp() - interval '1 second')
      and exists (select from job_chunks where job_id = jobs.id and state = 'pending')
""").bindparams(bindparam("lanes", type_=Integer))


async def add(connection: AsyncConnection, job_id: UUID, ticket_ids: Sequence[UUID], chunk_size: int) -> None:
    await connection.execute(_ADD, {"job_id": job_id, "ids": ticket_ids, "size": chunk_size})


async def claim(connection: AsyncConnection, job_id: UUID, lanes: int) -> Chunk | None:
    """Take a pending chunk that no other lane has; None when there is none, or `lanes` lanes are at work already."""
    row = (await connection.execute(_CLAIM, {"job_id": job_id, "lanes": lanes})).one_or_none()
    return Chunk(row.first_position, row.ticket_ids) if row else None


async def apply(connection: AsyncConnection, operation: Operation, job_id: UUID, chunk: Chunk) -> Counts:
    """Change a chunk's tickets and record what became of each."""
    values = {
        "job_id": job_id,
        "ids": chunk.ticket_ids,
        "positions": chunk.positions,
        "succeeding": operation.succeeding_codes,
    }
    row = (await connection.execute(_apply_statement(operation.apply), values)).one()
    return Counts(row.succeeded, row.failed)


async def record_error(connection: AsyncConnection, job_id: UUID, item: Chunk) -> Counts:
    """Record that the database refused the one item of this chunk."""
    values = {"job_id": job_id, "position": item.first_position, "ticket_id": item.ticket_ids[0], "code": ERROR}
    await connection.execute(_RECORD_ERROR, values)
    return Counts(succeeded=0, failed=1)


async def items(
    connection: AsyncConnection, job_id: UUID, *, result: Result | None, code: str | None, after: int, limit: int
) -> list[Item]:
    """Return items in order of position, from the first one past `after`, all as of one moment."""
    values = {"job_id": job_id, "result": result, "code": code, "after": after, "limit": limit}
    return [Item(*row) for row in await connection.execute(_ITEMS, values)]


async def claimable_jobs(connection: AsyncConnection, lanes: int) -> dict[UUID, int]:
    """Return the jobs that have a chunk to do, and how many of their `lanes` slots are taken at this moment."""
    rows = await connection.execute(_CLAIMABLE, {"lanes": lanes})
    return {row.id: row.lanes for row in rows}


@cache
def _apply_statement(apply_sql: str) -> TextClause:
    succeeding = bindparam("succeeding", type_=ARRAY(String))
    return text(_APPLY.format(operation=apply_sql, not_found=NOT_FOUND)).bindparams(
        _IDS, _POSITIONS, _JOB_ID, succeeding
    )
