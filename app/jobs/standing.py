"""How jobs stand in the whole system, for monitoring: what Postgres says, whoever is asked."""

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs.operations.registry import OPERATIONS
from app.jobs.status import ACTIVE

MAX_LANES = 64  # of one job, as JOB_LANES has it

_ACTIVE = ", ".join(f"'{status}'" for status in sorted(ACTIVE))
_WAITING = "status = 'queued' and coalesce(run_at, created_at) <= clock_timestamp()"

_BY_TYPE = text(f"""
    select type, status, count(*), count(*) filter (where {_WAITING}) as waiting,
           extract(epoch from clock_timestamp() - min(coalesce(run_at, created_at)) filter (where {_WAITING})) as oldest
    from jobs where status in ({_ACTIVE}) group by type, status
""")

# Lanes hold a lock as long as they are at work: see chunks.py, and store.py for the one that writes targets down.
_STALLED = text("""
    with held as materialized (
        select (cast(classid as bigint) << 32) | cast(objid as bigint) as key from pg_locks
        where locktype = 'advisory' and objsubid = 1
          and database = (select oid from pg_database where datname = current_database())
    )
    select count(*) from jobs
    where status = 'running' and (not_before is null or not_before <= clock_timestamp())
      and updated_at < clock_timestamp() - interval '30 seconds'
      and not exists (
          select from generate_series(1, :lanes) as number
          join held on key = hashtextextended(cast(jobs.id as text), number)
      )
      and not exists (select from held where key = hashtextextended('targets of ' || jobs.id, 0))
""").bindparams(lanes=MAX_LANES)


class Standing(msgspec.Struct, frozen=True):
    """Jobs that have not ended, by type and status; how many wait for a lane, how long, and how many stand still."""

    active: dict[tuple[str, str], int]
    waiting: int
    oldest_seconds: float
    stalled: int


async def read(connection: AsyncConnection) -> Standing:
    rows = (await connection.execute(_BY_TYPE)).all()
    none = {(type_, status.value): 0 for type_ in OPERATIONS for status in ACTIVE}
    return Standing(
        none | {(type_, status): count for type_, status, count, _, _ in rows},
        sum(row.waiting for row in rows),
        max((float(row.oldest) for row in rows if row.oldest is not None), default=0),
        await connection.scalar(_STALLED) or 0,
    )
