"""The SQL on a job's chunks, which lanes claim and do; nothing here commits. What became of the items: items.py."""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

import msgspec
from sqlalchemy import (
    ARRAY,
    Integer,
    String,
    Subquery,
    TextClause,
    Uuid,
    bindparam,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs.models import Chunk, Claimable, Counts, Job, job_chunks
from app.jobs.operations.operation import ERROR, NOT_FOUND, Operation

# Larger chunks are faster, but a job should have enough of them for people to see it move.
CHUNKS, MIN_SIZE = 40, 1000

_IDS = bindparam("ids", type_=ARRAY(Uuid))
_POSITIONS = bindparam("positions", type_=ARRAY(Integer))
_JOB_ID = bindparam("job_id", type_=Uuid)
_PARAMETERS = (
    _IDS,
    _POSITIONS,
    _JOB_ID,
    bindparam("succeeding", type_=ARRAY(String)),
    bindparam("params", type_=String),
    bindparam("source_first", type_=Integer),
    bindparam("source_last", type_=Integer),
)

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
          and exists (
              select from jobs where id = :job_id and status = 'running'
                and (not_before is null or not_before <= clock_timestamp())
          )
        order by no limit 1
        for update skip locked
    )
    update job_chunks set state = 'done' from next
    where job_chunks.job_id = :job_id and job_chunks.no = next.no
    returning first_position, ticket_ids, source_first, source_last
""").bindparams(_JOB_ID)

_APPLY = """
    with {source}
    locked as materialized (
        select {table}.id, {verdict} as verdict, {before} as before, {restores} as restores
        from {table} {join}
        where {table}.id = any(:ids) order by {table}.id for update of {table}
    ),
    {taking}
    changed as (
        {change}
    ),
    coded as (
        select ticket_id, position, changed.version, coalesce({code}, '{not_found}') as code,
               case when changed.id is not null then locked.before end as before
        from unnest(:ids, :positions) as target (ticket_id, position)
        left join locked on locked.id = target.ticket_id
        left join changed on changed.id = target.ticket_id
    ),
    recorded as (
        insert into job_items (job_id, position, ticket_id, result, code, before, version)
        select :job_id, position, ticket_id,
               case when code = any(:succeeding) then 'succeeded' else 'failed' end, code, before, version
        from coded order by position
        returning result, code
    )
    select result, code, count(*) from recorded group by result, code
"""

_RECORD_ERROR = text("""
    insert into job_items (job_id, position, ticket_id, result, code)
    values (:job_id, :position, :ticket_id, 'failed', :code)
""").bindparams(_JOB_ID, bindparam("ticket_id", type_=Uuid))

# Slots are taken with pg_try_advisory_xact_lock, so pg_locks knows how many lanes a job has at this moment.
# A job is left alone for a second after it was posted: the API that stored it may be about to answer, and wakes lanes
# then. Nobody but the sweeper wakes lanes for a job whose `run_at` has come.
_CLAIMABLE = text("""
    with held as materialized (
        select (cast(classid as bigint) << 32) | cast(objid as bigint) as key from pg_locks
        where locktype = 'advisory' and objsubid = 1
          and database = (select oid from pg_database where datname = current_database())
    )
    select id, priority, case when max_items_per_second is null then :lanes else 1 end - (
        select count(*) from generate_series(1, :lanes) as number
        join held on key = hashtextextended(cast(jobs.id as text), number)
    ) as missing
    from jobs
    where (status = 'running' and (not_before is null or not_before <= clock_timestamp())
           or status = 'queued' and coalesce(run_at, created_at + interval '1 second') <= clock_timestamp())
      and (total is null or exists (select from job_chunks where job_id = jobs.id and state = 'pending'))
