from uuid import UUID

import pytest
from sqlalchemy import text

from app.jobs import chunks
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.operation import Targets
from app.tickets.filters import TicketFilter
from tests.support.workbench import Workbench
from worker.sweeper import Sweeper


@pytest.fixture
def sweeper(bench: Workbench) -> Sweeper:
    return Sweeper(bench.engine, bench.wake_ups, lanes_per_job=2)


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


async def test_a_job_whose_targets_nobody_has_written_down_is_woken(bench: Workbench, sweeper: Sweeper) -> None:
    job = await bench.post(BulkDelete(payload=Targets(filter=TicketFilter(status="open"))))
    await bench.execute("update jobs set created_at = created_at - interval '1 minute', status = 'running'")
    bench.wake_ups.woken.clear()
    await sweeper.sweep()
    assert bench.wake_ups.woken == {job.id: 2}
