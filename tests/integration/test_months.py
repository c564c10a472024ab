"""Tables that have a partition a month."""

import asyncio
import os
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from app import database, partitions
from app.audit import store as audit
from app.audit.queries import AuditQuery
from app.cli.backups import taking, tools
from app.jobs import items, retention
from app.outages import is_unavailable
from app.partitions import ByMonth
from app.reads import ConnectionReader
from tests.support.months import attend, begin_earlier, post_earlier
from tests.support.workbench import Workbench

ITEMS, ENTRIES = retention.BY_MONTH, audit.BY_MONTH
BOTH = pytest.mark.parametrize("months", [ITEMS, ENTRIES], ids=lambda months: months.table)

SHAPE = """
    select array(
        select row(attname, atttypid, attnotnull) from pg_attribute
        where attrelid = c.oid and attnum > 0 order by attnum
    )::text,
    array(
        select regexp_replace(pg_get_indexdef(indexrelid), '^.* USING', '') as def
        from pg_index where indrelid = c.oid order by def
    )::text,
    array(select tgname from pg_trigger where tgrelid = c.oid)::text, reloptions::text
    from pg_class c where oid = cast(:name as regclass)
"""


async def partitions_of(bench: Workbench, months: ByMonth) -> list[str]:
    async with bench.engine.connect() as connection:
        return [partition.name for partition in await months.partitions(connection)]


async def shape_of(bench: Workbench, name: str) -> list[object]:
    async with bench.engine.connect() as connection:
        return [*(await connection.execute(text(SHAPE), {"name": name})).one()]


async def places(bench: Workbench) -> Counter[str]:
    """Count the items by their partition."""
    async with bench.engine.connect() as connection:
        rows = await connection.execute(text("select cast(tableoid as regclass)::text from job_items"))
        return Counter(rows.scalars())


async def ended(bench: Workbench, count: int, days: float, since: float | None = None) -> UUID:
    """Have a job that was posted so many days ago, and ended then or since."""
    job = await bench.submit(await bench.tickets(count))
    await bench.lanes().run(job.id)
    job_id = await post_earlier(bench, job.id, days=days)
    await bench.execute(
        "update jobs set finished_at = now() - make_interval(days => :days) where id = :id",
        id=job_id,
        days=days if since is None else since,
    )
    return job_id


async def purge(bench: Workbench) -> None:
    async with bench.engine.begin() as connection:
        await retention.purge(connection, 90)


@BOTH
async def test_this_month_and_those_ahead_are_made_as_all_others_are(bench: Workbench, months: ByMonth) -> None:
    there = await partitions_of(bench, months)
    await bench.execute(f"drop table {there[-1]}, {there[-2]}")
    await bench.execute(f"alter table {months.default} set (autovacuum_vacuum_scale_factor = 0.05)")
    assert [await attend(bench.engine, months) for _ in range(2)] == [2, 0]
    assert await partitions_of(bench, months) == there
    assert await shape_of(bench, there[-1]) == await shape_of(bench, months.default)
    async with bench.engine.connect() as connection:
        made = await months.partitions(connection)
    assert [each.until for each in made[:-1]] == [each.first for each in made[1:]]
    assert made[-1].until == partitions.ahead_of(datetime.now(UTC))[-1][1]


@BOTH
async def test_months_are_known_however_the_database_writes_times(bench: Workbench, months: ByMonth) -> None:
    there = await partitions_of(bench, months)
    await bench.execute(f"drop table {there[-1]}")
    name = make_url(bench.settings.database_url).database
    await bench.execute(f"alter database {name} set datestyle = 'German'")
    try:
        engine = database.create_engine(bench.settings, application_name="another")
        assert await attend(engine, months) == 1
        await engine.dispose()
    finally:
        await bench.execute(f"alter database {name} reset all")
    assert await partitions_of(bench, months) == there


async def test_an_item_of_whatever_age_finds_its_place(bench: Workbench) -> None:
    ids = [UUID(int=0), *(UUID(partitions.id_at(datetime(year, 6, 1, tzinfo=UTC))) for year in (1999, 2020, 2200))]
    for job_id in (*ids, uuid4(), UUID(int=2**128 - 1), (await bench.submit(await bench.tickets(1))).id):
        await bench.execute(
            "insert into job_items (job_id, position, ticket_id, result, code) values (:id, 0, :id, 'failed', 'error')",
            id=job_id,
        )
    [_, month, *_] = await partitions_of(bench, ITEMS)
    assert (await places(bench))["job_items_old"] >= 3
    assert (await places(bench))["job_items_default"] >= 2
    assert (await places(bench))[month] == 1


