from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.changes import store as changes
from app.history import service
from app.jobs.models import Job
from app.jobs.operations.bulk_comment import BulkComment, BulkCommentPayload
from app.jobs.operations.bulk_deadlines import BulkDeadlines
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.bulk_restore import BulkRestore
from app.jobs.operations.bulk_update import BulkUpdate, BulkUpdatePayload
from app.jobs.operations.operation import JobRequest, Targets
from tests.support.people import People
from tests.support.workbench import Workbench

EVERYTHING = 100


class Told(NamedTuple):
    actor: str | None
    field: str
    before: Any
    after: Any


async def history_of(client: httpx.AsyncClient, ticket_id: UUID, limit: int = EVERYTHING) -> list[dict[str, Any]]:
    """Return a ticket's whole history, in pages of `limit`."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await client.get(f"/api/tickets/{ticket_id}/history", params={"limit": limit, **cursor})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["changes"]) <= limit
        found += page["changes"]
        if page["nextCursor"] is None:
            return found
        cursor = {"cursor": page["nextCursor"]}


def told(history: Sequence[dict[str, Any]]) -> list[Told]:
    return [
        Told(change["actor"] and change["actor"]["username"], *(change[name] for name in ("field", "before", "after")))
        for change in history
    ]


async def done(bench: Workbench, request: JobRequest) -> Job:
    job = await bench.post(request)
    await bench.lanes().run(job.id)
    return job


async def undone(bench: Workbench, job: Job) -> Job:
    undo = await bench.intake.undo(bench.caller, job.id)
    await bench.lanes().run(undo.id)
    return undo


async def edited(client: httpx.AsyncClient, ticket_id: UUID, **fields: Any) -> None:
    answer = await client.patch(f"/api/tickets/{ticket_id}", json=fields)
    assert answer.status_code == 200, answer.text


def closing(ids: list[UUID], **more: Any) -> BulkUpdate:
    return BulkUpdate(payload=BulkUpdatePayload(ticket_ids=ids, status="closed"), **more)


def deleting(ids: list[UUID], **more: Any) -> BulkDelete:
    return BulkDelete(payload=Targets(ticket_ids=ids), **more)


@pytest.fixture
async def ticket_id(bench: Workbench) -> UUID:
    return (await bench.tickets(1))[0]


async def test_a_new_ticket_has_none(admin: httpx.AsyncClient, ticket_id: UUID) -> None:
    assert await history_of(admin, ticket_id) == []


async def test_a_change_by_hand_is_told_field_by_field(agent: httpx.AsyncClient, ticket_id: UUID) -> None:
    await edited(agent, ticket_id, status="in_progress", tags=["vip"])
    await edited(agent, ticket_id, status="in_progress")
    history = await history_of(agent, ticket_id)
    assert told(history) == [
        Told("agent", "tags", [], ["vip"]),
        Told("agent", "status", "open", "in_progress"),
    ]
    assert all(change["jobId"] is change["reason"] is None for change in history)


async def test_a_bulk_change_is_told_by_what_differs_with_its_job(
    agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID, people: People
) -> None:
    job = await done(bench, closing([ticket_id], reason="The quarter ends"))
    [change] = await history_of(agent, ticket_id)
    assert change | {"at": ""} == {
        "at": "",
        "actor": {"id": str(people.admin.id), "username": "admin"},
        "jobId": str(job.id),
        "field": "status",
        "before": "open",
        "after": "closed",
        "reason": "The quarter ends",
    }


async def test_what_a_job_led_to_is_what_the_next_change_found(
    agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID
) -> None:
    await done(bench, closing([ticket_id]))
    await edited(agent, ticket_id, title="Not so fast")
    await edited(agent, ticket_id, status="open")
    assert told(await history_of(agent, ticket_id)) == [
        Told("agent", "status", "closed", "open"),
        Told("agent", "title", "Ticket 1", "Not so fast"),
        Told("admin", "status", "open", "closed"),
    ]


async def test_a_comment_of_a_bulk_job_is_no_change_of_its_ticket(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, bench: Workbench, ticket_id: UUID
) -> None:
    note = BulkCommentPayload(ticket_ids=[ticket_id], body="A note", internal=True)
    await undone(bench, await done(bench, BulkComment(payload=note)))
    for client in (agent, requester):
        assert await history_of(client, ticket_id) == []


async def test_an_undo_is_a_change_of_its_own(admin: httpx.AsyncClient, bench: Workbench, ticket_id: UUID) -> None:
    job = await done(bench, closing([ticket_id], reason="By mistake"))
    undo = await undone(bench, job)
    newest, oldest = await history_of(admin, ticket_id)
    assert told([newest, oldest]) == [
        Told("admin", "status", "closed", "open"),
        Told("admin", "status", "open", "closed"),
    ]
    assert [newest["jobId"], oldest["jobId"]] == [str(undo.id), str(job.id)]
    assert [newest["reason"], oldest["reason"]] == [None, "By mistake"]


async def test_staff_see_who_deleted_and_restored(agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID) -> None:
    await done(bench, deleting([ticket_id]))
    await agent.post(f"/api/tickets/{ticket_id}/restore")
    await agent.delete(f"/api/tickets/{ticket_id}")
    await done(bench, BulkRestore(payload=Targets(ticket_ids=[ticket_id])))
    await undone(bench, await done(bench, deleting([ticket_id])))
    await done(bench, deleting([ticket_id]))
    history = told(await history_of(agent, ticket_id))
    assert {change.field for change in history} == {"deletedAt"}
    assert [change.actor for change in history] == ["admin", "admin", "admin", "admin", "agent", "agent", "admin"]
    assert [(change.before is None, change.after is None) for change in history] == [
        (True, False),
        (False, True),
    ] * 3 + [(True, False)]
    assert [newer.before for newer in history[:-1]] == [older.after for older in history[1:]]
    times = {value for change in history for value in (change.before, change.after) if value is not None}
    assert len(times) == 4
    assert all(time.endswith("Z") for time in times)


async def test_what_failed_or_changed_nothing_is_no_change(
    agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID
) -> None:
    for _ in range(2):
        await done(bench, closing([ticket_id]))
        await done(bench, BulkRestore(payload=Targets(ticket_ids=[ticket_id])))
    assert len(await history_of(agent, ticket_id)) == 1


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_pages_together_are_the_whole(
    agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID, limit: int
) -> None:
    await edited(agent, ticket_id, title="Other", description="Longer", priority="high")
    await undone(bench, await done(bench, closing([ticket_id])))
    await undone(bench, await done(bench, deleting([ticket_id])))
    await edited(agent, ticket_id, status="resolved", tags=["a", "b"])
    whole = await history_of(agent, ticket_id)
    assert len(whole) == 9
    assert [change["at"] for change in whole] == sorted((change["at"] for change in whole), reverse=True)
    assert await history_of(agent, ticket_id, limit) == whole


async def test_a_long_one_is_told_in_the_same_way(
    agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    await edited(agent, ticket_id, title="One", tags=["vip"])
    await done(bench, closing([ticket_id], reason="The quarter ends"))
    await edited(agent, ticket_id, title="Two", assigneeId=None)
    whole = await history_of(agent, ticket_id)
    monkeypatch.setattr(service, "LONG", 1)
    assert await history_of(agent, ticket_id) == await history_of(agent, ticket_id, limit=1) == whole
    assert len(whole) == 4


async def test_what_comes_meanwhile_moves_no_page(agent: httpx.AsyncClient, ticket_id: UUID) -> None:
    for title in "abc":
        await edited(agent, ticket_id, title=title)
    path = f"/api/tickets/{ticket_id}/history"
    first = (await agent.get(path, params={"limit": 1})).json()
    await edited(agent, ticket_id, title="d")
    second = (await agent.get(path, params={"limit": 1, "cursor": first["nextCursor"]})).json()
    assert [page["changes"][0]["after"] for page in (first, second)] == ["c", "b"]


async def test_a_cursor_is_good_for_one_ticket(agent: httpx.AsyncClient, bench: Workbench) -> None:
    one, other = await bench.tickets(2)
    await edited(agent, one, title="Other", priority="high")
    cursor = (await agent.get(f"/api/tickets/{one}/history?limit=1")).json()["nextCursor"]
    refused = await agent.get(f"/api/tickets/{other}/history", params={"cursor": cursor})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "query.cursor")


async def test_a_requester_is_told_neither_jobs_and_their_reasons_nor_what_is_internal(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID, people: People
) -> None:
    await edited(requester, ticket_id, title="Mine")
    await done(bench, closing([ticket_id], reason="A secret"))
    async with bench.engine.begin() as connection:
        for body, internal, reason in (("Hello", False, "For you"), ("A fool", True, "A secret")):
            edit = {"comment": (body, "Edited")}
            await changes.record(
                connection, ticket_id, edit, actor_id=people.agent.id, internal=internal, reason=reason
            )
    history = await history_of(requester, ticket_id)
    assert told(history) == [
        Told("agent", "comment", "Hello", "Edited"),
        Told("admin", "status", "open", "closed"),
        Told("requester", "title", "Ticket 1", "Mine"),
    ]
    assert [change["jobId"] for change in history] == [None, None, None]
    assert [change["reason"] for change in history] == ["For you", None, None]
    assert await history_of(requester, ticket_id, 1) == history
    seen = await history_of(agent, ticket_id)
    assert told(seen)[0] == Told("agent", "comment", "A fool", "Edited")
    assert [change["reason"] for change in seen] == ["A secret", "For you", "A secret", None]


async def test_a_deleted_ticket_is_not_found_by_its_requester(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID
) -> None:
    await done(bench, deleting([ticket_id]))
    assert (await requester.get(f"/api/tickets/{ticket_id}/history")).status_code == 404
    assert len(await history_of(agent, ticket_id)) == 1
    assert (await agent.get(f"/api/tickets/{uuid4()}/history")).status_code == 404


async def test_time_acts_without_a_name(agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID) -> None:
    async with bench.engine.begin() as connection:
        await changes.record(connection, ticket_id, {"breached": (False, True)}, actor_id=None)
    assert told(await history_of(agent, ticket_id)) == [Told(None, "breached", False, True)]


async def forgotten(bench: Workbench, job: Job) -> None:
    """Let a job go as retention does."""
    await bench.execute("delete from job_items where job_id = :id", id=job.id)
    await bench.execute("delete from jobs where id = :id", id=job.id)


async def test_beyond_a_job_that_is_gone_nothing_is_made_up(
    agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID
) -> None:
    await edited(agent, ticket_id, priority="high")
    await done(bench, closing([ticket_id]))
    gone = await done(
        bench, BulkUpdate(payload=BulkUpdatePayload(ticket_ids=[ticket_id], status="open", priority="low"))
    )
    await edited(agent, ticket_id, status="resolved", tags=["late"])
    await forgotten(bench, gone)
    assert told(await history_of(agent, ticket_id)) == [
        Told("agent", "tags", [], ["late"]),
        Told("agent", "status", "open", "resolved"),
        Told("admin", "version", 2, 3),
        Told("agent", "priority", "normal", "high"),
    ]


async def test_up_to_a_job_that_is_gone_all_is_known(
    agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID
) -> None:
    gone = await done(bench, closing([ticket_id]))
    await done(bench, BulkUpdate(payload=BulkUpdatePayload(ticket_ids=[ticket_id], status="open")))
    await forgotten(bench, gone)
    assert told(await history_of(agent, ticket_id)) == [Told("admin", "status", "closed", "open")]


async def test_the_newest_change_may_be_gone(agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID) -> None:
    await agent.delete(f"/api/tickets/{ticket_id}")
    await done(bench, BulkRestore(payload=Targets(ticket_ids=[ticket_id])))
    gone = await done(bench, deleting([ticket_id]))
    await forgotten(bench, gone)
    newest, oldest = told(await history_of(agent, ticket_id))
    assert newest == Told("admin", "version", 2, 3)
    assert (oldest.actor, oldest.field, oldest.before) == ("agent", "deletedAt", None)


async def test_what_was_done_to_a_ticket_is_never_rewritten(bench: Workbench, ticket_id: UUID) -> None:
    await done(bench, closing([ticket_id]))
    with pytest.raises(DBAPIError, match="Rows of job_items are never changed"):
        await bench.execute("update job_items set version = 7")


async def test_a_ticket_is_found_among_all_items_by_an_index(bench: Workbench, ticket_id: UUID) -> None:
    """Nothing but its index leads from a ticket to its items."""
    async with bench.engine.begin() as connection:
        await connection.execute(text("set local enable_seqscan = off"))
        plan = "explain select * from job_items where ticket_id = :id and version is not null"
        lines = (await connection.execute(text(plan), {"id": ticket_id})).scalars()
        assert "ix_job_items_ticket" in "\n".join(lines)


async def test_the_same_time_written_in_another_way_is_no_change(
    agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID
) -> None:
    job = await done(bench, closing([ticket_id]))
    await agent.delete(f"/api/tickets/{ticket_id}")
    await bench.execute(
        """
        with changed as (
            update tickets set version = version + 1, priority = 'high' where id = :id returning version, deleted_at
        )
        insert into job_items (job_id, position, ticket_id, result, code, version, before)
        select :job_id, 1, :id, 'succeeded', 'updated', version,
               jsonb_build_object('deletedAt', deleted_at, 'priority', 'normal')
        from changed
        """,
        id=ticket_id,
        job_id=job.id,
    )
    await agent.post(f"/api/tickets/{ticket_id}/restore")
    history = told(await history_of(agent, ticket_id))
    assert [change.field for change in history] == ["deletedAt", "priority", "deletedAt", "status"]


async def test_one_change_may_be_on_record_in_two_rows(
    agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID, people: People
) -> None:
    await done(bench, closing([ticket_id]))
    async with bench.engine.begin() as connection:
        await connection.execute(text("update tickets set version = 3, priority = 'high', title = 'Other'"))
        for field, change in (("priority", ("normal", "high")), ("title", ("Ticket 1", "Other"))):
            await changes.record(connection, ticket_id, {field: change}, actor_id=people.agent.id, version=3)
    history = told(await history_of(agent, ticket_id))
    assert [change.field for change in history] == ["title", "priority", "status"]


async def test_a_deadline_that_is_worked_out_anew_is_no_change_of_the_ticket(
    agent: httpx.AsyncClient, bench: Workbench, ticket_id: UUID
) -> None:
    await bench.execute("insert into sla_policies (name, position, solution_minutes) values ('New', 1, 90)")
    job = await done(bench, BulkDeadlines(payload=Targets(ticket_ids=[ticket_id])))
    assert await bench.codes(job.id) == {"recomputed": 1}
    assert (await agent.get(f"/api/tickets/{ticket_id}/history")).json()["changes"] == []