""").bindparams(bindparam("lanes", type_=Integer))


def size_of(total: int, max_size: int) -> int:
    """Return the size of a job's chunks, of which the last one may be smaller; `snapshot` says the same in SQL."""
    return min(max_size, max(MIN_SIZE, total // CHUNKS))


async def add(connection: AsyncConnection, job_id: UUID, ticket_ids: Sequence[UUID], max_size: int) -> None:
    """Write down the targets of a job as its chunks, none larger than `max_size`."""
    size = size_of(len(ticket_ids), max_size)
    await connection.execute(_ADD, {"job_id": job_id, "ids": ticket_ids, "size": size})


async def claim(connection: AsyncConnection, job_id: UUID, lanes: int) -> Chunk | None:
    """Take a pending chunk that no other lane has; None when there is none, or `lanes` lanes are at work already."""
    row = (await connection.execute(_CLAIM, {"job_id": job_id, "lanes": lanes})).one_or_none()
    return Chunk(*row) if row is not None else None


async def snapshot(connection: AsyncConnection, job_id: UUID, targets: Subquery, max_size: int) -> int:
    """Write down the tickets that a query of targets.py finds as a job's chunks; return how many it found."""
    position = (func.row_number().over(order_by=targets.c.rank) - 1).label("position")
    size = func.least(max_size, func.greatest(MIN_SIZE, func.count().over() // CHUNKS)).label("size")
    ranked = select(targets.c.ticket_id, targets.c.source_position, position, size).subquery()
    no = (ranked.c.position // ranked.c.size).label("no")
    rows = select(
        literal(job_id, Uuid),
        no,
        func.min(ranked.c.position),
        func.count(),
        func.array_agg(aggregate_order_by(ranked.c.ticket_id, ranked.c.position)),
        func.min(ranked.c.source_position),
        func.max(ranked.c.source_position),
    ).group_by(no)
    columns = ["job_id", "no", "first_position", "size", "ticket_ids", "source_first", "source_last"]
    await connection.execute(insert(job_chunks).from_select(columns, rows))
    total = select(func.coalesce(func.sum(job_chunks.c.size), 0)).where(job_chunks.c.job_id == job_id)
    return await connection.scalar(total) or 0


async def apply(connection: AsyncConnection, operation: Operation, job: Job, chunk: Chunk) -> Counts:
    """Change a chunk's tickets and record what became of each."""
    statement, names = _apply_statement(operation)
    values = {
        "job_id": job.id,
        "ids": chunk.ticket_ids,
        "positions": chunk.positions,
        "succeeding": operation.succeeding_codes,
        "params": msgspec.json.encode(job.params).decode(),
        "source_first": chunk.source_first,
        "source_last": chunk.source_last,
    }
    rows = await connection.execute(statement, {name: values[name] for name in names})
    return Counts.of({(result, code): count for result, code, count in rows})


async def record_error(connection: AsyncConnection, job_id: UUID, item: Chunk) -> Counts:
    """Record that the database refused the one item of this chunk."""
    values = {"job_id": job_id, "position": item.first_position, "ticket_id": item.ticket_ids[0], "code": ERROR}
    await connection.execute(_RECORD_ERROR, values)
    return Counts.of({("failed", ERROR): 1})


async def claimable_jobs(connection: AsyncConnection, lanes: int) -> list[Claimable]:
    """Return the jobs that have work, and for each how many are missing of the `lanes` lanes that it may have."""
    return [Claimable(*row) for row in await connection.execute(_CLAIMABLE, {"lanes": lanes})]


@cache
def _apply_statement(operation: Operation) -> tuple[TextClause, list[str]]:
    """Return the statement of an operation, and which of its parameters it uses."""
    sql = _APPLY.format(
        table=operation.table.name,
        code=operation.outcome,
        source=operation.source,
        verdict=operation.verdict,
        before=operation.before,
        restores=operation.restores,
        join=operation.join,
        taking=operation.taking,
        change=operation.change,
        not_found=NOT_FOUND,
    )
    used = [parameter for parameter in _PARAMETERS if f":{parameter.key}" in sql]
    return text(sql).bindparams(*used), [parameter.key for parameter in used]
