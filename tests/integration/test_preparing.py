"""Jobs whose targets are a query: written down by one lane, once, and not after a pause or a cancel."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs.models import Job
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.operation import Targets
from app.jobs.status import Status
from app.pools import Pools
from app.settings import Settings
from app.tickets.filters import TicketFilter
from tests.support import ledger
from tests.support.people import People
from tests.support.waiting import until
from tests.support.workbench import Workbench

OPEN = BulkDelete(payload=Targets(filter=TicketFilter(status="open")))


@asynccontextmanager
async def holding_up_the_snapshot(bench: Workbench) -> AsyncIterator[AsyncConnection]:
    """Let a lane that prepares wait until this connection is rolled back."""
    async with bench.engine.connect() as connection:
        await connection.execute(text("lock table job_chunks in exclusive mode"))
        yield connection


async def is_preparing(bench: Workbench) -> bool:
    async with bench.engine.connect() as connection:
        waiting = "select count(*) from pg_locks where not granted and relation = 'job_chunks'::regclass"
        return bool(await connection.scalar(text(waiting)))


async def test_many_lanes_at_once_prepare_a_job_once(bench: Workbench) -> None:
    await bench.tickets(45)
    job = await bench.post(OPEN)
    async with holding_up_the_snapshot(bench) as blocker:
        lanes = [asyncio.create_task(bench.lanes().run(job.id)) for _ in range(4)]
        await until(lambda: is_preparing(bench))
        await until(lambda: sum(lane.done() for lane in lanes) == 3)
        await blocker.rollback()
        await asyncio.gather(*lanes)
    found = await ledger.of(bench.engine, job.id)
    assert found.balances()
    assert (found.status, found.total, found.succeeded) == (Status.COMPLETED, 45, 45)
    assert bench.wake_ups.woken[job.id] == 2 + 1  # at its launch, and for the lane that is not preparing


@pytest.mark.parametrize("how", ["pause", "cancel"])
async def test_what_is_stopped_while_it_is_prepared_has_no_targets(bench: Workbench, how: str) -> None:
    await bench.tickets(25)
    job = await bench.post(OPEN)
    async with holding_up_the_snapshot(bench) as blocker:
        lane = asyncio.create_task(bench.lanes().run(job.id))
        await until(lambda: is_preparing(bench))
        stopped: Job = await getattr(bench.jobs, how)(bench.caller, job.id)
        await blocker.rollback()
        await lane
    assert await bench.job(job.id) == stopped
    assert (stopped.total, await bench.items(job.id)) == (None, [])
    if how == "cancel":
        going_on = await bench.intake.retry(bench.caller, job.id)
    else:
        going_on = await bench.jobs.resume(bench.caller, job.id)
    await bench.lanes().run(going_on.id)
    assert (await ledger.of(bench.engine, going_on.id)).succeeded == 25


async def test_what_comes_later_is_safe(bench: Workbench) -> None:
    await bench.tickets(25)
    job = await bench.post(OPEN)
    await bench.lanes(slice_seconds=0).run(job.id)
    assert (await bench.job(job.id)).total == 25
    await bench.tickets(5)
    await bench.lanes().run(job.id)
    found = await ledger.of(bench.engine, job.id)
    assert (found.status, found.deleted) == (Status.COMPLETED, 25)


async def test_a_filter_of_nothing_is_a_job_that_is_done(bench: Workbench) -> None:
    job = await bench.post(OPEN)
    await bench.lanes().run(job.id)
    ended = await bench.job(job.id)
    assert (ended.status, ended.total, ended.progress) == (Status.COMPLETED, 0, 100)
    assert bench.announcer.names == ["jobs:created", "jobs:progress", "jobs:completed"]


async def test_excluded_tickets_are_left_out_and_deleted_ones_not_meant(bench: Workbench) -> None:
    ids = await bench.tickets(30)
    await bench.execute("update tickets set deleted_at = now() where id = any(:ids)", ids=ids[:5])
    job = await bench.post(
        BulkDelete(payload=Targets(filter=TicketFilter(), all=True, exclude_ids=[*ids[5:9], uuid4()]))
    )
    await bench.lanes().run(job.id)
    assert {item.ticket_id for item in await bench.items(job.id)} == set(ids[9:])


@pytest.mark.parametrize("by_filter", [True, False])
@pytest.mark.parametrize(
    ("count", "most", "sizes"), [(2100, 5000, [1000, 1000, 100]), (44_000, 5000, [1100] * 40), (25, 10, [10, 10, 5])]
)
async def test_a_chunk_is_a_fortieth_of_a_job_but_neither_small_nor_too_large(
    pools: Pools, settings: Settings, people: People, by_filter: bool, count: int, most: int, sizes: list[int]
) -> None:
    bench = Workbench(pools, msgspec.structs.replace(settings, chunk_size=most), people)
    ids = await bench.tickets(count)
    targets = Targets(filter=TicketFilter(), all=True) if by_filter else Targets(ticket_ids=ids)
    job = await bench.post(BulkDelete(payload=targets))
    lanes = bench.lanes()
    lanes.stop.set()  # after the first chunk
    await lanes.run(job.id)
    async with pools.engine.connect() as connection:
        found = await connection.scalars(text("select size from job_chunks order by no"))
        assert list(found) == sizes
