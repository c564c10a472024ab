"""From which status a ticket goes to which: by hand, by bulk jobs and in their previews alike."""

import itertools
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.jobs.operations.bulk_update import BulkUpdate, BulkUpdatePayload
from app.tickets.status import Status
from tests.support.people import People
from tests.support.workbench import Workbench

ALLOWED: dict[Status, list[Status]] = {
    "open": ["in_progress", "pending", "resolved", "closed"],
    "in_progress": ["open", "pending", "resolved", "closed"],
    "pending": ["open", "in_progress", "resolved", "closed"],
    "resolved": ["open", "in_progress", "closed"],
    "closed": ["open"],
}
STATUSES = list(ALLOWED)
EVERY_PAIR = list(itertools.product(STATUSES, STATUSES))
WHOLE = {"title": "T", "description": "", "priority": "low"}


async def one_of_each(bench: Workbench) -> dict[Status, UUID]:
    """Add a ticket in each status."""
    ids = dict(zip(STATUSES, await bench.tickets(len(STATUSES)), strict=True))
    for status, ticket_id in ids.items():
        await bench.execute("update tickets set status = :status where id = :id", status=status, id=ticket_id)
    return ids


async def rows(bench: Workbench) -> list[Any]:
    async with bench.engine.connect() as connection:
        return list((await connection.exec_driver_sql("select * from tickets order by number")).all())


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_by_hand_a_ticket_goes_where_an_arrow_leads(
    agent: httpx.AsyncClient, bench: Workbench, method: str
) -> None:
    for source, target in EVERY_PAIR:
        ticket_id = (await one_of_each(bench))[source]
        before = await rows(bench)
        body = {"status": target} if method == "PATCH" else WHOLE | {"status": target}
        answer = await agent.request(method, f"/api/tickets/{ticket_id}", json=body)
        if target == source or target in ALLOWED[source]:
            assert (answer.status_code, answer.json()["status"]) == (200, target)
        else:
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (409, "transition_not_allowed")
            assert (problem["state"], problem["allowed"]) == (source, ALLOWED[source])
            assert await rows(bench) == before


@pytest.mark.parametrize("target", STATUSES)
async def test_bulk_jobs_and_their_previews_know_the_same_arrows(
    admin: httpx.AsyncClient, bench: Workbench, target: Status
) -> None:
    ids = await one_of_each(bench)
    expected = {
        source: "unchanged" if source == target else "updated" if target in ALLOWED[source] else "not_allowed"
        for source in STATUSES
    }
    refused = list(expected.values()).count("not_allowed")
    payload = {"ticketIds": [str(ticket_id) for ticket_id in ids.values()], "status": target}
    preview = (await admin.post("/api/jobs/preview", json={"type": "bulk-update", "payload": payload})).json()
    assert preview["wouldFail"] == ({"not_allowed": refused} if refused else {})

    job = await bench.post(BulkUpdate(payload=BulkUpdatePayload(ticket_ids=list(ids.values()), status=target)))
    await bench.lanes().run(job.id)
    codes = {item.ticket_id: item.code for item in await bench.items(job.id)}
    assert {source: codes[ticket_id] for source, ticket_id in ids.items()} == expected
    now = {source: row.status for source, row in zip(STATUSES, await rows(bench), strict=True)}
    assert now == {source: source if expected[source] == "not_allowed" else target for source in STATUSES}


async def test_where_a_status_is_not_allowed_a_bulk_job_changes_nothing_of_the_ticket(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    ids = await one_of_each(bench)
    before = await rows(bench)
    payload = BulkUpdatePayload(ticket_ids=[ids["closed"]], status="pending", priority="urgent", add_tags=["a"])
    job = await bench.post(BulkUpdate(payload=payload))
    await bench.lanes().run(job.id)
    assert await bench.codes(job.id) == {"not_allowed": 1}
    assert await rows(bench) == before
    [item] = (await admin.get(f"/api/jobs/{job.id}/items")).json()["items"]
    assert (item["result"], item["code"]) == ("failed", "not_allowed")
    assert "status" in item["message"]


async def test_without_a_status_a_bulk_job_is_no_move(bench: Workbench) -> None:
    ids = list((await one_of_each(bench)).values())
    job = await bench.post(BulkUpdate(payload=BulkUpdatePayload(ticket_ids=ids, priority="urgent")))
    await bench.lanes().run(job.id)
    assert await bench.codes(job.id) == {"updated": 5}


async def test_an_undo_restores_a_status_that_no_arrow_leads_to(bench: Workbench) -> None:
    ids = await one_of_each(bench)
    job = await bench.post(BulkUpdate(payload=BulkUpdatePayload(ticket_ids=[ids["pending"]], status="closed")))
    await bench.lanes().run(job.id)
    undo = await bench.intake.undo(bench.caller, job.id)
    await bench.lanes().run(undo.id)
    assert await bench.codes(undo.id) == {"undone": 1}
    assert [row.status for row in await rows(bench)] == STATUSES


async def test_a_requester_moves_their_own_by_the_same_arrows(
    requester: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    ids = await one_of_each(bench)
    assert (await requester.patch(f"/api/tickets/{ids['resolved']}", json={"status": "open"})).status_code == 200
    refused = await requester.patch(f"/api/tickets/{ids['closed']}", json={"status": "pending"})
    assert (refused.status_code, refused.json()["code"]) == (409, "transition_not_allowed")
    await bench.execute("update tickets set requester_id = :other", other=people.other_requester.id)
    assert (await requester.patch(f"/api/tickets/{ids['closed']}", json={"status": "pending"})).status_code == 404


async def test_who_looks_at_an_old_version_is_told_that_first(agent: httpx.AsyncClient, bench: Workbench) -> None:
    path = f"/api/tickets/{(await one_of_each(bench))['closed']}"
    stale = await agent.patch(path, json={"status": "pending"}, headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["version"]) == (412, 1)
    current = await agent.patch(path, json={"status": "pending"}, headers={"If-Match": '"1"'})
    assert (current.status_code, current.json()["code"]) == (409, "transition_not_allowed")


async def test_a_new_ticket_may_have_any_status(agent: httpx.AsyncClient) -> None:
    for status in STATUSES:
        created = await agent.post("/api/tickets", json={"title": "From elsewhere", "status": status})
        assert (created.status_code, created.json()["status"]) == (201, status)
