from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.integration.test_deadlines import ALL, HOUR, NO_DEADLINES, OFFICE, policy, read, ticket, time_left
from tests.support.workbench import Workbench


async def test_a_change_of_policy_works_out_anew_what_is_open(admin: httpx.AsyncClient, bench: Workbench) -> None:
    made, solved = await ticket(admin), await ticket(admin, status="resolved")
    created = await admin.post("/api/sla-policies", json=ALL)
    path = f"/api/sla-policies/{created.json()['policy']['id']}"
    changed = await admin.patch(path, json={"solutionMinutes": 120})
    renamed = await admin.patch(path, json={"name": "Everything"})
    removed = await admin.delete(path)
    assert removed.json()["policy"] is None
    assert (await admin.get(path)).status_code == 404
    codes = []
    for answer in (created, changed, renamed, removed):
        job = await bench.job(UUID(answer.json()["jobId"]))
        assert (job.type, job.requested_by) == ("bulk-deadlines", bench.people.admin.id)
        await bench.cancel(job.id)
    await bench.execute("insert into sla_policies (name, position, solution_minutes) values ('New', 1, 90)")
    for _ in range(2):
        posted = await admin.post("/api/jobs", json={"type": "bulk-deadlines", "payload": {"filter": {}, "all": True}})
        job = await bench.job(UUID(posted.json()["id"]))
        await bench.lanes().run(job.id)
        codes.append(await bench.codes(job.id))
        assert (await bench.job(job.id)).undo_days is None
    assert codes == [{"recomputed": 1, "unchanged": 1}, {"unchanged": 2}]
    assert time_left(await read(admin, made)) == 1.5 * HOUR
    assert (await read(admin, made))["version"] == 1
    assert (await read(admin, solved))["dueAt"] is None


async def test_the_job_of_a_change_recomputes(admin: httpx.AsyncClient, bench: Workbench) -> None:
    made = await ticket(admin)
    created = await admin.post("/api/sla-policies", json=ALL)
    await bench.lanes().run(UUID(created.json()["jobId"]))
    assert time_left(await read(admin, made)) == HOUR


async def test_a_calendar_that_a_policy_counts_by_stays(admin: httpx.AsyncClient, agent: httpx.AsyncClient) -> None:
    office = (await admin.post("/api/calendars", json=OFFICE)).json()
    assert office == OFFICE | {"id": office["id"]}
    path = f"/api/calendars/{office['id']}"
    assert (await agent.get(path)).json() == office
    assert (await admin.patch(path, json={"holidays": []})).json()["jobId"] is None
    made = await policy(admin, firstAnswerMinutes=5, calendarId=office["id"])
    assert (await agent.get("/api/sla-policies")).json() == {"policies": [made]}
    refused = await admin.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "calendar_in_use")
    changed = (await admin.patch(path, json={"timeZone": "Asia/Kolkata"})).json()
    assert changed["calendar"]["timeZone"] == "Asia/Kolkata"
    assert changed["jobId"] is not None
    assert (await admin.patch(path, json={"name": "Desk"})).json()["jobId"] is None
    await admin.patch(f"/api/sla-policies/{made['id']}", json={"calendarId": None})
    assert (await admin.delete(path)).status_code == 204
    assert (await agent.get("/api/calendars")).json() == {"calendars": []}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("sla-policies", ALL | NO_DEADLINES),
        ("sla-policies", ALL | {"solutionMinutes": 0}),
        ("sla-policies", ALL | {"calendarId": str(uuid4())}),
        ("sla-policies", ALL | {"priorities": ["none"]}),
        ("calendars", OFFICE | {"hours": []}),
        ("calendars", OFFICE | {"timeZone": "Mars/Olympus"}),
        ("calendars", OFFICE | {"hours": [{"weekday": 1, "opens": "17:00", "closes": "09:00"}]}),
        ("calendars", OFFICE | {"hours": [{"weekday": 8, "opens": "09:00", "closes": "17:00"}]}),
        ("calendars", OFFICE | {"holidays": ["2026-02-30"]}),
    ],
)
async def test_what_makes_no_sense_is_refused(admin: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    assert (await admin.post(f"/api/{path}", json=body)).status_code == 400


async def test_a_policy_keeps_one_deadline_at_least(admin: httpx.AsyncClient) -> None:
    made = await policy(admin, firstAnswerMinutes=5)
    assert (await admin.patch(f"/api/sla-policies/{made['id']}", json={"firstAnswerMinutes": None})).status_code == 400


async def test_names_are_taken_in_any_case(admin: httpx.AsyncClient) -> None:
    await policy(admin, name="Gold", solutionMinutes=5)
    other = await policy(admin, name="Silver", solutionMinutes=5)
    for refused in (
        await admin.post("/api/sla-policies", json=ALL | {"name": "gold"}),
        await admin.patch(f"/api/sla-policies/{other['id']}", json={"name": "GOLD"}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "name_taken")
    assert (await admin.patch(f"/api/sla-policies/{other['id']}", json={"name": "SILVER"})).status_code == 200


async def test_the_audit_log_has_their_names(admin: httpx.AsyncClient) -> None:
    made = (await admin.post("/api/calendars", json=OFFICE)).json()
    await admin.patch(f"/api/calendars/{made['id']}", json={"name": "Desk"})
    await admin.delete(f"/api/calendars/{made['id']}")
    gold = await policy(admin, name="Gold", solutionMinutes=5)
    await admin.patch(f"/api/sla-policies/{gold['id']}", json={"solutionMinutes": 6})
    await admin.delete(f"/api/sla-policies/{gold['id']}")
    entries = (await admin.get("/api/audit")).json()["entries"]
    told = [(entry["action"], entry["details"]["name"]) for entry in reversed(entries) if "name" in entry["details"]]
    assert told == [
        ("calendar.created", "Office"),
        ("calendar.changed", "Desk"),
        ("calendar.deleted", "Desk"),
        ("sla_policy.created", "Gold"),
        ("sla_policy.changed", "Gold"),
        ("sla_policy.deleted", "Gold"),
    ]
