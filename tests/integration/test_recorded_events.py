"""What is recorded as an event, by whom, and what of it is told."""

from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

from app.events.models import events
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.operation import Targets
from app.tickets.filters import TicketFilter
from tests.support.fakes import RecordedTicketAnnouncer
from tests.support.people import People
from tests.support.workbench import Workbench
from worker.breaches import Breaches


async def recorded(bench: Workbench) -> list[Any]:
    async with bench.engine.connect() as connection:
        return list(await connection.execute(select(events).order_by(events.c.id)))


async def test_what_people_do_to_a_ticket(agent: httpx.AsyncClient, bench: Workbench, people: People) -> None:
    path = (await agent.post("/api/tickets", json={"title": "Printer"})).headers["location"]
    await agent.patch(path, json={"title": "Printer on fire", "priority": "urgent"})
    await agent.post(f"{path}/take")
    await agent.delete(path)
    await agent.post(f"{path}/restore")
    created, updated, taken, deleted, restored = await recorded(bench)
    assert [event.type for event in (created, updated, taken, deleted, restored)] == [
        "ticket.created",
        "ticket.updated",
        "ticket.updated",
        "ticket.deleted",
        "ticket.restored",
    ]
    assert {event.actor_id for event in (created, updated, taken, deleted, restored)} == {people.agent.id}
    assert f"/api/tickets/{created.data['ticket']['id']}" == path
    assert (created.data["ticket"]["title"], created.data["ticket"]["version"]) == ("Printer", 1)
    assert updated.data["ticket"]["title"] == "Printer on fire"
    assert updated.data["changes"] == {"title": ["Printer", "Printer on fire"], "priority": ["normal", "urgent"]}
    assert taken.data["changes"] == {"assigneeId": [None, str(people.agent.id)]}


async def test_what_is_refused_is_no_event(agent: httpx.AsyncClient, bench: Workbench) -> None:
    path = (await agent.post("/api/tickets", json={"title": "Printer"})).headers["location"]
    assert (await agent.patch(path, json={"title": "x"}, headers={"If-Match": '"7"'})).status_code == 412
    assert (await agent.patch(path, json={"assigneeId": path[-36:]})).status_code == 400
    assert (await agent.post(f"{path}/restore")).status_code == 200  # it is there, and stays as it was
    assert [event.type for event in await recorded(bench)] == ["ticket.created"]


async def test_a_merge_changes_two_tickets(agent: httpx.AsyncClient, bench: Workbench) -> None:
    duplicate, survivor = await bench.tickets(2)
    await agent.post(f"/api/tickets/{duplicate}/merge", json={"into": str(survivor)})
    told = {event.data["ticket"]["id"]: event.data["changes"] for event in await recorded(bench)}
    assert told == {
        str(duplicate): {"status": ["open", "closed"], "mergedInto": [None, str(survivor)]},
        str(survivor): {},
    }


async def test_the_text_of_an_internal_comment_is_not_told(agent: httpx.AsyncClient, bench: Workbench) -> None:
    [ticket_id] = await bench.tickets(1)
    for body, internal in (("Have you tried turning it off?", False), ("He has not.", True)):
        await agent.post(f"/api/tickets/{ticket_id}/comments", json={"body": body, "internal": internal})
    public, internal = await recorded(bench)
    assert (public.type, internal.type) == ("ticket.commented",) * 2
    assert public.data["ticket"] == {"id": str(ticket_id), "number": 1}
    assert (public.data["comment"]["body"], public.data["comment"]["internal"]) == (
        "Have you tried turning it off?",
        False,
    )
    assert (internal.data["comment"]["body"], internal.data["comment"]["internal"]) == (None, True)


async def test_a_deadline_that_passes(bench: Workbench) -> None:
    [ticket_id] = await bench.tickets(1)
    await bench.execute("update tickets set due_at = now() - interval '1 minute'")
    for _ in range(2):
        await Breaches(bench.engine, RecordedTicketAnnouncer(), bench.outbox).sweep()
    [event] = await recorded(bench)
    assert (event.type, event.actor_id) == ("ticket.breached", None)
    assert event.data["ticket"] == {"id": str(ticket_id), "number": 1}
    assert bench.outbox.wakes == 1


