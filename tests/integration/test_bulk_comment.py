"""Jobs that comment on tickets."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.jobs.errors import NotUndoable
from app.jobs.models import Job
from app.jobs.operations.bulk_comment import BulkComment, BulkCommentPayload
from app.tickets.filters import TicketFilter
from tests.support.workbench import Workbench


async def commented(bench: Workbench, **payload: Any) -> Job:
    return await done(bench, await bench.post(BulkComment(payload=BulkCommentPayload(body="Hello", **payload))))


async def done(bench: Workbench, job: Job) -> Job:
    await bench.lanes().run(job.id)
    return await bench.job(job.id)


async def undone(bench: Workbench, job: Job) -> Job:
    return await done(bench, await bench.intake.undo(bench.caller, job.id))


async def comments(bench: Workbench) -> list[Any]:
    async with bench.engine.connect() as connection:
        statement = "select ticket_id, author_id, body, internal from comments order by ticket_id"
        return [tuple(row) for row in await connection.execute(text(statement))]


async def test_each_ticket_gets_one_comment_by_the_one_who_posted_the_job(bench: Workbench) -> None:
    ids = await bench.tickets(25)
    await bench.execute("update tickets set deleted_at = now() where id = :id", id=ids[0])
    await bench.execute(
        "update tickets set status = 'closed', merged_into = :into where id = :id", id=ids[1], into=ids[2]
    )
    job = await commented(bench, ticket_ids=ids, internal=True)
    assert await bench.codes(job.id) == {"commented": 23, "deleted": 1, "merged": 1}
    assert await comments(bench) == [(each, bench.people.admin.id, "Hello", True) for each in ids[2:]]


async def test_a_filter_names_them_too_and_the_ticket_stays_as_it_is(bench: Workbench) -> None:
    ids = await bench.tickets(3)
    job = await commented(bench, filter=TicketFilter(status="open"))
    assert await comments(bench) == [(each, bench.people.admin.id, "Hello", False) for each in ids]
    async with bench.engine.connect() as connection:
        assert await connection.scalar(text("select max(version) from tickets")) == 1
    assert job.succeeded == 3


async def test_an_undo_removes_those_that_nobody_edited(bench: Workbench) -> None:
    ids = await bench.tickets(25)
    job = await commented(bench, ticket_ids=ids)
    await bench.execute(
        "insert into comments (ticket_id, author_id, body) select ticket_id, author_id, 'Mine' from comments"
    )
    await bench.execute("update comments set edited_at = now() where body = 'Hello' and ticket_id = :id", id=ids[0])
    await bench.execute("delete from comments where body = 'Hello' and ticket_id = :id", id=ids[1])
    await bench.execute("update tickets set version = 7, status = 'closed' where id = :id", id=ids[2])
    await bench.execute("delete from tickets where id = :id", id=ids[3])
    undo = await undone(bench, job)
    assert undo.type == "bulk-uncomment"
    assert await bench.codes(undo.id) == {"uncommented": 22, "conflict": 2, "not_found": 1}
    left: list[UUID] = [row[0] for row in await comments(bench) if row[2] == "Hello"]
    assert left == ids[:1]
    assert len([row for row in await comments(bench) if row[2] == "Mine"]) == 24
    with pytest.raises(NotUndoable):
        await bench.intake.undo(bench.caller, undo.id)


async def test_an_undo_leaves_what_a_merge_has_moved_to_another_ticket(bench: Workbench) -> None:
    duplicate, survivor = await bench.tickets(2)
    job = await commented(bench, ticket_ids=[duplicate])
    await bench.execute("update comments set ticket_id = :id", id=survivor)
    undo = await undone(bench, job)
    assert await bench.codes(undo.id) == {"conflict": 1}
    assert [ticket_id for ticket_id, *_ in await comments(bench)] == [survivor]


async def test_a_retry_of_an_undo_removes_the_rest(bench: Workbench) -> None:
    job = await commented(bench, ticket_ids=await bench.tickets(25))
    undo = await bench.intake.undo(bench.caller, job.id)
    await bench.lanes(slice_seconds=0).run(undo.id)
    await bench.cancel(undo.id)
    assert len(await comments(bench)) == 15
    rest = await done(bench, await bench.intake.retry(bench.caller, undo.id))
    assert (rest.succeeded, await comments(bench)) == (15, [])
