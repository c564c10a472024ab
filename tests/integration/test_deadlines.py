from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.bulk_restore import BulkRestore
from app.jobs.operations.bulk_update import BulkUpdate, BulkUpdatePayload
from app.jobs.operations.operation import Targets
from tests.support.people import People
from tests.support.workbench import Workbench

HOUR = timedelta(hours=1)
OFFICE = {
    "name": "Office",
    "timeZone": "Europe/Berlin",
    "hours": [{"weekday": day, "opens": "09:00", "closes": "17:00"} for day in range(1, 6)],
    "holidays": ["2026-12-25"],
}

NO_DEADLINES = {"firstAnswerMinutes": None, "nextAnswerMinutes": None, "solutionMinutes": None}
ALL = {"name": "All", "position": 1, **NO_DEADLINES, "solutionMinutes": 60}


async def policy(admin: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    body = {"name": f"Policy {uuid4()}", "position": 1, **NO_DEADLINES, **fields}
    answer = await admin.post("/api/sla-policies", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()["policy"]
    return made


async def ticket(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post("/api/tickets", json={"title": "Late?", **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def time_left(shown: dict[str, Any]) -> timedelta | None:
    """Return how long after its creation a ticket is due."""
    due_at = shown["dueAt"]
    return None if due_at is None else datetime.fromisoformat(due_at) - datetime.fromisoformat(shown["createdAt"])


async def read(client: httpx.AsyncClient, shown: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"/api/tickets/{shown['id']}")).json()
    return found


async def patch(client: httpx.AsyncClient, shown: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer = await client.patch(f"/api/tickets/{shown['id']}", json=fields)
    assert answer.status_code == 200, answer.text
    patched: dict[str, Any] = answer.json()
    return patched


async def comment(bench: Workbench, shown: dict[str, Any], author_id: UUID, *, internal: bool = False) -> None:
    await bench.execute(
        "insert into comments (ticket_id, author_id, body, internal) values (:ticket_id, :author_id, 'x', :internal)",
        ticket_id=UUID(shown["id"]),
        author_id=author_id,
        internal=internal,
    )


async def value(bench: Workbench, shown: dict[str, Any], expression: str) -> Any:
    async with bench.engine.connect() as connection:
        statement = text(f"select {expression} from tickets where id = :id")
        return await connection.scalar(statement, {"id": UUID(shown["id"])})


async def later(bench: Workbench, shown: dict[str, Any], hours: int) -> None:
    """Move a ticket's past back by so many hours, as if they had gone by."""
    await bench.execute(
        """
        with past as (select cast(:gone as interval) as gone)
        update tickets set created_at = created_at - gone, waiting_since = waiting_since - gone,
            pauses = (
                select coalesce(range_agg(tstzrange(lower(pause) - gone, upper(pause) - gone)), '{}')
                from unnest(pauses) as pause
            )
        from past
        where id = :id
        """,
        gone=hours * HOUR,
        id=UUID(shown["id"]),
    )


async def set_status(bench: Workbench, shown: dict[str, Any], status: str) -> None:
    await bench.execute("update tickets set status = :status where id = :id", status=status, id=UUID(shown["id"]))


# Which policy


async def test_without_a_policy_nothing_is_due(requester: httpx.AsyncClient) -> None:
    made = await ticket(requester)
    assert (made["dueAt"], made["breached"]) == (None, False)


async def test_the_first_policy_that_fits_counts(admin: httpx.AsyncClient) -> None:
    await policy(admin, position=3, solutionMinutes=240)
    await policy(admin, position=1, priorities=["urgent", "high"], tags=["vip"], solutionMinutes=60)
    await policy(admin, position=2, tags=["vip", "gold"], solutionMinutes=120)
    made = await ticket(admin, priority="urgent")
    assert time_left(made) == 4 * HOUR
    assert time_left(await patch(admin, made, tags=["gold", "x"])) == 2 * HOUR
    assert time_left(await patch(admin, made, tags=["vip"])) == HOUR
    assert time_left(await patch(admin, made, priority="low")) == 2 * HOUR
    assert time_left(await patch(admin, made, tags=[])) == 4 * HOUR


async def test_a_policy_counts_by_the_hours_of_its_calendar(admin: httpx.AsyncClient, bench: Workbench) -> None:
    office = (await admin.post("/api/calendars", json=OFFICE)).json()
    await policy(admin, solutionMinutes=120, calendarId=office["id"])
    made = await ticket(admin)
    await bench.execute("update tickets set created_at = '2026-12-24T15:00Z'")
    assert (await read(admin, made))["dueAt"] == "2026-12-28T09:00:00Z"


# What is due next


async def test_due_is_what_comes_first_of_answer_and_solution(
    admin: httpx.AsyncClient, requester: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    await policy(admin, firstAnswerMinutes=60, nextAnswerMinutes=120, solutionMinutes=600)
    made = await ticket(requester)
    assert time_left(made) == HOUR
    await comment(bench, made, people.agent.id, internal=True)
    assert time_left(await read(admin, made)) == HOUR
    await comment(bench, made, people.agent.id)
    assert time_left(await read(admin, made)) == 10 * HOUR
    await comment(bench, made, people.requester.id)
    since = await value(bench, made, "waiting_since")
    assert datetime.fromisoformat((await read(admin, made))["dueAt"]) == since + 2 * HOUR
    await comment(bench, made, people.requester.id)
    assert await value(bench, made, "waiting_since") == since
    await comment(bench, made, people.agent.id)
    assert time_left(await read(admin, made)) == 10 * HOUR
    assert (await read(admin, made))["version"] == made["version"]


async def test_a_solved_ticket_is_not_due_and_goes_on_when_it_is_reopened(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    await policy(admin, solutionMinutes=600)
    made = await ticket(admin)
    solved = await patch(admin, made, status="resolved")
    assert solved["dueAt"] is None
    solved_at = await value(bench, made, "solved_at")
    assert solved_at is not None
    await patch(admin, made, status="closed")
    assert await value(bench, made, "solved_at") == solved_at
    await later(bench, made, 3)
    reopened = await patch(admin, made, status="open")
    assert await value(bench, made, "solved_at") is None
    assert round(time_left(reopened) / HOUR, 2) == 13  # type: ignore[operator]


async def test_while_it_is_pending_the_clock_stands_still(admin: httpx.AsyncClient, bench: Workbench) -> None:
    await policy(admin, solutionMinutes=600)
    made = await ticket(admin)
    for hours in (2, 3):
        await later(bench, made, 1)
        await set_status(bench, made, "pending")
        assert await value(bench, made, "due_at") is None
        await later(bench, made, hours)
        await set_status(bench, made, "in_progress")
    assert round(time_left(await read(admin, made)) / HOUR, 2) == 15  # type: ignore[operator]


async def test_a_pause_counts_for_the_next_answer_as_well(
    admin: httpx.AsyncClient, bench: Workbench, people: People, requester: httpx.AsyncClient
) -> None:
    await policy(admin, nextAnswerMinutes=60)
    made = await ticket(requester)
    await comment(bench, made, people.requester.id)
    await set_status(bench, made, "pending")
    await later(bench, made, 5)
    await set_status(bench, made, "open")
    left = await value(bench, made, "due_at - waiting_since")
    assert round(left / HOUR, 2) == 6


# Whoever writes


async def test_bulk_updates_and_undos_move_what_is_due(admin: httpx.AsyncClient, bench: Workbench) -> None:
    await policy(admin, priorities=["urgent"], solutionMinutes=60)
    made = await ticket(admin)
    payload = BulkUpdatePayload(ticket_ids=[UUID(made["id"])], priority="urgent")
    job = await bench.post(BulkUpdate(payload=payload))
    await bench.lanes().run(job.id)
    assert time_left(await read(admin, made)) == HOUR
    undo = await bench.intake.undo(bench.caller, job.id)
    await bench.lanes().run(undo.id)
    assert (await read(admin, made))["dueAt"] is None


async def test_a_delete_and_a_restore_do_not_touch_it(admin: httpx.AsyncClient, bench: Workbench) -> None:
    await policy(admin, solutionMinutes=60)
    made = await ticket(admin)
    await bench.execute("update tickets set due_at = '2000-01-01T00:00Z'")  # what the trigger would never make of it
    targets = Targets(ticket_ids=[UUID(made["id"])])
    for request in (BulkDelete(payload=targets), BulkRestore(payload=targets)):
        job = await bench.post(request)
        await bench.lanes().run(job.id)
        assert (await bench.job(job.id)).succeeded == 1
    assert (await read(admin, made))["dueAt"] == "2000-01-01T00:00:00Z"


async def test_what_is_due_is_not_a_change_by_hand(admin: httpx.AsyncClient, bench: Workbench) -> None:
    await policy(admin, priorities=["urgent"], solutionMinutes=60)
    made = await ticket(admin)
    await patch(admin, made, priority="urgent")
    async with bench.engine.connect() as connection:
        assert await connection.scalar(text("select changes from ticket_changes")) == {"priority": ["normal", "urgent"]}


# The filter


async def test_tickets_are_listed_by_how_late_they_are(admin: httpx.AsyncClient, bench: Workbench) -> None:
    made = {name: await ticket(admin, title=name) for name in ("breached", "at_risk", "ok", "none")}
    for name, minutes in (("breached", -5), ("at_risk", 55), ("ok", 65)):
        await bench.execute(
            "update tickets set due_at = now() + :left, breached = :breached where id = :id",
            left=timedelta(minutes=minutes),
            breached=minutes < 0,
            id=UUID(made[name]["id"]),
        )
    for name in ("breached", "at_risk", "ok"):
        found = (await admin.get("/api/tickets", params={"sla": name})).json()
        assert [each["title"] for each in found["tickets"]] == [name]
        assert found["pagination"]["total"] == 1
    near = (await admin.get("/api/tickets", params={"sla": ["breached", "at_risk"], "sort": "created"})).json()
    assert [each["title"] for each in near["tickets"]] == ["breached", "at_risk"]
    for wrong in ("late", ["ok", "late"]):
        assert (await admin.get("/api/tickets", params={"sla": wrong})).status_code == 400
    for wanted, matching in (("ok", 1), (["ok"], 1), (["breached", "ok"], 2)):
        filter_ = {"sla": wanted}
        preview = {"type": "bulk-delete", "payload": {"filter": filter_}}
        assert (await admin.post("/api/jobs/preview", json=preview)).json()["total"] == matching
        view = await admin.post("/api/views", json={"name": f"Due: {wanted}", "filter": filter_})
        assert view.status_code == 201
