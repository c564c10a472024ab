"""The migration that gives a table of whatever size a partition a month, while others use it."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tests.support import backends, ledger
from tests.support.servers import downgrade, migrate
from tests.support.waiting import until
from tests.support.workbench import Workbench

BEFORE, AFTER = "0024", "0025"
FULL = 50_000

FILL = """
    with job as (
        insert into jobs (type, requested_by, status, total, succeeded, finished_at)
        values ('bulk-delete', :user, 'completed', :count, :count, now()) returning id
    )
    insert into job_items (job_id, position, ticket_id, result, code)
    select job.id, number, uuidv7(), 'succeeded', 'deleted' from job, generate_series(1, :count) as number
"""
LEFT = """
    select relname from pg_class where relnamespace = 'public'::regnamespace and relname like '%before_months%'
    union all select conname from pg_constraint where conname = 'before_months'
"""


async def rows(bench: Workbench, statement: str) -> list[tuple[Any, ...]]:
    async with bench.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(statement))]


async def fill(bench: Workbench) -> None:
    await bench.execute(FILL, user=bench.people.admin.id, count=FULL)
    await bench.execute("insert into audit_log (action) select 'login.failed' from generate_series(1, 1000)")
    await bench.execute("alter table job_items set (autovacuum_vacuum_scale_factor = 0.05)")
    await bench.execute("grant select on job_items to public")


async def done(bench: Workbench, job_id: UUID) -> int:
    return (await bench.job(job_id)).succeeded


async def test_a_full_table_gets_its_months_while_a_lane_writes_and_somebody_reads(
    bench: Workbench, database_url: str
) -> None:
    await asyncio.to_thread(downgrade, database_url, BEFORE)
    await fill(bench)
    [job, next_job] = [await bench.submit(await bench.tickets(count)) for count in (300, 25)]
    async with bench.engine.connect() as reader:
        await reader.execute(text("select from job_items limit 1"))
        migrating = asyncio.create_task(asyncio.to_thread(migrate, database_url, AFTER))
        await until(lambda: _is_tried(bench))
        working = asyncio.create_task(bench.lanes().run(job.id))
        await until(lambda: _has_done(bench, job.id, 100))  # though one table lock is being asked for, again and again
        assert not migrating.done()
    await asyncio.gather(migrating, working)
    await bench.lanes().run(next_job.id)
    for job_id in (job.id, next_job.id):
        assert (await ledger.of(bench.engine, job_id)).balances()
    places = "select distinct cast(tableoid as regclass)::text, count(*) over () from {}"
    assert await rows(bench, places.format("job_items")) == [("job_items_old", FULL + 325)]
    assert await rows(bench, LEFT) == []
    [(options, rights)] = await rows(
        bench,
        "select p.reloptions, t.relacl::text from pg_class p, pg_class t"
        " where p.relname = 'job_items_default' and t.relname = 'job_items'",
    )
    assert options == ["autovacuum_vacuum_scale_factor=0.05"]
    assert "=r/" in str(rights)


async def _is_tried(bench: Workbench) -> bool:
    return bool(
        await rows(bench, "select 1 from pg_stat_activity where query like '%under_lock%' and pid <> pg_backend_pid()")
    )


async def _has_done(bench: Workbench, job_id: UUID, count: int) -> bool:
    return await done(bench, job_id) >= count


async def test_what_was_cut_off_half_way_comes_to_its_end_when_it_is_run_again(
    bench: Workbench, database_url: str
) -> None:
    await asyncio.to_thread(downgrade, database_url, BEFORE)
    await fill(bench)
    async with bench.engine.connect() as reader:
        await reader.execution_options(isolation_level="REPEATABLE READ")
        await reader.execute(text("set local idle_in_transaction_session_timeout = 0"))
        await reader.execute(text("select now()"))  # the index of the audit log waits for whoever is as old as this
        migrating = asyncio.create_task(asyncio.to_thread(migrate, database_url, AFTER))
        await until(lambda: backends.count_waiting(bench.engine))
        await backends.end_waiting(bench.engine)
        with pytest.raises(SQLAlchemyError):
            await migrating
    assert await rows(bench, LEFT) == [("before_months",)]
    await bench.execute("insert into audit_log (action) values ('login.failed')")  # there is time until it is run again
    await asyncio.to_thread(migrate, database_url, AFTER)
    assert await rows(bench, LEFT) == []
    assert await rows(bench, "select indexrelid from pg_index where not indisvalid") == []
    kinds = "select relname, relkind::text from pg_class where relname in ('job_items', 'audit_log') order by relname"
    assert await rows(bench, kinds) == [("audit_log", "p"), ("job_items", "p")]
    assert await rows(bench, "select count(*) from job_items") == [(FULL,)]


async def test_ids_of_the_audit_log_go_on_where_they_were_there_and_back(bench: Workbench, database_url: str) -> None:
    newest = "select max(id), count(*) from audit_log"
    add = "insert into audit_log (action) values ('login.failed')"
    await asyncio.to_thread(downgrade, database_url, BEFORE)
    await fill(bench)
    for step in (lambda: migrate(database_url, AFTER), lambda: downgrade(database_url, BEFORE)):
        [(before, count)] = await rows(bench, newest)
        await asyncio.to_thread(step)
        await bench.execute(add)
        assert await rows(bench, newest) == [(before + 1, count + 1)]
    assert await rows(bench, "select count(*) from job_items") == [(FULL,)]
