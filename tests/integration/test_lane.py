import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from structlog.testing import capture_logs

from app import database
from app.jobs import chunks, store
from app.jobs.operations import bulk_delete
from app.jobs.status import Status
from app.outages import is_unavailable
from app.settings import Settings
from tests.support import backends, ledger
from tests.support.waiting import until
from tests.support.workbench import Workbench
from worker.lane import apply_in_parts


async def test_a_lane_does_every_chunk_and_completes_the_job(bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(25))
    await bench.lanes().run(job.id)
    found = await ledger.of(bench.engine, job.id)
    assert found.balances()
    assert (found.status, found.succeeded) == (Status.COMPLETED, 25)
    assert bench.announcer.names == ["jobs:created", *["jobs:progress"] * 3, "jobs:completed"]
    assert [event.payload.processed for event in bench.announcer.events] == [0, 0, 10, 20, 25]
    assert [event.payload.seq for event in bench.announcer.events] == [1, 2, 3, 4, 5]


async def test_each_chunk_is_logged_in_a_line(bench: Workbench) -> None:
    ids = await bench.tickets(12)
    job = await bench.submit([*ids, uuid4()])
    with capture_logs() as logged:
        await bench.lanes().run(job.id)
    done = [(entry["first"], entry["succeeded"], entry["failed"]) for entry in logged if entry["event"] == "chunk"]
    assert done == [(0, 10, 0), (10, 2, 1)]


async def test_each_item_gets_the_code_of_what_became_of_it(bench: Workbench) -> None:
    ids = await bench.tickets(12)
    await bench.lanes().run((await bench.submit(ids[:4])).id)
    unknown = [uuid4() for _ in range(3)]
    job = await bench.submit([*ids, *unknown])
    await bench.lanes().run(job.id)
    items = await bench.items(job.id)
    assert [item.code for item in items] == ["already_deleted"] * 4 + ["deleted"] * 8 + ["not_found"] * 3
    assert [item.ticket_id for item in items] == [*ids, *unknown]
    assert [item.position for item in items] == list(range(15))
    ended = await bench.job(job.id)
    assert (ended.succeeded, ended.failed, ended.unprocessed) == (8, 7, 0)
    assert ended.status is Status.COMPLETED


async def test_a_ticket_named_twice_is_worked_once(bench: Workbench) -> None:
    ids = await bench.tickets(5)
    job = await bench.submit([*ids, *ids, ids[0]])
    await bench.lanes().run(job.id)
    found = await ledger.of(bench.engine, job.id)
    assert (found.total, (await bench.job(job.id)).duplicates) == (5, 6)
    assert found.balances()


async def test_a_slice_ends_after_a_chunk_and_wakes_the_job_for_the_rest(bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(25))
    bench.wake_ups.woken.clear()
    await bench.lanes(slice_seconds=0).run(job.id)
    assert bench.wake_ups.woken == Counter({job.id: 1})
    found = await ledger.of(bench.engine, job.id)
    assert found.balances()
    assert (found.status, found.succeeded) == (Status.RUNNING, 10)


async def test_a_stopping_worker_ends_with_the_chunk_in_hand(bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(25))
    lanes = bench.lanes()
    lanes.stop.set()
    await lanes.run(job.id)
    assert (await ledger.of(bench.engine, job.id)).succeeded == 10


@pytest.mark.parametrize("lanes_at_once", [1, 2, 5])
async def test_lanes_share_a_job_without_doing_anything_twice(bench: Workbench, lanes_at_once: int) -> None:
    job = await bench.submit(await bench.tickets(200))
    lanes = bench.lanes(lanes_per_job=lanes_at_once)
    await asyncio.gather(*(lanes.run(job.id) for _ in range(lanes_at_once)))
    found = await ledger.of(bench.engine, job.id)
    assert found.balances()
    assert (found.status, found.succeeded) == (Status.COMPLETED, 200)
    assert bench.announcer.names.count("jobs:completed") == 1


