import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.testing import capture_logs

from app import tasks
from app.audit import store as audit
from app.idempotency import store as keys
from app.jobs import idempotency, retention, store
from tests.support import backends
from tests.support.months import post_earlier
from tests.support.waiting import until
from tests.support.workbench import Workbench
from worker import duties
from worker.duties import Duty

OFTEN = 0.01


@contextlib.asynccontextmanager
async def attending(bench: Workbench, *table: Duty) -> AsyncIterator[None]:
    """Attend to duties as a worker does."""
    running = [asyncio.create_task(duties.attend_to(duty, bench.engine)) for duty in table]
    try:
        yield
    finally:
        await tasks.end(running)


class Counted:
    """Something to do that is there so many times, and how often one looked."""

    def __init__(self, times: int = 0) -> None:
        self.left = times
        self.looks = 0

    async def do(self, _: AsyncConnection) -> int:
        self.looks += 1
        self.left = max(self.left - 1, 0)
        return self.left


async def test_a_duty_is_done_again_at_once_until_nothing_is_left_to_do(bench: Workbench) -> None:
    much = Counted(5)
    await duties.catch_up(Duty("much", 3600, much.do), bench.engine)
    assert (much.left, much.looks) == (0, 5)


async def test_and_then_every_so_often(bench: Workbench) -> None:
    seldom, often = Counted(), Counted()
    async with attending(bench, Duty("seldom", 3600, seldom.do), Duty("often", OFTEN, often.do)):
        await until(lambda: often.looks >= 5)
    assert seldom.looks == 1


async def test_one_worker_at_a_time_does_a_duty(bench: Workbench) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def wait(_: AsyncConnection) -> int:
        begun.set()
        await may_end.wait()
        return 0

    one, other, another = Counted(), Counted(), Duty("the same", 3600, wait)
    async with attending(bench, another):
        await begun.wait()
        await duties.catch_up(Duty("the same", 3600, one.do), bench.engine)
        await duties.catch_up(Duty("another", 3600, other.do), bench.engine)
        may_end.set()
    assert (one.looks, other.looks) == (0, 1)
    await duties.catch_up(Duty("the same", 3600, one.do), bench.engine)
    assert one.looks == 1


async def test_a_duty_that_fails_stops_no_other_and_is_tried_again(bench: Workbench) -> None:
    async def fail(connection: AsyncConnection) -> int:
        await connection.execute(text("insert into audit_log (action) values ('job.paused')"))
        await connection.execute(text("select 1 / 0"))
        return 1

    good = Counted()
    with capture_logs() as logs:
        async with attending(bench, Duty("bad", OFTEN, fail), Duty("good", OFTEN, good.do)):
            await until(lambda: good.looks > 2 and len(logs) > 2)
    assert {entry["event"] for entry in logs} == {"step_failed"}
    async with bench.engine.connect() as connection:
        assert await connection.scalar(text("select count(*) from audit_log")) == 0


async def test_what_a_worker_attends_to_works_and_has_nothing_to_do_at_first(bench: Workbench) -> None:
    table = duties.table(bench.settings)
    assert len({duty.name for duty in table}) == len(table)
    for duty in table:
        async with bench.engine.connect() as connection:
            assert await duty.do(connection) == 0


# Retention


async def left_in(bench: Workbench, table: str, column: str) -> set[object]:
    async with bench.engine.connect() as connection:
        return set((await connection.execute(text(f"select {column} from {table}"))).scalars())


async def ended(bench: Workbench, days: int, count: int = 25) -> UUID:
    """Have a job that was posted before there were months, and ended so many days ago."""
    job = await bench.submit(await bench.tickets(count))
    await bench.lanes().run(job.id)
    posted = await post_earlier(bench, job.id, days=100)
    await age(bench, posted, days)
    return posted


async def age(bench: Workbench, job_id: UUID, days: int) -> None:
    await bench.execute(
        "update jobs set finished_at = now() - :days * interval '1 day' where id = :id", days=days, id=job_id
    )


async def purge(bench: Workbench, age_days: int = 90, **most: int) -> int:
    async with bench.engine.begin() as connection:
        return await retention.purge(connection, age_days, **most)