async def test_a_bulk_job_is_one_event_at_its_end_however_many_tickets_it_changed(bench: Workbench) -> None:
    ids = await bench.tickets(25)
    job = await bench.submit([*ids, UUID(int=7)])
    await bench.lanes().run(job.id)
    [event] = await recorded(bench)
    assert (event.type, event.actor_id) == ("job.completed", None)
    told = {name: event.data[name] for name in ("jobId", "link", "total", "succeeded", "failed", "unprocessed")}
    assert told == {
        "jobId": str(job.id),
        "link": f"/api/jobs/{job.id}",
        "total": 26,
        "succeeded": 25,
        "failed": 1,
        "unprocessed": 0,
    }
    assert bench.outbox.wakes == 1


async def test_so_is_one_that_is_canceled_by_whom_it_was(bench: Workbench, people: People) -> None:
    job = await bench.submit(await bench.tickets(25), people.other_admin)
    await bench.cancel(job.id)
    await bench.cancel(job.id)
    await bench.lanes().run(job.id)
    [event] = await recorded(bench)
    assert (event.type, event.actor_id, event.data["unprocessed"]) == ("job.canceled", people.admin.id, 25)
    assert bench.outbox.wakes == 1


async def test_one_that_finds_no_targets_and_one_that_cannot_go_on(bench: Workbench) -> None:
    empty = await bench.post(BulkDelete(payload=Targets(filter=TicketFilter(status="closed"))))
    await bench.lanes().run(empty.id)
    unknown = await bench.submit(await bench.tickets(1))
    await bench.execute("update jobs set type = 'bulk-forget' where id = :id", id=unknown.id)
    await bench.lanes().run(unknown.id)
    completed, failed = await recorded(bench)
    assert (completed.type, completed.data["total"]) == ("job.completed", 0)
    assert (failed.type, failed.data["error"]) == ("job.failed", "unknown_type")
    assert bench.outbox.wakes == 2


async def requested(client: httpx.AsyncClient, assignee: UUID) -> str:
    body = {"type": "optics", "fields": {"part": "SFP-10G-LR"}, "assigneeId": str(assignee)}
    return str((await client.post("/api/tickets", json=body)).headers["location"])


async def types_and_actors(bench: Workbench) -> list[tuple[str, UUID]]:
    return [(event.type, event.actor_id) for event in await recorded(bench)]


async def test_what_a_request_comes_to_is_told_beside_its_change(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    path = await requested(requester, people.agent.id)
    await agent.post(f"{path}/approve")
    for status in ("in_progress", "fulfilled", "closed"):
        await agent.patch(path, json={"status": status})
    by_requester, by_agent = people.requester.id, people.agent.id
    assert await types_and_actors(bench) == [
        ("ticket.created", by_requester),
        ("ticket.approval_requested", by_requester),
        ("ticket.updated", by_agent),
        ("ticket.approved", by_agent),
        ("ticket.updated", by_agent),
        ("ticket.updated", by_agent),
        ("ticket.fulfilled", by_agent),
        ("ticket.updated", by_agent),
    ]
    _, asked, _, approved, *_ = await recorded(bench)
    assert (asked.data["ticket"]["type"], asked.data["ticket"]["fields"]["part"]) == ("optics", "SFP-10G-LR")
    assert asked.data["ticket"]["assigneeId"] == str(people.agent.id)
    assert approved.data["changes"] == {"status": ["pending_approval", "approved"]}
    assert "reason" not in approved.data


async def test_a_rejection_tells_why(agent: httpx.AsyncClient, bench: Workbench, people: People) -> None:
    path = await requested(agent, people.agent.id)
    await agent.post(f"{path}/reject", json={"reason": "None left"})
    *_, updated, rejected = await recorded(bench)
    assert (updated.type, rejected.type) == ("ticket.updated", "ticket.rejected")
    assert rejected.data["reason"] == "None left"


async def test_whoever_a_request_is_handed_on_to_is_asked_and_nobody_again_for_other_changes(
    agent: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    path = await requested(agent, people.agent.id)
    await agent.patch(path, json={"title": "For the roof"})
    await agent.patch(path, json={"assigneeId": str(people.admin.id)})
    assert [event.type for event in await recorded(bench)] == [
        *("ticket.created", "ticket.approval_requested"),
        "ticket.updated",
        *("ticket.updated", "ticket.approval_requested"),
    ]


async def test_a_request_that_comes_back_asks_nobody_anew(
    agent: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    path = await requested(agent, people.agent.id)
    await agent.delete(path)
    await agent.post(f"{path}/restore")
    assert [event.type for event in await recorded(bench)][2:] == ["ticket.deleted", "ticket.restored"]
