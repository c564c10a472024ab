"""Throttles, schedules, priorities, the limit of active jobs, and what is expected to be counted."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest

from app.accounts.models import Caller
from app.audit.models import Origin
from app.errors import InvalidRequest
from app.jobs.errors import CountChanged, TooManyJobs
from app.jobs.intake import Intake
from app.jobs.models import Job
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.bulk_update import BulkUpdate, BulkUpdatePayload
from app.jobs.operations.operation import Targets
from app.jobs.status import Status
from app.jobs.store import CATCH_UP_SECONDS
from app.tickets.filters import TicketFilter
from tests.support.workbench import Workbench
from worker.sweeper import Sweeper

NOBODY = Targets(ticket_ids=[uuid4()])


@pytest.fixture
def sweeper(bench: Workbench) -> Sweeper:
    return Sweeper(bench.engine, bench.wake_ups, lanes_per_job=2)


def strict(bench: Workbench, max_active_jobs: int) -> Intake:
    settings = msgspec.structs.replace(bench.settings, max_active_jobs=max_active_jobs)
    return Intake(bench.pools, bench.wake_ups, bench.announcer, settings)


async def throttled(bench: Workbench, count: int, rate: int) -> Job:
    ids = await bench.tickets(count)
    return await bench.post(BulkDelete(payload=Targets(ticket_ids=ids), max_items_per_second=rate))


async def test_a_throttled_job_has_one_lane_and_rests_after_each_chunk(bench: Workbench, sweeper: Sweeper) -> None:
    job = await throttled(bench, 20, 20)
    assert bench.wake_ups.woken == {job.id: 1}
    await bench.lanes().run(job.id)
    first = await bench.job(job.id)
    assert (first.status, first.processed) == (Status.RUNNING, 5)
    assert bench.wake_ups.delays[-1] == pytest.approx(first.rest_seconds)
    assert bench.wake_ups.woken == {job.id: 2}


async def test_a_throttled_job_does_nothing_before_its_turn_whoever_asks(bench: Workbench, sweeper: Sweeper) -> None:
    job = await throttled(bench, 20, 20)
    await bench.lanes().run(job.id)
    await bench.execute("update jobs set not_before = now() + interval '1 hour'")
    bench.wake_ups.woken.clear()
    await bench.lanes().run(job.id)
    await sweeper.sweep()
    assert (await bench.job(job.id)).processed == 5
    assert not bench.wake_ups.woken
    await bench.execute("update jobs set not_before = now()")
    await sweeper.sweep()
    assert bench.wake_ups.woken == {job.id: 1}


async def test_a_throttled_job_that_is_long_behind_does_not_make_up_for_it(bench: Workbench) -> None:
    job = await throttled(bench, 3, 1)
    await bench.execute("update jobs set not_before = now() - interval '1 hour'")
    await bench.lanes().run(job.id)
    first = await bench.job(job.id)
    assert first.processed == 1
    assert first.rest_seconds == pytest.approx(1 - CATCH_UP_SECONDS, abs=0.01)


@pytest.mark.parametrize("how", ["retry", "undo"])
async def test_what_is_made_of_a_job_keeps_its_priority_and_its_pace(bench: Workbench, how: str) -> None:
    ids = await bench.tickets(25)
    job = await bench.post(BulkDelete(payload=Targets(ticket_ids=ids), priority="high", max_items_per_second=40))
    await bench.lanes().run(job.id)
    await bench.cancel(job.id)
    child: Job = await getattr(bench.intake, how)(bench.caller, job.id)
    assert (child.priority, child.max_items_per_second) == ("high", 40)


async def test_every_wake_up_of_a_job_has_its_priority(bench: Workbench, sweeper: Sweeper) -> None:
    await bench.tickets(25)
    everything = Targets(filter=TicketFilter(), all=True)
    job = await bench.post(BulkDelete(payload=everything, priority="high"))
    one_chunk = bench.lanes(slice_seconds=0)
    await one_chunk.run(job.id)
    await bench.jobs.pause(bench.caller, job.id)
    await bench.jobs.resume(bench.caller, job.id)
    await bench.execute("update jobs set created_at = created_at - interval '1 minute'")
    await sweeper.sweep()
    # At its launch, once it is prepared, after its slice, when it is resumed, and by the sweeper.
    assert bench.wake_ups.priorities == ["high"] * 5


async def test_a_scheduled_job_is_begun_when_it_is_due(bench: Workbench, sweeper: Sweeper) -> None:
    at = datetime.now(UTC) + timedelta(hours=1)
    job = await bench.post(BulkDelete(payload=NOBODY, run_at=at))
    await bench.lanes().run(job.id)
    await sweeper.sweep()
    assert not bench.wake_ups.woken
    assert (await bench.job(job.id)).status is Status.QUEUED
    await bench.execute("update jobs set run_at = now()")
    await sweeper.sweep()
    assert bench.wake_ups.woken == {job.id: 2}
    await bench.lanes().run(job.id)
    assert (await bench.job(job.id)).status is Status.COMPLETED


async def test_a_replay_is_answered_even_when_the_request_would_be_refused_now(bench: Workbench) -> None:
    intake = strict(bench, 1)
    request = BulkDelete(payload=NOBODY, run_at=datetime.now(UTC) + timedelta(hours=1))
    first = await intake.submit(bench.caller, request, "a-key")
    assert (await intake.submit(bench.caller, request, "a-key")).job == first.job
    with pytest.raises(TooManyJobs):
        await intake.submit(bench.caller, request, "another-key")


async def test_a_time_that_has_passed_is_refused(bench: Workbench) -> None:
    for at in (datetime.now(UTC) - timedelta(seconds=1), datetime.min.replace(tzinfo=UTC)):
        with pytest.raises(InvalidRequest) as refused:
            await bench.post(BulkDelete(payload=NOBODY, run_at=at))
        assert refused.value.errors[0].path == "$.runAt"


async def test_many_posts_at_once_do_not_pass_the_limit(bench: Workbench) -> None:
    intake = strict(bench, 5)
    posts = [intake.submit(bench.caller, BulkDelete(payload=NOBODY), None) for _ in range(12)]
    answers = await asyncio.gather(*posts, return_exceptions=True)
    assert sum(isinstance(answer, TooManyJobs) for answer in answers) == 7
    other = Caller(bench.people.other_admin, Origin())
    await intake.submit(other, BulkDelete(payload=NOBODY), None)
    await bench.execute("update jobs set status = 'canceled', finished_at = now()")
    await intake.submit(bench.caller, BulkDelete(payload=NOBODY), None)


@pytest.mark.parametrize("expected", [4, 6])
async def test_a_job_of_another_size_than_expected_is_not_stored(bench: Workbench, expected: int) -> None:
    ids = await bench.tickets(5)
    for targets in (Targets(ticket_ids=[*ids, ids[0]]), Targets(filter=TicketFilter(status="open"))):
        with pytest.raises(CountChanged) as refused:
            await bench.post(BulkDelete(payload=targets, expected_count=expected))
        assert refused.value.members == {"count": 5}
        await bench.post(BulkDelete(payload=targets, expected_count=5))


async def test_nobody_is_assigned_who_cannot_work_on_tickets(bench: Workbench) -> None:
    for assignee_id in (uuid4(), bench.people.requester.id):
        payload = BulkUpdatePayload(ticket_ids=[uuid4()], assignee_id=assignee_id)
        request = BulkUpdate(payload=payload)
        for asking in (bench.post(request), bench.intake.preview(bench.people.admin, request)):
            with pytest.raises(InvalidRequest) as refused:
                await asking
            assert refused.value.errors[0].path == "$.payload.assigneeId"


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "neither ids nor filter": ({"payload": {}}, "$.payload"),
    "both": ({"payload": {"ticketIds": [str(uuid4())], "filter": {"status": "open"}}}, "$.payload"),
    "an empty filter": ({"payload": {"filter": {}}}, "$.payload"),
    "exceptions without a filter": (
        {"payload": {"ticketIds": [str(uuid4())], "excludeIds": [str(uuid4())]}},
        "$.payload",
    ),
    "an unknown filter": ({"payload": {"filter": {"colour": "red"}}}, "$.payload.filter"),
    "a status that is none": ({"payload": {"filter": {"status": "lost"}}}, "$.payload.filter.status"),
    "one of two": ({"payload": {"filter": {"status": ["open", "lost"]}}}, "$.payload.filter.status[1]"),
    "no values": ({"payload": {"filter": {"tags": []}}}, "$.payload.filter.tags"),
    "a time without its zone": (
        {"payload": {"filter": {"createdAfter": "2026-01-01T00:00:00"}}},
        "$.payload.filter.createdAfter",
    ),
    "a negative throttle": ({"maxItemsPerSecond": -1}, "$.maxItemsPerSecond"),
    "no throughput": ({"maxItemsPerSecond": 0}, "$.maxItemsPerSecond"),
    "another priority": ({"priority": "urgent"}, "$.priority"),
    "a negative count": ({"expectedCount": -1}, "$.expectedCount"),
    "an unknown field": ({"dryRun": True}, "$"),
    "nothing to update": ({"type": "bulk-update"}, "$.payload"),
    "a tag added and removed": (
        {"type": "bulk-update", "payload": {"ticketIds": [str(uuid4())], "addTags": ["a"], "removeTags": ["a"]}},
        "$.payload",
    ),
    "a purge without a reason": ({"type": "bulk-purge"}, "$"),
    "an undo": ({"type": "bulk-undo"}, "$.type"),
}


async def test_bad_input_is_told_with_its_path_and_stores_nothing(admin: httpx.AsyncClient) -> None:
    good = {"type": "bulk-delete", "payload": {"ticketIds": [str(uuid4())]}}
    for name, (change, path) in BAD.items():
        for where in ("/api/jobs", "/api/jobs/preview"):
            answer = await admin.post(where, json=good | change)
            assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, path), name
    assert (await admin.get("/api/jobs")).json()["pagination"]["total"] == 0
    for extreme in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        filtered = {"type": "bulk-delete", "payload": {"filter": {"createdAfter": extreme}}}
        assert (await admin.post("/api/jobs/preview", json=filtered)).status_code in {200, 400}
        assert (await admin.get("/api/tickets", params={"createdAfter": extreme})).status_code in {200, 400}
        assert (await admin.post("/api/jobs", json={**good, "runAt": extreme})).status_code in {202, 400}