async def test_keys_live_a_day_and_never_shorter_than_their_job_is_active(bench: Workbench) -> None:
    ended = (await bench.submit(await bench.tickets(1))).id
    await bench.cancel(ended)
    active = (await bench.submit(await bench.tickets(1))).id
    ages = (("old", ended, 25), ("young", ended, 23), ("needed", active, 25), ("old of stock", None, 25))
    for name, job_id, hours in (*ages, ("young of stock", None, 23)):
        async with bench.engine.begin() as connection:
            await keys.claim(connection, bench.people.admin.id, name, b"")
            await connection.execute(
                text("""
                    update idempotency_keys set job_id = :id, created_at = now() - :hours * interval '1 hour'
                    where key = :key
                """),
                {"id": job_id, "key": name, "hours": hours},
            )
    async with bench.engine.begin() as connection:
        assert [await idempotency.delete_expired(connection, 1) for _ in range(3)] == [1, 1, 0]
    assert await left_in(bench, "idempotency_keys", "key") == {"young", "needed", "young of stock"}


async def test_what_is_past_its_retention_goes_in_small_batches(bench: Workbench) -> None:
    old, young = await ended(bench, 91), await ended(bench, 89)
    for left in (15, 5):
        assert await purge(bench, most_items=10) == 10
        assert len(await bench.items(old)) == left
        assert await left_in(bench, "jobs", "id") == {old, young}
    assert [await purge(bench, most_items=10) for _ in range(2)] == [6, 0]
    assert await left_in(bench, "jobs", "id") == {young}
    assert len(await bench.items(young)) == 25


async def test_no_more_jobs_go_at_once_than_one_says_the_oldest_first(bench: Workbench) -> None:
    old, older, _oldest = [await ended(bench, days, 1) for days in (91, 92, 93)]
    for left in ({older, old}, {old}):
        assert await purge(bench, most_jobs=1) == 2
        assert await left_in(bench, "jobs", "id") == left


async def test_what_an_active_job_still_needs_stays(bench: Workbench) -> None:
    job_id = await ended(bench, 29)
    undo = await bench.intake.undo(bench.caller, job_id)
    await age(bench, job_id, 91)
    assert await purge(bench) == 0
    await bench.lanes().run(undo.id)
    assert await bench.codes(undo.id) == {"undone": 25}
    assert await purge(bench) == 26
    assert await left_in(bench, "jobs", "id") == {undo.id}
    assert (await bench.job(undo.id)).parent_job_id is None


async def test_what_an_undo_is_being_made_of_at_this_moment_stays(bench: Workbench) -> None:
    job_id = await ended(bench, 29)
    async with bench.engine.begin() as connection:
        await store.lock_active_jobs_of(connection, bench.people.admin.id)
        undoing = asyncio.create_task(bench.intake.undo(bench.caller, job_id))
        await until(lambda: _wait(bench, 1))
        purging = asyncio.create_task(purge(bench, 20))
        await until(lambda: purging.done() or _wait(bench, 2))
    undo, purged = await asyncio.gather(undoing, purging)
    assert purged == 0
    await bench.lanes().run(undo.id)
    assert await bench.codes(undo.id) == {"undone": 25}


async def _wait(bench: Workbench, count: int) -> bool:
    return await backends.count_waiting(bench.engine) == count


async def test_what_the_retry_of_an_undo_still_needs_stays(bench: Workbench) -> None:
    job_id = await ended(bench, 29)
    undo = await bench.intake.undo(bench.caller, job_id)
    await bench.lanes(slice_seconds=0).run(undo.id)
    await bench.cancel(undo.id)
    rest = await bench.intake.retry(bench.caller, undo.id)
    await age(bench, job_id, 91)
    assert await purge(bench) == 0
    await bench.lanes().run(rest.id)
    assert await bench.codes(rest.id) == {"undone": 15}


async def test_old_rows_of_the_audit_log_go_a_few_at_a_time(bench: Workbench) -> None:
    await bench.execute(
        "insert into audit_log (action, at) select 'login.failed', now() - age * interval '1 day' from"
        " unnest(array[100, 95, 91, 89, 1]) as age"
    )
    delete_two = partial(audit.delete_older_than, age_days=90, limit=2)
    async with bench.engine.begin() as connection:
        assert [await delete_two(connection) for _ in range(3)] == [2, 1, 0]
    assert len(await left_in(bench, "audit_log", "id")) == 2
