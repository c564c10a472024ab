from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.operation import Targets
from app.tickets.filters import TicketFilter
from tests.support.workbench import Workbench


@pytest.fixture
async def history(bench: Workbench) -> list[str]:
    """A job that was through a lot; return the actions, newest first."""
    await bench.tickets(25)
    job = await bench.post(BulkDelete(payload=Targets(filter=TicketFilter(status="open")), reason="Spam"))
    lanes = bench.lanes(slice_seconds=0)
    await lanes.run(job.id)
    await bench.jobs.pause(bench.caller, job.id)
    await bench.jobs.resume(bench.caller, job.id)
    await bench.cancel(job.id)
    await bench.cancel(job.id)
    await bench.intake.retry(bench.caller, job.id)
    await bench.intake.undo(bench.caller, job.id)
    return [
        "job.undone",
        "job.submitted",
        "job.retried",
        "job.submitted",
        "job.canceled",
        "job.resumed",
        "job.paused",
        "job.prepared",
        "job.submitted",
    ]


async def listed(admin: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await admin.get("/api/audit", params=query)).json()["entries"]
    return found


async def test_each_action_has_a_row_that_says_who_what_how_many_why_and_from_where(
    admin: httpx.AsyncClient, bench: Workbench, history: list[str]
) -> None:
    found = await listed(admin)
    assert [entry["action"] for entry in found] == history
    first, prepared, paused = found[-1], found[-2], found[-3]
    assert (first["items"], prepared["items"], paused["items"]) == (None, 25, 15)
    assert {entry["actorId"] for entry in found} == {str(bench.people.admin.id)}
    assert (first["reason"], first["requestId"], first["address"]) == ("Spam", "a-request", "192.0.2.1")
    assert first["details"] == {"type": "bulk-delete"}


async def test_it_is_filtered_and_paged(admin: httpx.AsyncClient, bench: Workbench, history: list[str]) -> None:
    everything = await listed(admin)
    oldest, newest = everything[-1], everything[0]
    assert len(await listed(admin, action="job.submitted")) == 3
    assert await listed(admin, actorId=str(uuid4())) == []
    assert len(await listed(admin, subjectId=oldest["subjectId"], actorId=oldest["actorId"])) == 7
    assert await listed(admin, before=oldest["at"]) == []
    assert await listed(admin, after=newest["at"]) == [newest]
    seen, cursor = [], ""
    while cursor is not None:
        page = (await admin.get("/api/audit", params={"limit": 4, **({"cursor": cursor} if cursor else {})})).json()
        seen += page["entries"]
        cursor = page["nextCursor"]
    assert seen == everything
    other = (await admin.get("/api/audit", params={"limit": 1})).json()["nextCursor"]
    assert (await admin.get("/api/audit", params={"action": "job.paused", "cursor": other})).status_code == 400


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"action": "Job eaten"}, "query.action"),
        ({"actorId": "me"}, "query.actorId"),
        ({"after": "yesterday"}, "query.after"),
        ({"after": "0001-01-01T00:00:00+14:00"}, "query"),
        ({"cursor": "x"}, "query.cursor"),
    ],
    ids=str,
)
async def test_bad_parameters_are_named(admin: httpx.AsyncClient, query: dict[str, str], path: str) -> None:
    answer = await admin.get("/api/audit", params=query)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, path)


async def test_a_refused_login_is_recorded_without_what_was_typed(
    stranger: httpx.AsyncClient, admin: httpx.AsyncClient, bench: Workbench
) -> None:
    for name in ("agent", "my-secret-password"):
        answer = await stranger.post("/api/login", json={"username": name, "password": "hunter2"})
        assert answer.status_code == 401
    unknown, known = await listed(admin, action="login.failed")
    assert (known["subjectId"], unknown["subjectId"]) == (str(bench.people.agent.id), None)
    assert {unknown["actorId"], known["actorId"]} == {None}
    assert (unknown["address"], unknown["requestId"]) == ("127.0.0.1", answer.headers["X-Request-Id"])
    async with bench.engine.connect() as connection:
        rows = str((await connection.execute(text("select audit_log::text from audit_log"))).all())
    assert "my-secret-password" not in rows
    assert "hunter2" not in rows


async def test_what_is_refused_leaves_no_row(admin: httpx.AsyncClient, bench: Workbench) -> None:
    acts: list[Callable[[], Awaitable[httpx.Response]]] = [
        lambda: admin.post("/api/jobs", json={"type": "bulk-delete", "payload": {}}),
        lambda: admin.post(f"/api/jobs/{uuid4()}/cancel"),
        lambda: admin.post(f"/api/jobs/{uuid4()}/undo"),
    ]
    for act in acts:
        assert (await act()).is_client_error
    assert await listed(admin) == []


async def test_rows_are_never_changed(bench: Workbench, history: list[str]) -> None:
    with pytest.raises(DBAPIError, match="never changed"):
        await bench.execute("update audit_log set reason = null")
