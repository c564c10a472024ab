"""The tickets of a benchmark: filled in at once, and picked at random."""

from uuid import UUID

import asyncpg

SEED = 0.4

# Tags that a ticket has at random, and one ticket in how many has it.
HALF, TWENTIETH, TWO_HUNDREDTH = "half", "twentieth", "two-hundredth"
SHARES = {HALF: 2, TWENTIETH: 20, TWO_HUNDREDTH: 200}

# Each ticket has a rank, drawn at random: any range of ranks is a random choice, and no two of them overlap.
# Ids are made before Postgres sorts by rank: they rise with time, as those of the app do.
_RANKS = """
    create table bench_ranks as
    select number, id, row_number() over (order by random()) as rank
    from (select number, uuidv7() as id from generate_series(1, cast($1 as int)) as number offset 0) as made
"""
_TICKETS = """
    insert into tickets (id, title, description, requester_id, created_at, updated_at, status, priority, tags)
    select id, 'Ticket ' || number, repeat('Nothing works. ', 10), $1, created_at, created_at,
           (array['open', 'in_progress', 'resolved', 'closed', 'closed'])[1 + number % 5], 'normal',
           array['area-' || number % 7] || array(
               select tag from unnest($3::text[], $4::int[]) as share (tag, of) where rank <= cast($2 as int) / of
           )
    from bench_ranks, lateral (select now() - make_interval(secs => cast($2 as int) - number)) as moment (created_at)
    order by number
"""
_INDEXES = """
    select indexname, indexdef from pg_indexes
    where tablename in ('tickets', 'ticket_texts') and indexname like 'ix_%'
"""
_ITEMS = """
    insert into job_items (job_id, position, ticket_id, result, code, version)
    select $1, number, uuidv7(), 'succeeded', 'deleted', 2 from generate_series(1, cast($2 as int)) as number
"""
_DONE_JOB = """
    insert into jobs (type, requested_by, status, total, succeeded, started_at, finished_at)
    select 'bulk-delete', id, 'completed', cast($1 as int), cast($1 as int), now(), now()
    from users where username = 'admin' returning id
"""


async def add(connection: asyncpg.Connection, count: int) -> None:
    """Fill an empty database; what reads it finds it vacuumed and analyzed."""
    await connection.execute(f"set work_mem = '512MB'; set maintenance_work_mem = '512MB'; select setseed({SEED})")
    await connection.execute(_RANKS.replace("$1", str(count)))
    await connection.execute("alter table bench_ranks add primary key (rank)")
    indexes = await connection.fetch(_INDEXES)
    for index in indexes:
        await connection.execute(f"drop index {index['indexname']}")
    requester_id = await connection.fetchval("select id from users where username = 'requester'")
    await connection.execute(_TICKETS, requester_id, count, list(SHARES), list(SHARES.values()))
    for index in indexes:
        await connection.execute(index["indexdef"])
    await connection.execute("vacuum (freeze, analyze)")


async def add_items(connection: asyncpg.Connection, count: int) -> None:
    """Add a job of long ago and its recorded items."""
    job_id = await connection.fetchval(_DONE_JOB, count)
    await connection.execute(_ITEMS, job_id, count)
    await connection.execute("vacuum (freeze, analyze) job_items")


async def of_ranks(connection: asyncpg.Connection, first: int, count: int) -> list[UUID]:
    rows = await connection.fetch(
        "select id from bench_ranks where rank >= $1 and rank < $2 order by rank", first, first + count
    )
    return [row["id"] for row in rows]
