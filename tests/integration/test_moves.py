"""Every move between states, tried from every state, by the functions that make them."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs import store
from app.jobs.models import Counts, Job
from app.jobs.status import ARROWS, Status
from tests.support.workbench import Workbench

Move = Callable[[AsyncConnection, UUID], Awaitable[Job | None]]
Arrow = tuple[Status, Status]


async def count_the_last(connection: AsyncConnection, job_id: UUID) -> Job | None:
    job = await store.find(connection, job_id)
    assert job is not None
    return await store.count(connection, job, Counts(succeeded=1, failed=0))


async def find_no_targets(connection: AsyncConnection, job_id: UUID) -> Job | None:
    return await store.set_total(connection, job_id, 0)


async def pause(connection: AsyncConnection, job_id: UUID) -> Job | None:
    job = await store.find(connection, job_id)
    assert job is not None
    return await store.pause(connection, job_id, job.requested_by)


async def cancel(connection: AsyncConnection, job_id: UUID) -> Job | None:
    job = await store.find(connection, job_id)
    assert job is not None
    return await store.cancel(connection, job_id, job.requested_by)


async def fail(connection: AsyncConnection, job_id: UUID) -> Job | None:
    return await store.fail(connection, job_id, "internal_error")


MOVES: dict[str, tuple[Move, set[Arrow]]] = {
    "start": (store.start, {(Status.QUEUED, Status.RUNNING)}),
    "count the last": (count_the_last, {(Status.RUNNING, Status.COMPLETED)}),
    "find no targets": (find_no_targets, {(Status.RUNNING, Status.COMPLETED)}),
    "pause": (pause, {(Status.RUNNING, Status.PAUSED)}),
    "resume": (store.resume, {(Status.PAUSED, Status.RUNNING)}),
    "cancel": (
        cancel,
        {(source, Status.CANCELED) for source in (Status.QUEUED, Status.RUNNING, Status.PAUSED)},
    ),
    "fail": (fail, {(Status.RUNNING, Status.FAILED), (Status.PAUSED, Status.FAILED)}),
}


@pytest.fixture
async def job_id(bench: Workbench) -> UUID:
    """A job of one item, which is not done."""
    return (await bench.submit(await bench.tickets(1))).id


async def put(bench: Workbench, job_id: UUID, status: Status) -> Job:
    """Bring a job into a state; one that is completed has its one item done."""
    await bench.execute(
        """
        update jobs set status = state, succeeded = case when state = 'completed' then total else 0 end,
               started_at = case when state <> 'queued' then now() end,
               paused_at = case when state = 'paused' then now() end
        from (select cast(:status as text)) as wanted (state) where id = :id
        """,
        id=job_id,
        status=status,
    )
    return await bench.job(job_id)


async def states_after(bench: Workbench, job_id: UUID, move: Move) -> dict[Status, Status]:
    """Try a move from every state; return where it led from those in which it was made."""
    after = {}
    for source in Status:
        before = await put(bench, job_id, source)
        async with bench.engine.begin() as connection:
            moved = await move(connection, job_id)
            if moved is None:
                await connection.rollback()
            else:
                after[source] = moved.status
        assert await bench.job(job_id) == (moved or before)
    return after


def test_together_they_are_all_arrows() -> None:
    assert set().union(*(arrows for _, arrows in MOVES.values())) == set(ARROWS)


@pytest.mark.parametrize(("move", "arrows"), MOVES.values(), ids=list(MOVES))
async def test_a_move_is_made_along_its_arrows_and_nowhere_else(
    bench: Workbench, job_id: UUID, move: Move, arrows: set[Arrow]
) -> None:
    assert set((await states_after(bench, job_id, move)).items()) == arrows


async def test_without_its_arrow_no_move_is_made(
    bench: Workbench, job_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for arrow in list(ARROWS):
        for move in (move for move, arrows in MOVES.values() if arrow in arrows):
            await put(bench, job_id, arrow[0])
            with monkeypatch.context() as patch:
                patch.delitem(ARROWS, arrow)
                async with bench.engine.connect() as connection:
                    assert await move(connection, job_id) is None, " to ".join(arrow)


async def test_items_are_counted_and_targets_written_down_in_running_jobs_only(bench: Workbench) -> None:
    async def count(connection: AsyncConnection, job_id: UUID) -> Job | None:
        job = await store.find(connection, job_id)
        assert job is not None
        return await store.count(connection, job, Counts(succeeded=1, failed=0))

    async def write_down(connection: AsyncConnection, job_id: UUID) -> Job | None:
        return await store.set_total(connection, job_id, 25)

    job_id = (await bench.submit(await bench.tickets(25))).id
    for move in (count, write_down):
        assert await states_after(bench, job_id, move) == {Status.RUNNING: Status.RUNNING}
