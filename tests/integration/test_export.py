import csv
import io
import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from app.jobs import service
from app.jobs.models import Job
from tests.support.workbench import Workbench


@pytest.fixture
async def job(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Job:
    """A job of which one chunk is done, and that was canceled then; pages of seven."""
    monkeypatch.setattr(service, "EXPORT_PAGE", 7)
    ids = await bench.tickets(24)
    job = await bench.submit([uuid4(), *ids])
    await bench.lanes(slice_seconds=0).run(job.id)
    return await bench.cancel(job.id)


async def exported(client: httpx.AsyncClient, job: Job, **query: str) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/jobs/{job.id}/items/export", params={"format": "ndjson", **query})
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["content-disposition"] == f'attachment; filename="job-{job.id}.ndjson"'
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_it_has_every_item_in_order(admin: httpx.AsyncClient, bench: Workbench, job: Job) -> None:
    rows = await exported(admin, job)
    items = await bench.items(job.id)
    assert [(row["position"], UUID(row["ticketId"]), row["result"], row["code"]) for row in rows] == [
        (item.position, item.ticket_id, item.result, item.code) for item in items
    ]
    assert (rows[0]["ticketNumber"], rows[0]["ticketTitle"], rows[0]["message"]) == (
        None,
        None,
        "There is no ticket with this id.",
    )
    assert [row["ticketTitle"] for row in rows[1:]] == [f"Ticket {number}" for number in range(1, 25)]


async def test_csv_says_the_same(admin: httpx.AsyncClient, job: Job) -> None:
    answer = await admin.get(f"/api/jobs/{job.id}/items/export", params={"format": "csv"})
    table = list(csv.DictReader(io.StringIO(answer.text)))
    rows = await exported(admin, job)
    assert table == [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]


async def test_it_is_filtered(admin: httpx.AsyncClient, job: Job) -> None:
    assert [row["position"] for row in await exported(admin, job, result="unprocessed")] == list(range(10, 25))
    assert [row["position"] for row in await exported(admin, job, code="deleted")] == list(range(1, 10))
    assert await exported(admin, job, result="failed", code="deleted") == []


async def test_who_may_not_see_tickets_may_not_export_them(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, requester: httpx.AsyncClient, job: Job
) -> None:
    path = f"/api/jobs/{job.id}/items/export?format=csv"
    assert (await requester.get(path)).status_code == 403
    assert (await agent.get(path)).status_code == 404
    answer = await admin.get(f"/api/jobs/{job.id}/items/export?format=xls")
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "query.format")
    assert (await admin.get(f"/api/jobs/{uuid4()}/items/export?format=csv")).status_code == 404


async def test_a_summary_counts_by_code(admin: httpx.AsyncClient, job: Job) -> None:
    summary = (await admin.get(f"/api/jobs/{job.id}/summary")).json()
    assert (summary["total"], summary["succeeded"], summary["failed"], summary["unprocessed"]) == (25, 9, 1, 15)
    assert [(entry["code"], entry["result"], entry["count"]) for entry in summary["codes"]] == [
        ("deleted", "succeeded", 9),
        ("not_found", "failed", 1),
        (None, "unprocessed", 15),
    ]


async def test_each_job_type_says_what_it_takes(admin: httpx.AsyncClient) -> None:
    types = {entry["type"]: entry for entry in (await admin.get("/api/job-types")).json()["jobTypes"]}
    assert {name: entry["undoable"] for name, entry in types.items()} == {
        "bulk-delete": True,
        "bulk-restore": True,
        "bulk-update": True,
        "bulk-purge": False,
        "bulk-deadlines": False,
        "bulk-comment": True,
        "bulk-import": True,
    }
    about_tickets = types.keys() - {"bulk-import"}
    for name, entry in ((name, types[name]) for name in about_tickets):
        validate = Draft202012Validator(entry["schema"]).validate
        change = {"bulk-update": {"priority": "low"}, "bulk-comment": {"body": "Hello"}}.get(name, {})
        good = {"type": name, "payload": {"filter": {"status": ["open"]}} | change, "reason": "Because"}
        validate(good)
        no_targets: tuple[dict[str, Any], ...] = (
            {},
            {"filter": {}},
            {"ticketIds": [], "filter": {}},
            {"filter": {"colour": "red"}},
            {"all": True},
        )
        bads: tuple[dict[str, Any], ...] = (
            *({"payload": targets | change} for targets in no_targets),
            {"type": "other"},
            {"maxItemsPerSecond": 0},
            {"x": 1},
        )
        for bad in bads:
            with pytest.raises(ValidationError):
                validate(good | bad)
        assert {"not_found", "error"} < {code["code"] for code in entry["codes"]}
