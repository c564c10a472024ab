from uuid import UUID

import pytest
from sqlalchemy import text

from app.jobs import chunks, store
from tests.bench import Bench
from worker.sweeper import Sweeper


@pytest.fixture
def sweeper(bench: Bench) -> Sweeper:
    return Sweeper(bench.engine, bench.wake_ups, lanes_per_job=2, retention_days=90)


async def submitted(bench: Bench, count: int = 25) -> UUID:
    """Submit a job whose wake-ups got lost, a while ago."""
    job = await bench.submit(await bench.tickets(count))
    await bench.execute("update jobs set created_at = created_at - interval '1 minute'")
    bench.wake_ups.woken.clear()
    return job.id


async def test_a_job_whose_wake_ups_were_lost_is_woken(bench: Bench, sweeper: Sweeper) -> None:
    job_id = await submitted(bench)
    await sweeper.sweep()
    assert bench.wake_ups.woken == {job_id: 2}


async def test_a_job_just_posted_is_left_to_the_api_that_stored_it(bench: Bench, sweeper: Sweeper) -> None:
    await submitted(bench)
    await bench.execute("update jobs set created_at = now()")
    await sweeper.sweep()
    assert not bench.wake_ups.woken


async def test_a_job_that_waits_its_turn_is_not_woken_again(bench: Bench, sweeper: Sweeper) -> None:
    job_id = await submitted(bench)
    bench.wake_ups.queued[job_id] = 2
    await sweeper.sweep()
    assert not bench.wake_ups.woken


async def test_a_job_that_lost_one_of_its_lanes_gets_one(bench: Bench, sweeper: Sweeper) -> None:
    job_id = await submitted(bench)
    await bench.execute("update jobs set status = 'running'")
    async with bench.engine.connect() as lane:
        assert await chunks.claim(lane, job_id, 2)
        await sweeper.sweep()
    assert bench.wake_ups.woken == {job_id: 1}


@pytest.mark.parametrize("status", ["paused", "failed", "canceled"])
async def test_a_job_that_does_not_run_is_left_alone(bench: Bench, sweeper: Sweeper, status: str) -> None:
    await submitted(bench)
    await bench.execute("update jobs set status = :status", status=status)
    await sweeper.sweep()
    assert not bench.wake_ups.woken


async def test_a_job_with_nothing_left_to_claim_is_left_alone(bench: Bench, sweeper: Sweeper) -> None:
    job_id = await submitted(bench)
    await bench.lanes().run(job_id)
    await sweeper.sweep()
    assert not bench.wake_ups.woken


async def test_only_one_sweeps_at_a_time(bench: Bench, sweeper: Sweeper) -> None:
    job_id = await submitted(bench)
    async with bench.engine.connect() as other:
        await other.execute(text("select pg_advisory_xact_lock(hashtextextended('bulkhead sweeper', 0))"))
        await sweeper.sweep()
        assert not bench.wake_ups.woken
    await sweeper.sweep()
    assert bench.wake_ups.woken == {job_id: 2}


async def test_keys_live_a_day_and_never_shorter_than_their_job_is_active(bench: Bench, sweeper: Sweeper) -> None:
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
