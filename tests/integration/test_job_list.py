"""What the list of jobs can be asked for, and what each of its rows says of what the job is about."""

import copy
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.jobs import lookups
from app.jobs.models import Job
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.bulk_purge import BulkPurge, BulkPurgePayload
from app.jobs.operations.bulk_update import BulkUpdate, BulkUpdatePayload
from app.jobs.operations.operation import JobRequest, Targets
from app.jobs.queries import JobQuery
from app.jobs.status import ACTIVE, Status
from app.tickets.filters import TicketFilter
from tests.support.workbench import Workbench

IN_MOTION = [status.value for status in sorted(ACTIVE)]
ENDED = ["completed", "failed", "canceled"]


async def read(client: httpx.AsyncClient, path: str = "/api/jobs", **query: Any) -> Any:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ids(client: httpx.AsyncClient, **query: Any) -> list[UUID]:
    found = await read(client, **query)
    listed = [UUID(job["id"]) for job in found["jobs"]]
    assert found["pagination"]["total"] == len(listed)
    return listed


async def one_of_each(bench: Workbench) -> dict[str, UUID]:
    """Have a job in every state, in this order, and one that is scheduled for later; return their ids."""
    made: dict[str, UUID] = {status.value: (await bench.submit(await bench.tickets(1))).id for status in Status}
    for status, job_id in made.items():
        await bench.execute(
            "update jobs set status = wanted, succeeded = case when wanted = 'completed' then 1 else 0 end"
            " from cast(:status as text) as wanted where id = :id",
            status=status,
            id=job_id,
        )
    later = BulkDelete(payload=Targets(ticket_ids=await bench.tickets(1)), run_at=datetime.now(UTC) + timedelta(1))
    made["scheduled"] = (await bench.post(later)).id
    return made


async def test_they_are_in_motion_ended_or_scheduled(admin: httpx.AsyncClient, bench: Workbench) -> None:
    made = await one_of_each(bench)
    moving = [made[status] for status in ("paused", "running", "queued")]
    assert await ids(admin, status=IN_MOTION, scheduled=False) == moving
    assert await ids(admin, status=ENDED) == [made[status] for status in ("canceled", "failed", "completed")]
    assert await ids(admin, scheduled=True) == [made["scheduled"]]
    assert await ids(admin, status="queued") == [made["scheduled"], made["queued"]]
    await bench.execute("update jobs set run_at = now() - interval '1 second' where run_at is not null")
    assert await ids(admin, status=IN_MOTION, scheduled=False) == [made["scheduled"], *moving]


async def test_they_are_filtered_by_who_posted_them(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, bench: Workbench
) -> None:
    people = bench.people
    first, second = [
        (await bench.submit(await bench.tickets(1), user)).id for user in (people.admin, people.other_admin)
    ]
    assert await ids(admin, requestedBy=people.admin.id) == [first]
    assert await ids(admin, requestedBy=people.other_admin.id, status=["queued", "paused"]) == [second]
    assert await ids(agent, requestedBy=people.admin.id) == []  # which are not for agents to see


async def test_a_cursor_is_of_the_list_that_was_asked_for(admin: httpx.AsyncClient, bench: Workbench) -> None:
    made = await one_of_each(bench)
    first = await read(admin, status=ENDED, limit=2)
    rest = await read(admin, status=ENDED, limit=2, cursor=first["nextCursor"])
    assert [UUID(job["id"]) for job in rest["jobs"]] == [made["completed"]]
    other = await admin.get("/api/jobs", params={"status": ENDED[:2], "limit": 2, "cursor": first["nextCursor"]})
    assert other.status_code == 400


