"""A job that was canceled before a lane had written its targets down has neither items nor chunks."""

import pytest

from app.jobs.errors import NothingToRetry
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.operation import Targets
from app.tickets.filters import TicketFilter
from tests.support.workbench import Workbench


async def test_the_retry_of_an_undo_that_never_began_undoes_all(bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(25))
    await bench.lanes().run(job.id)
    undo = await bench.intake.undo(bench.caller, job.id)
    with pytest.raises(NothingToRetry):
        await bench.intake.retry(bench.caller, undo.id)
    await bench.cancel(undo.id)
    again = await bench.intake.retry(bench.caller, undo.id)
    await bench.lanes().run(again.id)
    assert await bench.codes(again.id) == {"undone": 25}


async def test_the_retry_of_a_filter_that_never_began_is_the_same_job_again(bench: Workbench) -> None:
    first, *others = await bench.tickets(25)
    job = await bench.post(BulkDelete(payload=Targets(filter=TicketFilter(status="open"), exclude_ids=[first])))
    await bench.cancel(job.id)
    again = await bench.intake.retry(bench.caller, job.id)
    await bench.cancel(again.id)
    yet_again = await bench.intake.retry(bench.caller, again.id)
    assert (again.params, yet_again.params) == (job.params, job.params)
    await bench.lanes().run(yet_again.id)
    assert {item.ticket_id for item in await bench.items(yet_again.id, code="deleted")} == set(others)
    with pytest.raises(NothingToRetry):
        await bench.intake.retry(bench.caller, yet_again.id)