async def test_there_are_never_more_lanes_than_slots(bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(50))
    await bench.execute("update jobs set status = 'running'")
    async with bench.engine.connect() as first, bench.engine.connect() as second, bench.engine.connect() as third:
        taken = [await chunks.claim(connection, job.id, 2) for connection in (first, second, third)]
        assert [chunk is not None for chunk in taken] == [True, True, False]
        assert taken[0] != taken[1]
        async with bench.engine.connect() as connection:
            assert [entry.missing for entry in await chunks.claimable_jobs(connection, 2)] == [0]
        await first.rollback()
        assert await chunks.claim(third, job.id, 2) == taken[0]


@asynccontextmanager
async def holding_up(engine: AsyncEngine, ticket_id: UUID) -> AsyncIterator[AsyncConnection]:
    """Lock a ticket, so that a chunk with it has to wait; the lock goes when the connection is rolled back."""
    async with engine.connect() as connection:
        await connection.execute(text("select from tickets where id = :id for update"), {"id": ticket_id})
        yield connection


async def is_held_up(bench: Workbench) -> None:
    await until(lambda: backends.count_waiting(bench.engine))


async def test_after_a_cancel_nothing_changes_not_even_by_a_chunk_in_hand(bench: Workbench) -> None:
    ids = await bench.tickets(30)
    job = await bench.submit(ids)
    async with holding_up(bench.engine, ids[15]) as blocker:
        lane = asyncio.create_task(bench.lanes().run(job.id))
        await is_held_up(bench)  # the second chunk is applied in part
        canceled = await bench.cancel(job.id)
        at_the_answer = await ledger.of(bench.engine, job.id)
        await blocker.rollback()
        await lane
    assert canceled.status is Status.CANCELED
    assert await ledger.of(bench.engine, job.id) == at_the_answer
    assert at_the_answer.balances()
    assert (at_the_answer.succeeded, at_the_answer.pending) == (10, 20)
    assert [event.payload.seq for event in bench.announcer.events][-1] == canceled.revision
    assert bench.announcer.names[-1] == "jobs:canceled"


async def test_a_job_canceled_before_its_first_chunk_is_left_alone(bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(5))
    await bench.cancel(job.id)
    await bench.lanes().run(job.id)
    assert (await ledger.of(bench.engine, job.id)).items == 0
    assert bench.announcer.names == ["jobs:created", "jobs:canceled"]


async def test_a_chunk_that_waited_is_dated_when_it_is_counted(bench: Workbench) -> None:
    ids = await bench.tickets(5)
    job = await bench.submit(ids)
    async with holding_up(bench.engine, ids[0]) as blocker:
        lane = asyncio.create_task(bench.lanes().run(job.id))
        await is_held_up(bench)
        released_at = await blocker.scalar(text("select clock_timestamp()"))
        await blocker.rollback()
        await lane
    assert (await bench.job(job.id)).updated_at > released_at


async def test_the_times_spent_paused_add_up(bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(25))
    await bench.lanes(slice_seconds=0).run(job.id)
    for _ in range(2):
        await bench.jobs.pause(bench.caller, job.id)
        await bench.execute("update jobs set paused_at = paused_at - interval '1 hour'")
        await bench.jobs.resume(bench.caller, job.id)
    resumed = await bench.job(job.id)
    assert resumed.paused_at is None
    assert resumed.paused_seconds == pytest.approx(7200, abs=60)


async def test_two_jobs_over_the_same_tickets_share_them_out(bench: Workbench) -> None:
    ids = await bench.tickets(200)
    one, other = await bench.submit(ids), await bench.submit(ids[::-1])
    lanes = bench.lanes()
    await asyncio.gather(*(lanes.run(job.id) for job in (one, other, one, other)))
    found = [await ledger.of(bench.engine, job.id) for job in (one, other)]
    assert all(entry.balances() for entry in found)
    assert {entry.status for entry in found} == {Status.COMPLETED}
    assert sum(entry.succeeded for entry in found) == 200
    assert await bench.codes(one.id) + await bench.codes(other.id) == {"deleted": 200, "already_deleted": 200}