@pytest.mark.parametrize("query", [{"status": ["queued", "done"]}, {"scheduled": "maybe"}, {"requestedBy": "ada"}])
async def test_a_filter_that_makes_no_sense_is_refused(admin: httpx.AsyncClient, query: dict[str, Any]) -> None:
    answer = await admin.get("/api/jobs", params=query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"].startswith(f"query.{next(iter(query))}")


async def test_those_in_motion_are_counted_without_a_look_at_all_that_have_ended(bench: Workbench) -> None:
    await bench.execute(
        "insert into jobs (type, requested_by, status, total)"
        " select 'bulk-delete', :admin, 'canceled', 1 from generate_series(1, 20000)",
        admin=bench.people.admin.id,
    )
    await bench.submit(await bench.tickets(1))
    await bench.execute("analyze jobs")
    query = JobQuery(status=sorted(ACTIVE), scheduled=False)
    explain = copy.copy(lookups._COUNT)
    explain.text = f"explain {explain.text}"
    plan = [row[0] for row in await bench.pools.reads.fetch(explain, **lookups._asked(query))]
    assert "ix_jobs_active" in str(plan)


async def params(admin: httpx.AsyncClient, job: Job) -> Any:
    """Return what a job says of what it was posted with: alone, and in the list."""
    detail = await read(admin, f"/api/jobs/{job.id}")
    [listed] = [each for each in (await read(admin))["jobs"] if each["id"] == str(job.id)]
    assert detail["params"] == listed["params"]
    return detail["params"]


async def test_a_job_says_what_it_was_posted_with_and_names_no_tickets(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    some, agent = await bench.tickets(3), bench.people.agent
    spam = TicketFilter(status=["open", "closed"], tags="spam")
    posted: list[tuple[JobRequest, dict[str, Any]]] = [
        (BulkDelete(payload=Targets(ticket_ids=some)), {}),
        (
            BulkDelete(payload=Targets(filter=spam, exclude_ids=some)),
            {"filter": {"status": ["open", "closed"], "tags": "spam"}, "excluded": 3},
        ),
        (BulkDelete(payload=Targets(filter=TicketFilter(), all=True)), {"filter": {}, "all": True}),
        (
            BulkUpdate(
                payload=BulkUpdatePayload(
                    ticket_ids=some, status="closed", priority="low", assignee_id=agent.id, add_tags=["a"]
                )
            ),
            {"status": "closed", "priority": "low", "assigneeId": str(agent.id), "addTags": ["a"]},
        ),
        (
            BulkUpdate(payload=BulkUpdatePayload(ticket_ids=some, assignee_id=None, remove_tags=["b"])),
            {"assigneeId": None, "removeTags": ["b"]},
        ),
        (BulkPurge(payload=BulkPurgePayload(ticket_ids=some, force=True), reason="Spam"), {"force": True}),
    ]
    for request, expected in posted:
        job = await bench.post(request)
        assert await params(admin, job) == expected


async def test_so_do_its_retry_and_its_undo(admin: httpx.AsyncClient, bench: Workbench) -> None:
    await bench.tickets(20)
    job = await bench.post(BulkDelete(payload=Targets(filter=TicketFilter(status="open"))))
    await bench.lanes(slice_seconds=0).run(job.id)
    await bench.cancel(job.id)
    assert await params(admin, await bench.intake.retry(bench.caller, job.id)) == {"filter": {"status": "open"}}
    assert await params(admin, await bench.intake.undo(bench.caller, job.id)) == {}


async def test_what_a_job_was_posted_with_in_other_times_is_shown_as_it_is(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    job = await bench.submit(await bench.tickets(1))
    await bench.execute(
        """update jobs set params = '{"labels": ["x"], "addTags": ["y"], "excludeIds": []}' where id = :id""",
        id=job.id,
    )
    assert await params(admin, job) == {"addTags": ["y"]}


async def test_a_paused_job_says_who_paused_it_and_when(admin: httpx.AsyncClient, bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(20))
    await bench.lanes(slice_seconds=0).run(job.id)
    running = await read(admin, f"/api/jobs/{job.id}")
    paused = (await admin.post(f"/api/jobs/{job.id}/pause")).json()
    resumed = (await admin.post(f"/api/jobs/{job.id}/resume")).json()
    assert [each["pausedBy"] for each in (running, paused, resumed)] == [None, str(bench.people.admin.id), None]
    assert [each["pausedAt"] for each in (running, resumed)] == [None, None]
    assert paused["pausedAt"] >= paused["startedAt"]
