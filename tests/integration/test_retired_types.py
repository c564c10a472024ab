"""What jobs did can be read for ever, also when no program knows their type, or one of their codes, any more."""

import csv
import io
import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.accounts import tokens
from app.jobs.models import Job
from app.jobs.operations.bulk_update import BulkUpdate, BulkUpdatePayload
from app.settings import Settings
from tests.support.watcher import connecting
from tests.support.workbench import Workbench

RETIRED = "bulk-label"


@pytest.fixture
async def job(bench: Workbench) -> Job:
    """Ten of 25 tickets were done, one of them was not there; nobody knows the job's type any more, nor its code."""
    payload = BulkUpdatePayload(ticket_ids=[uuid4(), *await bench.tickets(24)], status="closed")
    job = await bench.post(BulkUpdate(payload=payload))
    await bench.lanes(slice_seconds=0).run(job.id)
    await bench.cancel(job.id)
    await bench.execute("update jobs set type = :type where id = :id", type=RETIRED, id=job.id)
    await bench.falsify("update job_items set code = 'labeled' where job_id = :id and code = 'updated'", id=job.id)
    return await bench.job(job.id)


async def read(client: httpx.AsyncClient, path: str, **query: str) -> Any:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_job_is_found_and_listed(admin: httpx.AsyncClient, job: Job) -> None:
    detail = await read(admin, f"/api/jobs/{job.id}")
    assert (detail["type"], detail["status"], detail["succeeded"], detail["failed"]) == (RETIRED, "canceled", 9, 1)
    assert [entry["id"] for entry in (await read(admin, "/api/jobs", type=RETIRED))["jobs"]] == [str(job.id)]


async def test_its_items_have_their_codes_and_no_message(admin: httpx.AsyncClient, job: Job) -> None:
    expected = [("not_found", None)] + [("labeled", None)] * 9 + [(None, None)] * 15
    for items in (
        (await read(admin, f"/api/jobs/{job.id}/items", limit="100"))["items"],
        (await read(admin, f"/api/jobs/{job.id}"))["items"],
    ):
        assert [(item["code"], item["message"]) for item in items] == expected[: len(items)]
    found = (await read(admin, f"/api/jobs/{job.id}/items", code="labeled"))["items"]
    assert [item["result"] for item in found] == ["succeeded"] * 9


async def test_its_summary_counts_them(admin: httpx.AsyncClient, job: Job) -> None:
    codes = (await read(admin, f"/api/jobs/{job.id}/summary"))["codes"]
    assert [(entry["code"], entry["message"], entry["count"]) for entry in codes] == [
        ("labeled", None, 9),
        ("not_found", None, 1),
        (None, None, 15),
    ]


async def test_its_export_is_whole(admin: httpx.AsyncClient, job: Job) -> None:
    path = f"/api/jobs/{job.id}/items/export"
    table = list(csv.DictReader(io.StringIO((await admin.get(path, params={"format": "csv"})).text)))
    lines = [json.loads(line) for line in (await admin.get(path, params={"format": "ndjson"})).text.splitlines()]
    assert [row["code"] for row in table] == ["not_found"] + ["labeled"] * 9 + [""] * 15
    assert {row["message"] for row in table} == {""}
    assert [line["code"] or "" for line in lines] == [row["code"] for row in table]


async def test_a_retired_code_of_a_living_type_has_no_message(
    admin: httpx.AsyncClient, bench: Workbench, job: Job
) -> None:
    await bench.execute("update jobs set type = 'bulk-update' where id = :id", id=job.id)
    items = (await read(admin, f"/api/jobs/{job.id}"))["items"]
    assert [item["message"] for item in items[:2]] == ["There is no ticket with this id.", None]


async def test_it_cannot_be_retried(admin: httpx.AsyncClient, bench: Workbench, job: Job) -> None:
    answer = await admin.post(f"/api/jobs/{job.id}/retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "job_type_retired")
    assert RETIRED in answer.json()["detail"]
    assert (await bench.job(job.id)).retried_by is None


async def test_it_can_be_undone(admin: httpx.AsyncClient, bench: Workbench, job: Job) -> None:
    assert (await read(admin, f"/api/jobs/{job.id}"))["undoable"]
    answer = await admin.post(f"/api/jobs/{job.id}/undo")
    assert answer.status_code == 202, answer.text
    undo_id = UUID(answer.json()["id"])
    await bench.lanes().run(undo_id)
    assert await bench.codes(undo_id) == {"undone": 9}


async def test_the_audit_log_tells_of_it(admin: httpx.AsyncClient, job: Job) -> None:
    entries = (await read(admin, "/api/audit", subjectId=str(job.id)))["entries"]
    assert [entry["action"] for entry in entries] == ["job.canceled", "job.submitted"]


async def test_sockets_hear_of_it(base_url: str, settings: Settings, bench: Workbench, job: Job) -> None:
    admin = bench.people.admin
    async with connecting(base_url, {"token": tokens.issue(admin.id, settings.jwt_secret, 600)}) as watcher:
        subscribed = await watcher.ask("job:subscribe", {"jobId": str(job.id)})
        joined = await watcher.ask("join:user", {"userId": str(admin.id)})
    assert (subscribed["ok"], subscribed["job"]["type"], subscribed["job"]["succeeded"]) == (True, RETIRED, 9)
    assert [payload["type"] for payload in joined["jobs"]] == [RETIRED]


async def test_one_that_was_still_waiting_fails(bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(3))
    await bench.execute("update jobs set type = :type", type=RETIRED)
    await bench.lanes().run(job.id)
    failed = await bench.job(job.id)
    assert (failed.status, failed.error, failed.processed) == ("failed", "unknown_type", 0)