async def test_an_edit_in_between_is_neither_lost_nor_in_the_way(bench: Workbench) -> None:
    ids = await bench.tickets(10)
    job = await bench.submit(ids)
    async with holding_up(bench.engine, ids[5]) as editor:
        lane = asyncio.create_task(bench.lanes().run(job.id))
        await is_held_up(bench)
        await editor.execute(
            text("update tickets set title = 'Edited', version = version + 1 where id = :id"), {"id": ids[5]}
        )
        await editor.commit()
        await lane
    async with bench.engine.connect() as connection:
        row = (
            await connection.execute(
                text("select title, version, deleted_by_job from tickets where id = :id"), {"id": ids[5]}
            )
        ).one()
    assert tuple(row) == ("Edited", 3, job.id)
    assert await bench.codes(job.id) == {"deleted": 10}


async def test_a_ticket_deleted_while_its_chunk_waits_is_told_as_such(bench: Workbench) -> None:
    ids = await bench.tickets(10)
    job = await bench.submit(ids)
    async with holding_up(bench.engine, ids[5]) as other:
        lane = asyncio.create_task(bench.lanes().run(job.id))
        await is_held_up(bench)
        await other.execute(text("update tickets set deleted_at = now() where id = :id"), {"id": ids[5]})
        await other.commit()
        await lane
    assert await bench.codes(job.id) == {"deleted": 9, "already_deleted": 1}


async def test_what_the_database_refuses_stands_alone_and_the_rest_is_done(bench: Workbench) -> None:
    await bench.execute("""
        create function refuse() returns trigger language plpgsql as
        $$ begin if old.title in ('Ticket 3', 'Ticket 14') then raise 'poisoned'; end if; return new; end $$
    """)
    await bench.execute("create trigger refuse before update on tickets for each row execute function refuse()")
    ids = await bench.tickets(25)
    job = await bench.submit(ids)
    await bench.lanes().run(job.id)
    found = await ledger.of(bench.engine, job.id)
    assert found.balances()
    assert (found.status, found.succeeded, found.failed) == (Status.COMPLETED, 23, 2)
    refused = await bench.items(job.id, "error")
    assert [item.ticket_id for item in refused] == [ids[2], ids[13]]


async def test_what_takes_too_long_stands_alone_and_the_rest_is_done(bench: Workbench) -> None:
    ids = await bench.tickets(15)
    await bench.execute("""
        create function hang() returns trigger language plpgsql as
        $$ begin
            if old.title = 'Ticket 7' then raise 'too slow' using errcode = 'query_canceled'; end if;
            return new;
        end $$
    """)
    await bench.execute("create trigger hang before update on tickets for each row execute function hang()")
    job = await bench.submit(ids)
    await bench.lanes().run(job.id)
    assert await bench.codes(job.id) == {"deleted": 14, "error": 1}
    assert [item.ticket_id for item in await bench.items(job.id, "error")] == [ids[6]]


async def test_a_part_of_a_chunk_has_half_the_time_of_the_whole(bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(4))
    await bench.execute("update jobs set status = 'running'")
    await bench.execute("""
        create function refuse() returns trigger language plpgsql as
        $$ begin if old.title = 'Ticket 4' then raise 'poisoned'; end if; return new; end $$
    """)
    await bench.execute("create trigger refuse before update on tickets for each row execute function refuse()")
    async with bench.engine.connect() as connection:
        chunk = await chunks.claim(connection, job.id, 2)
        assert chunk is not None
        await apply_in_parts(connection, bulk_delete.OPERATION, job, chunk, 6.0)
        # What was last applied: Ticket 3, alone after two halvings.
        assert await connection.scalar(text("show statement_timeout")) == "1500ms"