@BOTH
async def test_a_month_whose_rows_found_no_partition_stays_without_and_the_next_ones_do_not(
    bench: Workbench, months: ByMonth
) -> None:
    [*there, last] = await partitions_of(bench, months)
    await bench.execute(f"drop table {there[-1]}, {last}")
    first = partitions.ahead_of(datetime.now(UTC))[-2][0]
    await bench.execute(
        "insert into job_items (job_id, position, ticket_id, result, code) values (:id, 0, :id, 'failed', 'error')",
        id=UUID(partitions.id_at(first)),
    )
    await bench.execute("insert into audit_log (action, at) values ('login.failed', :at)", at=first)
    assert [await attend(bench.engine, months) for _ in range(2)] == [1, 0]
    assert await partitions_of(bench, months) == [*there[:-1], last]


async def test_a_month_goes_once_no_job_of_it_is_left(bench: Workbench) -> None:
    [month, after, _] = await begin_earlier(bench.engine, ITEMS, days=300)
    job_ids = [await ended(bench, count, days=300) for count in (5, 7)]
    await ended(bench, 3, days=1)
    assert (await places(bench))[month] == 12
    await bench.execute("update jobs set finished_at = now() where id = :id", id=job_ids[0])
    await purge(bench)
    assert await attend(bench.engine, ITEMS) == 1  # the rest of it takes its place
    assert (await places(bench))[month] == 5
    assert len(await bench.items(job_ids[0])) == 5
    assert await attend(bench.engine, ITEMS) == 1  # the month after is empty
    await bench.execute("update jobs set finished_at = now() - interval '91 days' where id = :id", id=job_ids[0])
    await purge(bench)
    while await attend(bench.engine, ITEMS):
        pass
    assert not {month, after} & {*await partitions_of(bench, ITEMS)}
    assert sum((await places(bench)).values()) == 3


async def test_what_an_undo_needs_stays_whatever_the_age_of_its_month(bench: Workbench) -> None:
    [month, *_] = await begin_earlier(bench.engine, ITEMS, days=300)
    old = await ended(bench, 25, days=300, since=1)
    undo = await bench.intake.undo(bench.caller, old)
    await bench.execute("update jobs set finished_at = now() - interval '200 days' where id = :id", id=old)
    await purge(bench)
    while await attend(bench.engine, ITEMS):
        pass
    assert (await places(bench))[month] == 25
    await bench.lanes().run(undo.id)
    assert await bench.codes(undo.id) == {"undone": 25}
    await purge(bench)
    await attend(bench.engine, ITEMS)
    assert month not in await partitions_of(bench, ITEMS)


async def test_of_a_month_with_a_job_that_was_left_paused_no_more_than_its_items_stays(bench: Workbench) -> None:
    [month, *_] = await begin_earlier(bench.engine, ITEMS, days=300)
    job = await bench.submit(await bench.tickets(25))
    await bench.lanes(slice_seconds=0).run(job.id)
    await bench.jobs.pause(bench.caller, job.id)
    paused = await post_earlier(bench, job.id, days=300)
    await ended(bench, 7, days=300)
    await purge(bench)
    shape = await shape_of(bench, month)
    assert (await places(bench))[month] == 17
    assert await attend(bench.engine, ITEMS) == 1
    assert (await places(bench))[month] == 10
    assert await shape_of(bench, month) == shape
    await bench.jobs.resume(bench.caller, paused)
    await bench.lanes().run(paused)
    assert (await places(bench))[month] == 25
    assert (await bench.job(paused)).succeeded == 25


