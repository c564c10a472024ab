from uuid import UUID

import pytest
from sqlalchemy import text

import worker.sweeper
from app.jobs import chunks, store
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.operation import Targets
from app.tickets.filters import TicketFilter
from tests.support.workbench import Workbench
from worker.sweeper import Sweeper


@pytest.fixture
def sweeper(bench: Workbench) -> Sweeper:
    return Sweeper(bench.engine, bench.wake_ups, lanes_per_job=2, retention_days=90)


async def submitted(bench: Workbench, count: int = 25) -> UUID:
    """Submit a job whose wake-ups got lost, a while ago."""
    job = await bench.submit(await bench.tickets(count))
    await bench.execute("update jobs set created_at = created_at - interval '1 minute'")
    bench.wake_ups.woken.clear()
    return job.id


async def test_a_job_whose_wake_ups_were_lost_is_woken(bench: Workbench, sweeper: Sweeper) -> None:
    job_id = await submitted(bench)
    await sweeper.sweep()
    assert bench.wake_ups.woken == {job_id: 2}


async def test_a_job_just_posted_is_left_to_the_api_that_stored_it(bench: Workbench, sweeper: Sweeper) -> None:
    await submitted(bench)
    await bench.execute("update jobs set created_at = now()")
    await sweeper.sweep()
    assert not bench.wake_ups.woken


async def test_a_job_that_waits_its_turn_is_not_woken_again(bench: Workbench, sweeper: Sweeper) -> None:
    job_id = await submitted(bench)
    bench.wake_ups.queued[job_id] = 2
    await sweeper.sweep()
    assert not bench.wake_ups.woken


async def test_a_job_that_lost_one_of_its_lanes_gets_one(bench: Workbench, sweeper: Sweeper) -> None:
    job_id = await submitted(bench)
    await bench.execute("update jobs set status = 'running'")
    async with bench.engine.connect() as lane:
        assert await chunks.claim(lane, job_id, 2)
        await sweeper.sweep()
    assert bench.wake_ups.woken == {job_id: 1}


@pytest.mark.parametrize("status", ["paused", "failed", "canceled"])
async def test_a_job_that_does_not_run_is_left_alone(bench: Workbench, sweeper: Sweeper, status: str) -> None:
    await submitted(bench)
    await bench.execute("update jobs set status = :status", status=status)
    await sweeper.sweep()
    assert not bench.wake_ups.woken


async def test_a_job_with_nothing_left_to_claim_is_left_alone(bench: Workbench, sweeper: Sweeper) -> None:
    job_id = await submitted(bench)
    await bench.lanes().run(job_id)
    await sweeper.sweep()
    assert not bench.wake_ups.woken


async def test_only_one_sweeps_at_a_time(bench: Workbench, sweeper: Sweeper) -> None:
    job_id = await submitted(bench)
    async with bench.engine.connect() as other:
        await other.execute(text("select pg_advisory_xact_lock(hashtextextended('bulkhead sweeper', 0))"))
        await sweeper.sweep()
        assert not bench.wake_ups.woken
    await sweeper.sweep()
    assert bench.wake_ups.woken == {job_id: 2}


async def test_keys_live_a_day_and_never_shorter_than_their_job_is_active(bench: Workbench, sweeper: Sweeper) -> None:
    ended = await submitted(bench)
    await bench.cancel(ended)
    active = await submitted(bench)
    for name, job_id, hours in (("old", ended, 25), ("young", ended, 23), ("needed", active, 25)):
        async with bench.engine.begin() as connection:
            await store.claim_key(connection, bench.people.admin.id, name, b"")
            await connection.execute(
                text("""
                    update idempotency_keys set job_id = :id, created_at = now() - :hours * interval '1 hour'
                    where key = :key
                """),
                {"id": job_id, "key": name, "hours": hours},
            )
    await sweeper.sweep()
    async with bench.engine.connect() as connection:
        left = await connection.execute(text("select key from idempotency_keys"))
        assert set(left.scalars()) == {"young", "needed"}


async def jobs_left(bench: Workbench) -> set[UUID]:
    async with bench.engine.connect() as connection:
        return set((await connection.execute(text("select id from jobs"))).scalars())


async def ended(bench: Workbench, days: int, count: int = 25) -> UUID:
    job = await bench.submit(await bench.tickets(count))
    await bench.lanes().run(job.id)
    await bench.execute(
        "update jobs set finished_at = now() - :days * interval '1 day' where id = :id", days=days, id=job.id
    )
    return job.id


async def test_what_is_past_its_retention_goes_in_small_batches(
    bench: Workbench, sweeper: Sweeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker.sweeper, "ITEMS", 10)
    old, young = await ended(bench, 91), await ended(bench, 89)
    for left in (25, 15, 5):
        assert len(await bench.items(old)) == left
        assert await jobs_left(bench) == {old, young}
        await sweeper.sweep()
    assert await jobs_left(bench) == {young}
    assert len(await bench.items(young)) == 25


async def test_what_an_active_job_still_needs_stays(bench: Workbench, sweeper: Sweeper) -> None:
    job_id = await ended(bench, 29)
    undo = await bench.intake.undo(bench.caller, job_id)
    await bench.execute("update jobs set finished_at = now() - interval '91 days' where id = :id", id=job_id)
    await sweeper.sweep()
    assert await jobs_left(bench) == {job_id, undo.id}
    await bench.lanes().run(undo.id)
    assert await bench.codes(undo.id) == {"undone": 25}
    await sweeper.sweep()
    assert await jobs_left(bench) == {undo.id}
    assert (await bench.job(undo.id)).parent_job_id is None


async def test_what_a_retried_undo_is_to_restore_stays(bench: Workbench, sweeper: Sweeper) -> None:
    job_id = await ended(bench, 29)
    undo = await bench.intake.undo(bench.caller, job_id)
    await bench.lanes(slice_seconds=0).run(undo.id)
    await bench.cancel(undo.id)
    rest = await bench.intake.retry(bench.caller, undo.id)
    await bench.execute("update jobs set finished_at = now() - interval '91 days' where id = :id", id=job_id)
    await sweeper.sweep()
    await bench.lanes().run(rest.id)
    assert await bench.codes(undo.id) + await bench.codes(rest.id) == {"undone": 25, None: 15}


async def test_old_rows_of_the_audit_log_go_a_few_at_a_time(
    bench: Workbench, sweeper: Sweeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker.sweeper, "AUDIT_ROWS", 2)
    await bench.execute(
        "insert into audit_log (action, at) select 'login.failed', now() - age * interval '1 day' from"
        " unnest(array[100, 95, 91, 89, 1]) as age"
    )
    for left in (3, 2, 2):
        await sweeper.sweep()
        async with bench.engine.connect() as connection:
            assert await connection.scalar(text("select count(*) from audit_log")) == left


async def test_a_job_whose_targets_nobody_has_written_down_is_woken(bench: Workbench, sweeper: Sweeper) -> None:
    job = await bench.post(BulkDelete(payload=Targets(filter=TicketFilter(status="open"))))
    await bench.execute("update jobs set created_at = created_at - interval '1 minute', status = 'running'")
    bench.wake_ups.woken.clear()
    await sweeper.sweep()
    assert bench.wake_ups.woken == {job.id: 2}
