import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from msgspec import structs
from sqlalchemy import text

from app.errors import AppError
from app.jobs.errors import AlreadyRetried, AlreadyUndone, JobNotEnded, NothingToRetry, NothingToUndo
from app.jobs.models import Job
from app.jobs.operations.bulk_update import BulkUpdate, BulkUpdatePayload
from app.jobs.status import Status
from tests.support.workbench import Workbench


async def done(bench: Workbench, job: Job) -> Job:
    await bench.lanes().run(job.id)
    return await bench.job(job.id)


async def undone(bench: Workbench, job: Job) -> Job:
    return await done(bench, await bench.intake.undo(bench.caller, job.id))


async def half_done(bench: Workbench, ids: list[UUID]) -> Job:
    """A job that was canceled after its first chunk."""
    job = await bench.submit(ids)
    await bench.lanes(slice_seconds=0).run(job.id)
    return await bench.cancel(job.id)


async def tags(bench: Workbench, ticket_id: UUID) -> list[str]:
    async with bench.engine.connect() as connection:
        found: list[str] = await connection.scalar(text("select tags from tickets where id = :id"), {"id": ticket_id})
        return found


async def test_a_retry_has_what_was_left_over_and_nothing_else(bench: Workbench) -> None:
    ids = await bench.tickets(35)
    job = await half_done(bench, [uuid4(), *ids])
    child = await done(bench, await bench.intake.retry(bench.caller, job.id))
    assert [item.ticket_id for item in await bench.items(child.id)] == ids[9:]
    assert (child.parent_job_id, child.status, child.succeeded) == (job.id, Status.COMPLETED, 26)
    assert (await bench.job(job.id)).retried_by == child.id
    with pytest.raises(NothingToRetry):
        await bench.intake.retry(bench.caller, child.id)


async def test_of_many_retries_at_once_there_is_one(bench: Workbench) -> None:
    job = await half_done(bench, await bench.tickets(15))
    answers = await asyncio.gather(
        *(bench.intake.retry(bench.caller, job.id) for _ in range(8)), return_exceptions=True
    )
    [child] = [answer for answer in answers if isinstance(answer, Job)]
    refusals = [answer for answer in answers if isinstance(answer, AlreadyRetried)]
    assert [refusal.members["job_id"] for refusal in refusals] == [child.id] * 7


async def test_of_many_undos_at_once_there_is_one(bench: Workbench) -> None:
    job = await done(bench, await bench.submit(await bench.tickets(5)))
    answers = await asyncio.gather(*(bench.intake.undo(bench.caller, job.id) for _ in range(8)), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyUndone"] * 7 + ["Job"]


async def test_a_retry_of_an_undo_restores_the_rest(bench: Workbench) -> None:
    ids = await bench.tickets(30)
    job = await done(bench, await bench.submit(ids[::-1]))
    undo = await bench.intake.undo(bench.caller, job.id)
    await bench.lanes(slice_seconds=0).run(undo.id)
    await bench.cancel(undo.id)
    with pytest.raises(AlreadyUndone):
        await bench.intake.undo(bench.caller, job.id)
    rest = await done(bench, await bench.intake.retry(bench.caller, undo.id))
    assert (rest.type, rest.total, await bench.codes(rest.id)) == ("bulk-undo", 20, {"undone": 20})
    redone = await undone(bench, rest)
    assert await bench.codes(redone.id) == {"undone": 20}


async def test_nobody_is_told_that_a_job_can_be_undone_for_longer_than_it_is_there(bench: Workbench) -> None:
    bench.settings = structs.replace(bench.settings, undo_days=365, job_retention_days=90)
    bench.use(bench.pools)
    job = await done(bench, await bench.submit(await bench.tickets(1)))
    assert job.finished_at is not None
    assert job.undo_until(job.finished_at) == job.finished_at + timedelta(days=90)


async def test_what_a_retry_changed_is_undone_by_itself(bench: Workbench) -> None:
    ids = await bench.tickets(25)
    first = await half_done(bench, ids)
    second = await done(bench, await bench.intake.retry(bench.caller, first.id))
    assert await bench.codes((await undone(bench, second)).id) == {"undone": 15}
    assert await bench.codes((await undone(bench, first)).id) == {"undone": 10}


async def test_tags_come_back_as_they_were(bench: Workbench) -> None:
    [ticket_id] = await bench.tickets(1)
    await bench.execute("update tickets set tags = array['z', 'a', 'z']")
    payload = BulkUpdatePayload(ticket_ids=[ticket_id], add_tags=["m"], remove_tags=["a"])
    job = await done(bench, await bench.post(BulkUpdate(payload=payload)))
    assert await tags(bench, ticket_id) == ["m", "z"]
    undo = await undone(bench, job)
    assert await tags(bench, ticket_id) == ["z", "a", "z"]
    await undone(bench, undo)
    assert await tags(bench, ticket_id) == ["m", "z"]


async def test_a_ticket_that_is_purged_since_is_not_found(bench: Workbench) -> None:
    ids = await bench.tickets(3)
    job = await done(bench, await bench.submit(ids))
    await bench.execute("delete from tickets where id = :id", id=ids[0])
    assert await bench.codes((await undone(bench, job)).id) == {"undone": 2, "not_found": 1}


async def test_unchanged_items_are_no_part_of_an_undo(bench: Workbench) -> None:
    ids = await bench.tickets(4)
    await bench.execute("update tickets set status = 'closed' where id = :id", id=ids[0])
    payload = BulkUpdatePayload(ticket_ids=ids, status="closed")
    job = await done(bench, await bench.post(BulkUpdate(payload=payload)))
    assert await bench.codes(job.id) == {"updated": 3, "unchanged": 1}
    assert (await undone(bench, job)).total == 3


async def test_what_changed_nothing_or_has_not_ended_cannot_be_undone(bench: Workbench) -> None:
    nothing = await done(bench, await bench.submit([uuid4()]))
    running = await bench.submit(await bench.tickets(1))
    refusals: list[tuple[Job, type[AppError]]] = [(nothing, NothingToUndo), (running, JobNotEnded)]
    for job, refusal in refusals:
        assert job.undo_until(datetime.now(UTC)) is None
        with pytest.raises(refusal):
            await bench.intake.undo(bench.caller, job.id)