async def test_more_than_can_be_copied_in_a_moment_stays_where_it_is(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    [month, *_] = await begin_earlier(bench.engine, ITEMS, days=300)
    await ended(bench, 3, days=300, since=1)
    await ended(bench, 2, days=300)
    await purge(bench)
    monkeypatch.setattr(partitions, "MOST_COPIED", 2)
    while await attend(bench.engine, ITEMS):
        pass
    assert (await places(bench))[month] == 5


async def test_what_somebody_is_reading_is_let_be_and_nobody_has_to_wait(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    [month, *_] = await begin_earlier(bench.engine, ITEMS, days=300)
    async with bench.engine.connect() as reader:
        await reader.execute(text("select from job_items"))
        with pytest.raises(DBAPIError) as refused:  # one that has only begun may be through in a moment
            await attend(bench.engine, ITEMS)
        assert is_unavailable(refused.value)
        monkeypatch.setattr(partitions, "HELD_SECONDS", 0)
        assert await attend(bench.engine, ITEMS) == 0
        assert month in await partitions_of(bench, ITEMS)
    while await attend(bench.engine, ITEMS):
        pass
    assert month not in await partitions_of(bench, ITEMS)


@BOTH
async def test_no_month_goes_once_a_backup_has_begun(bench: Workbench, months: ByMonth, tmp_path: Path) -> None:
    [month, *_] = await begin_earlier(bench.engine, months, days=300)
    environ = {"DATABASE_URL": bench.settings.database_url, "LOCAL_DIR": str(tmp_path), "PATH": os.environ["PATH"]}
    programs = await asyncio.to_thread(tools.find, environ, in_docker=False)
    with programs.running(programs.client("psql", *tools.PSQL), stdin=PIPE) as session:
        assert session.stdin
        assert session.stdout
        session.stdin.write(taking.BEGIN.encode())
        session.stdin.flush()
        assert session.stdout.readline()
        with pytest.raises(DBAPIError) as refused:
            await attend(bench.engine, months)
        session.stdin.close()
    assert is_unavailable(refused.value)
    assert month in await partitions_of(bench, months)
    assert await attend(bench.engine, months) == 1


async def test_what_was_before_the_months_leaves_no_empty_pages(bench: Workbench) -> None:
    await begin_earlier(bench.engine, ITEMS, days=120)
    await ended(bench, 30, days=300)
    await purge(bench)
    size = text("select pg_relation_size('job_items_old')")
    async with bench.engine.connect() as connection:
        assert await connection.scalar(size) > 0
    while await attend(bench.engine, ITEMS):
        pass
    async with bench.engine.connect() as connection:
        assert await connection.scalar(size) == 0


async def test_the_audit_log_goes_by_the_month_and_reads_as_one(bench: Workbench) -> None:
    there = await begin_earlier(bench.engine, ENTRIES, days=300)
    ages = [300, 290, 270, 100, 1]
    await bench.execute(
        "insert into audit_log (action, at) select 'login.failed', now() - age * interval '1 day'"
        " from unnest(cast(:ages as int[])) as age",
        ages=ages,
    )
    async with bench.engine.connect() as connection:
        first = await audit.find_page(ConnectionReader(connection), AuditQuery(limit=2), below_id=None)
        then = await audit.find_page(ConnectionReader(connection), AuditQuery(limit=9), below_id=first[1].id)
    entries = [*first[:2], *then]
    assert len({entry.id for entry in entries}) == len(ages)
    assert [entry.id for entry in entries] == sorted((entry.id for entry in entries), reverse=True)
    while await attend(bench.engine, ENTRIES):
        pass
    assert not {*there} & {*await partitions_of(bench, ENTRIES)}
    async with bench.engine.begin() as connection:
        assert (
            len(await audit.find_page(ConnectionReader(connection), AuditQuery(), below_id=None)) == 2
        )  # of no month, as it were
        assert await audit.delete_older_than(connection, 90, 10) == 1


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_a_job_s_items_are_looked_for_in_its_month_alone(bench: Workbench, mode: str) -> None:
    job = await bench.submit(await bench.tickets(1))
    [_, month, *_] = await partitions_of(bench, ITEMS)
    given = {"job_id": job.id, "limit": 20, "after": -1, "result": None, "code": None, "names_tickets": True}
    values = ", ".join("null" if value is None else f"'{value}'" for value in items._PAGE.arguments(given))
    async with bench.engine.connect() as connection:
        await connection.exec_driver_sql(f"set plan_cache_mode = {mode}")
        await connection.exec_driver_sql(f"prepare page as {items._PAGE.text}")
        plan = await connection.exec_driver_sql(f"explain execute page ({values})")
        assert set(re.findall(r"on (job_items\w*)", "\n".join(plan.scalars()))) == {month}
        await connection.exec_driver_sql("deallocate page")