async def test_a_lock_that_does_not_come_ends_the_lane_and_not_the_items(bench: Workbench, settings: Settings) -> None:
    ids = await bench.tickets(10)
    job = await bench.submit(ids)
    hasty = database.create_engine(settings, application_name="hasty", statement_seconds=0.1)
    async with holding_up(bench.engine, ids[5]):
        await bench.lanes(hasty).run(job.id)
    await hasty.dispose()
    assert (await bench.job(job.id)).processed == 0
    await bench.lanes().run(job.id)
    assert await bench.codes(job.id) == {"deleted": 10}


async def test_who_stands_still_between_preparing_and_running_lets_go(bench: Workbench, settings: Settings) -> None:
    """asyncpg prepares a statement without a Sync: Postgres takes the session for one at work, not for an idle one."""
    [ticket_id] = await bench.tickets(1)
    hasty = database.create_engine(settings, application_name="hasty", statement_seconds=0.1)
    async with hasty.connect() as frozen:
        await frozen.execute(text("select from tickets where id = :id for update"), {"id": ticket_id})
        asyncpg_connection: Any = (await frozen.get_raw_connection()).driver_connection
        await asyncpg_connection.prepare("select 1")
        async with asyncio.timeout(10), holding_up(bench.engine, ticket_id):
            pass
        with pytest.raises(DBAPIError) as late:
            await frozen.execute(text("select 1"))
        assert is_unavailable(late.value)
    await hasty.dispose()


async def test_a_deadlock_is_tried_again(bench: Workbench) -> None:
    ids = sorted(await bench.tickets(10))
    job = await bench.submit(ids)
    async with holding_up(bench.engine, ids[-1]) as other:
        await other.execute(text("set local deadlock_timeout = '60s'"))  # so that the lane is the victim
        lane = asyncio.create_task(bench.lanes().run(job.id))
        await is_held_up(bench)
        await other.execute(text("select from tickets where id = :id for update"), {"id": ids[0]})
        await other.rollback()
        await lane
    found = await ledger.of(bench.engine, job.id)
    assert found.balances()
    assert (found.status, found.succeeded) == (Status.COMPLETED, 10)


async def test_a_job_of_a_type_nobody_knows_fails_and_says_so(bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(5))
    await bench.execute("update jobs set type = 'bulk-unheard-of'")
    await bench.lanes().run(job.id)
    failed = await bench.job(job.id)
    assert (failed.status, failed.error, failed.unprocessed) == (Status.FAILED, "unknown_type", 5)
    assert bench.announcer.names[-1] == "jobs:failed"


async def test_a_database_that_goes_away_ends_the_lane_and_not_the_job(bench: Workbench) -> None:
    ids = await bench.tickets(10)
    job = await bench.submit(ids)
    async with holding_up(bench.engine, ids[5]):
        lane = asyncio.create_task(bench.lanes().run(job.id))
        await is_held_up(bench)
        await backends.end_waiting(bench.engine)
        await lane
    assert (await bench.job(job.id)).status is Status.RUNNING
    await bench.lanes().run(job.id)
    assert (await ledger.of(bench.engine, job.id)).balances()
    assert (await bench.job(job.id)).status is Status.COMPLETED


async def test_a_chunk_that_is_not_committed_leaves_nothing(bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(10))
    await bench.execute("update jobs set status = 'running'")
    before = await ledger.of(bench.engine, job.id)
    async with bench.engine.connect() as connection:
        chunk = await chunks.claim(connection, job.id, 2)
        assert chunk is not None
        counts = await chunks.apply(connection, bulk_delete.OPERATION, job, chunk)
        counted = await store.count(connection, job, counts)
        assert counted is not None
        assert counted.status is Status.COMPLETED
        await connection.rollback()
    assert await ledger.of(bench.engine, job.id) == before
    assert before.pending == 10
