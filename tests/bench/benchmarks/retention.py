"""Seconds until the items of a job that is past its retention are gone, and what of their table is left then.

A worker's duties do it: they delete the job with its chunks, and drop the partition of its month. The floor is
DROP TABLE of a table as large. Beside it what they did before there were months: the same items, in a table of the
same indexes without partitions, are deleted 5,000 at a time, a commit each. Each of the two has a database to itself.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from app import database as databases_of_ours
from app.jobs import chunks, retention
from tests.bench.databases import Database, Databases
from tests.bench.figures import Row, Target, row
from tests.support.months import attend, begin_earlier

ROUNDS, QUICK_ROUNDS = 2, 1
ITEMS, QUICK_ITEMS = 5_000_000, 200_000
TICKETS = 10_000  # which nobody looks at
POSTED_DAYS, KEPT_DAYS = 200, 90
STATEMENT_SECONDS = 15.0  # as a worker has them
MB = 10**6
TARGET = Target("median", "<", 1)

_JOB = """
    insert into jobs (id, type, requested_by, status, total, succeeded, finished_at)
    select uuidv7(- make_interval(days => $1)), 'bulk-delete', id, 'completed', $2, $2,
           now() - make_interval(days => $1)
    from users where username = 'admin' returning id
"""
_ITEMS = """
    insert into {} (job_id, position, ticket_id, result, code, version)
    select $1, number, gen_random_uuid(), 'succeeded', 'deleted', 2 from generate_series(1, cast($2 as int)) as number
"""
_CHUNKS = """
    insert into job_chunks (job_id, no, first_position, size, ticket_ids, state)
    select $1, no, no * $2, $2, ids, 'done'
    from generate_series(0, cast($3 as int) / $2 - 1) as no,
         lateral (select array_agg(gen_random_uuid()) as ids from generate_series(1, $2 + 0 * no)) as chunk
"""
_DELETE = """
    with doomed as (select job_id, position from plain_items where job_id = $1 limit $2)
    delete from plain_items using doomed
    where plain_items.job_id = doomed.job_id and plain_items.position = doomed.position
"""
_SIZE = """
    select cast(sum(pg_total_relation_size(oid)) as bigint) from pg_class
    where oid = cast($1 as regclass) or oid in (select inhrelid from pg_inherits where inhparent = cast($1 as regclass))
"""

Figures = dict[str, list[float]]


async def measure(databases: Databases) -> list[Row]:
    count = QUICK_ITEMS if databases.is_quick else ITEMS
    figures: Figures = {"month": [], "floor": [], "batches": [], "left": [], "left of batches": []}
    contenders: list[Callable[[Database, int, Figures], Awaitable[None]]] = [_by_month, _in_batches]
    for number in databases.rounds(ROUNDS, QUICK_ROUNDS):
        for contender in contenders if number % 2 else contenders[::-1]:
            async with databases.copy(TICKETS) as database:
                await contender(database, count, figures)
    case = f"{count:,} items"
    return [
        row(case, "gone with their month, over DROP TABLE", "s", figures["month"], figures["floor"], TARGET),
        row(case, "gone in batches, as before", "s", figures["batches"]),
        row(case, "left of it on disk", "MB", figures["left"]),
        row(case, "left of it on disk by batches, after vacuum", "MB", figures["left of batches"]),
    ]


async def _by_month(database: Database, count: int, figures: Figures) -> None:
    async with _duties(database) as engine:
        [month, *_] = await begin_earlier(engine, retention.BY_MONTH, days=POSTED_DAYS)
        await _fill(database, count, "job_items")
        await database.connection.execute(f"create table another (like {month} including all)")
        await database.connection.execute(f"insert into another select * from {month}")
        await database.settle()
        figures["floor"].append(await _seconds(database.connection.execute("drop table another")))
        figures["month"].append(await _seconds(_let_go(engine)))
    assert await database.connection.fetchval("select count(*) from jobs") == 0
    assert await database.connection.fetchval("select to_regclass($1)", month) is None
    figures["left"].append(await database.connection.fetchval(_SIZE, "job_items") / MB)


async def _let_go(engine: AsyncEngine) -> None:
    while await _purge(engine):
        pass
    while await attend(engine, retention.BY_MONTH, KEPT_DAYS):
        pass


async def _purge(engine: AsyncEngine) -> int:
    async with engine.begin() as connection:
        return await retention.purge(connection, KEPT_DAYS)


async def _in_batches(database: Database, count: int, figures: Figures) -> None:
    await database.connection.execute("create table plain_items (like job_items_default including all)")
    job_id = await _fill(database, count, "plain_items")
    await database.settle()
    figures["batches"].append(await _seconds(_delete(database, job_id)))
    await database.connection.execute("vacuum plain_items")
    figures["left of batches"].append(await database.connection.fetchval(_SIZE, "plain_items") / MB)


async def _delete(database: Database, job_id: UUID) -> None:
    while await database.connection.execute(_DELETE, job_id, retention.ITEMS) != "DELETE 0":
        pass
    await database.connection.execute("delete from jobs where id = $1", job_id)


async def _fill(database: Database, count: int, table: str) -> UUID:
    """Record a job that was posted and ended long ago."""
    job_id: UUID = await database.connection.fetchval(_JOB, POSTED_DAYS, count)
    await database.connection.execute(_ITEMS.format(table), job_id, count)
    size = chunks.size_of(count, database.settings.chunk_size)
    await database.connection.execute(_CHUNKS, job_id, size, count)
    await database.connection.execute(f"vacuum analyze {table}")
    return job_id


@asynccontextmanager
async def _duties(database: Database) -> AsyncIterator[AsyncEngine]:
    """Connect as a worker's duties do."""
    engine = databases_of_ours.create_engine(
        database.settings, application_name="bench", statement_seconds=STATEMENT_SECONDS
    )
    with capture_logs():
        yield engine
    await engine.dispose()


async def _seconds(work: Awaitable[Any]) -> float:
    started = time.perf_counter()
    await work
    return time.perf_counter() - started
