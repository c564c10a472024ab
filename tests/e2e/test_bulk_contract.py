"""What admins may expect of bulk jobs, point by point, as processes and against the database's own rows."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.e2e.shared_system import Json, SharedSystem
from tests.support.people import add_tickets
from tests.support.waiting import until
from tests.support.watcher import connecting


async def test_1_each_type_of_job_does_what_it_says(shared: SharedSystem) -> None:
    _, ids = await shared.tickets(4)
    three = [str(ticket_id) for ticket_id in ids[:3]]
    listed = (await shared.api.get("/api/job-types")).json()["jobTypes"]
    assert [entry["type"] for entry in listed] == [
        *("bulk-delete", "bulk-restore", "bulk-update", "bulk-purge"),
        *("bulk-deadlines", "bulk-comment", "bulk-import"),
    ]

    change = {"status": "closed", "priority": "high", "assigneeId": str(shared.people.agent.id), "addTags": ["b", "a"]}
    updated = await shared.run("bulk-update", {"ticketIds": three, **change})
    assert await shared.codes(updated) == {"updated": 3}
    look = (
        "select status, priority, assignee_id, tags[1:2], version from tickets where id = any(:ids) and 'a' = any(tags)"
    )
    [*rows] = await shared.rows(look, ids=ids)
    assert {row[:3] for row in rows} == {("closed", "high", shared.people.agent.id)}
    assert [row[4] for row in rows] == [2, 2, 2]
    assert await shared.codes(await shared.run("bulk-update", {"ticketIds": three, "removeTags": ["a"]})) == {
        "updated": 3
    }
    assert await shared.codes(await shared.run("bulk-update", {"ticketIds": three, "removeTags": ["a"]})) == {
        "unchanged": 3
    }

    assert await shared.codes(await shared.run("bulk-delete", {"ticketIds": three})) == {"deleted": 3}
    assert await shared.codes(await shared.run("bulk-restore", {"ticketIds": three[:1]})) == {"restored": 1}
    purge = {"ticketIds": [*three, str(ids[3])]}
    assert await shared.codes(await shared.run("bulk-purge", purge, reason="GDPR")) == {
        "not_deleted": 2,
        "too_recent": 2,
    }
    forced = await shared.run("bulk-purge", {**purge, "force": True}, reason="GDPR")
    assert await shared.codes(forced) == {"not_deleted": 2, "purged": 2}
    left = await shared.rows("select id from tickets where id = any(:ids)", ids=ids)
    assert {row[0] for row in left} == {ids[0], ids[3]}
    assert (await shared.refused(400, "/api/jobs", {"type": "bulk-purge", "payload": purge}))["errors"]


async def test_2_a_filter_is_frozen_when_the_job_is_prepared(shared: SharedSystem) -> None:
    tag, ids = await shared.tickets(60)
    await shared.execute("update tickets set status = 'closed' where id = any(:ids)", ids=ids[:10])
    wanted = {"tags": tag, "status": ["open", "in_progress"]}
    listed = (await shared.api.get("/api/tickets", params={**wanted, "limit": 1})).json()
    assert listed["pagination"]["total"] == 50
    job = await shared.post(
        "bulk-delete", {"filter": wanted, "excludeIds": [str(ids[10]), str(ids[11])]}, maxItemsPerSecond=40
    )
    assert (job["total"], job["unprocessed"]) == (None, None)
    await shared.begun(job)
    late = await add_tickets(shared.engine, shared.people.requester, 5)
    await shared.execute("update tickets set tags = array[:tag] where id = any(:ids)", tag=tag, ids=late)
    ended = await shared.end_of(job)
    assert (ended["total"], ended["succeeded"], ended["failed"], ended["progress"]) == (48, 48, 0, 100)
    deleted = await shared.rows("select id from tickets where deleted_by_job = :id", id=job["id"])
    assert {row[0] for row in deleted} == set(ids[12:])

    nothing = await shared.run("bulk-delete", {"filter": {"tags": "of no ticket"}})
    assert (nothing["status"], nothing["total"], nothing["progress"]) == ("completed", 0, 100)
    bad: list[Json] = [
        {},
        {"filter": {}},
        {"filter": wanted, "ticketIds": [str(ids[0])]},
        {"ticketIds": [], "all": True},
    ]
    for payload in bad:
        problem = await shared.refused(400, "/api/jobs", {"type": "bulk-delete", "payload": payload})
        assert problem["errors"][0]["path"].startswith("$.payload")


async def test_3_a_preview_counts_what_the_run_then_does(shared: SharedSystem) -> None:
    tag, ids = await shared.tickets(30)
    await shared.execute("update tickets set deleted_at = now() where id = any(:ids)", ids=ids[:7])
    await shared.execute("update tickets set status = 'closed' where id = any(:ids)", ids=ids[7:12])
    before = await shared.rows("select id, version, deleted_at from tickets order by id")
    body: Json = {"type": "bulk-delete", "payload": {"ticketIds": [*map(str, ids), str(uuid4())]}}
    preview = (await shared.api.post("/api/jobs/preview", json=body)).json()
    assert (preview["total"], preview["byStatus"]) == (31, {"open": 25, "closed": 5})
    assert preview["wouldFail"] == {"already_deleted": 7, "not_found": 1}
    assert preview["undoDays"] == 30
    assert [UUID(ticket["id"]) for ticket in preview["sample"]] == ids[:10]
    assert await shared.rows("select id, version, deleted_at from tickets order by id") == before

    by_filter = {"type": "bulk-delete", "payload": {"filter": {"tags": [tag]}}}
    assert (await shared.api.post("/api/jobs/preview", json=by_filter)).json()["total"] == 23
    jobs = await shared.rows("select count(*) from jobs")
    problem = await shared.refused(409, "/api/jobs", {**by_filter, "expectedCount": 22})
    assert (problem["code"], problem["count"]) == ("count_changed", 23)
    assert await shared.rows("select count(*) from jobs") == jobs
    job = await shared.end_of(await shared.accepted("/api/jobs", {**by_filter, "expectedCount": 23}))
    assert await shared.codes(job) == {"deleted": 23}
    assert await shared.codes(await shared.run(type_="bulk-delete", payload=body["payload"])) == {
        "already_deleted": 30,
        "not_found": 1,
    }


async def test_4_after_a_pause_or_a_cancel_nothing_changes(shared: SharedSystem) -> None:
    _, ids = await shared.tickets(400)
    job = await shared.post("bulk-delete", {"ticketIds": [*map(str, ids)]}, maxItemsPerSecond=400)
    path = f"/api/jobs/{job['id']}"
    await shared.begun(job)
    assert (await shared.refused(409, f"{path}/resume"))["state"] == "running"
    paused = (await shared.api.post(f"{path}/pause")).json()
    at_the_answer = await shared.facts(job)
    assert (paused["status"], at_the_answer[4]) == ("paused", paused["seq"])
    assert (await shared.refused(409, f"{path}/pause"))["state"] == "paused"

    other = await shared.run("bulk-delete", {"ticketIds": [str(uuid4())]})  # a worker has had its turn meanwhile
    assert await shared.facts(job) == at_the_answer
    assert (await shared.api.post(f"{path}/resume")).json()["status"] == "running"
    await until(lambda: _moved(shared, job, at_the_answer[4] + 1))
    canceled = (await shared.api.post(f"{path}/cancel")).json()
    at_the_answer = await shared.facts(job)
    await shared.run("bulk-delete", {"ticketIds": [str(uuid4())]})
    assert await shared.facts(job) == at_the_answer
    assert canceled["succeeded"] + canceled["unprocessed"] == 400
    left = (await shared.api.get(f"{path}/items", params={"result": "unprocessed", "limit": 1})).json()["items"]
    assert left[0]["position"] == canceled["succeeded"]
    assert (await shared.refused(409, f"{path}/pause"))["code"] == "job_not_pausable"
    assert (await shared.refused(409, f"/api/jobs/{other['id']}/cancel"))["state"] == "completed"


async def _moved(shared: SharedSystem, job: Json, revision: int) -> bool:
    return bool((await shared.facts(job))[4] > revision)


async def test_5_a_retry_does_what_failed_and_what_was_not_done(shared: SharedSystem) -> None:
    tag, ids = await shared.tickets(50)
    async with refusing(shared, ids[3:5]):
        job = await shared.run("bulk-delete", {"ticketIds": [*map(str, ids), str(uuid4())]})
    assert await shared.codes(job) == {"deleted": 48, "error": 2, "not_found": 1}
    child = await shared.end_of(await shared.accepted(f"/api/jobs/{job['id']}/retry"))
    assert (child["parentJobId"], child["total"]) == (job["id"], 2)
    assert await shared.codes(child) == {"deleted": 2}
    assert (await shared.job(job))["retriedBy"] == child["id"]
    assert (await shared.refused(409, f"/api/jobs/{job['id']}/retry"))["code"] == "already_retried"
    assert (await shared.refused(409, f"/api/jobs/{child['id']}/retry"))["code"] == "nothing_to_retry"
    versions = await shared.rows("select distinct version from tickets where :tag = any(tags)", tag=tag)
    assert versions == [(2,)]

    _, ids = await shared.tickets(300)
    job = await shared.post("bulk-delete", {"ticketIds": [*map(str, ids)]}, maxItemsPerSecond=200)
    await shared.begun(job)
    assert (await shared.refused(409, f"/api/jobs/{job['id']}/retry"))["code"] == "nothing_to_retry"
    canceled = (await shared.api.post(f"/api/jobs/{job['id']}/cancel")).json()
    child = await shared.end_of(await shared.accepted(f"/api/jobs/{job['id']}/retry"))
    assert (child["total"], child["succeeded"]) == (canceled["unprocessed"], canceled["unprocessed"])
    once = "select count(*) from tickets where id = any(:ids) and version = 2 and deleted_by_job = any(:jobs)"
    assert await shared.rows(once, ids=ids, jobs=[UUID(job["id"]), UUID(child["id"])]) == [(300,)]


class refusing:  # noqa: N801 - used as a function
    """Have the database refuse to change some tickets, as long as the context lasts."""

    def __init__(self, shared: SharedSystem, ids: list[UUID]) -> None:
        self.shared = shared
        self.ids = ", ".join(f"'{ticket_id}'" for ticket_id in ids)

    async def __aenter__(self) -> None:
        await self.shared.execute(f"""
            create function refuse() returns trigger language plpgsql as
            $$ begin if old.id in ({self.ids}) then raise 'select secret from somewhere'; end if; return new; end $$
        """)
        await self.shared.execute(
            "create trigger refuse before update on tickets for each row execute function refuse()"
        )

    async def __aexit__(self, *_: object) -> None:
        await self.shared.execute("drop function refuse cascade")


async def test_6_an_undo_restores_what_nobody_touched_since_and_can_be_undone(shared: SharedSystem) -> None:
    tag, ids = await shared.tickets(20)
    await shared.execute(
        "update tickets set tags = array['z', :tag, 'x'], priority = 'low' where id = :id", tag=tag, id=ids[0]
    )
    look = "select id, status, priority, assignee_id, tags, deleted_at from tickets where :tag = any(tags) order by id"
    before = await shared.rows(look, tag=tag)
    change = {"status": "closed", "assigneeId": str(shared.people.agent.id), "addTags": ["new"], "removeTags": ["x"]}
    job = await shared.run("bulk-update", {"filter": {"tags": tag}, **change})
    after = await shared.rows(look, tag=tag)
    assert job["undoable"]
    assert datetime.fromisoformat(job["undoUntil"]) == datetime.fromisoformat(job["finishedAt"]) + timedelta(days=30)

    await shared.api.patch(f"/api/tickets/{ids[5]}", json={"status": "open"})
    undo = await shared.end_of(await shared.accepted(f"/api/jobs/{job['id']}/undo"))
    assert (undo["type"], undo["parentJobId"], await shared.codes(undo)) == (
        "bulk-undo",
        job["id"],
        {"undone": 19, "conflict": 1},
    )
    now = await shared.rows(look, tag=tag)
    assert [row for row in now if row[0] != ids[5]] == [row for row in before if row[0] != ids[5]]
    assert (await shared.refused(409, f"/api/jobs/{job['id']}/undo"))["code"] == "already_undone"
    redo = await shared.end_of(await shared.accepted(f"/api/jobs/{undo['id']}/undo"))
    assert await shared.codes(redo) == {"undone": 19}
    now = await shared.rows(look, tag=tag)
    assert [row for row in now if row[0] != ids[5]] == [row for row in after if row[0] != ids[5]]

    delete = await shared.run("bulk-delete", {"filter": {"tags": tag}})
    undo = await shared.end_of(await shared.accepted(f"/api/jobs/{delete['id']}/undo"))
    assert await shared.codes(undo) == {"undone": 20}
    assert await shared.rows("select count(*) from tickets where deleted_by_job = :id", id=delete["id"]) == [(0,)]

    purge = await shared.run("bulk-purge", {"ticketIds": [str(ids[0])]}, reason="GDPR")
    assert (await shared.refused(409, f"/api/jobs/{purge['id']}/undo"))["code"] == "not_undoable"
    old = await shared.run("bulk-delete", {"filter": {"tags": tag}})
    await shared.execute(
        "update jobs set finished_at = now() - interval '30 days 1 second' where id = :id", id=old["id"]
    )
    assert (await shared.refused(409, f"/api/jobs/{old['id']}/undo"))["code"] == "undo_expired"
    none = await shared.run("bulk-delete", {"ticketIds": [str(uuid4())]})
    assert (await shared.refused(409, f"/api/jobs/{none['id']}/undo"))["code"] == "nothing_to_undo"


async def test_7_results_are_filtered_paged_exported_and_summed_up(shared: SharedSystem) -> None:
    _, ids = await shared.tickets(150)
    await shared.execute("update tickets set title = '=HYPERLINK(1)' where id = :id", id=ids[1])
    unknown = uuid4()
    job = await shared.post("bulk-delete", {"ticketIds": [str(unknown), *map(str, ids)]}, maxItemsPerSecond=200)
    await shared.begun(job)
    job = (await shared.api.post(f"/api/jobs/{job['id']}/cancel")).json()
    path = f"/api/jobs/{job['id']}"
    seen: list[Json] = []
    query: dict[str, Any] = {"limit": 40}
    while True:
        page = (await shared.api.get(f"{path}/items", params=query)).json()
        seen += page["items"]
        if page["nextCursor"] is None:
            break
        query["cursor"] = page["nextCursor"]
    assert [item["position"] for item in seen] == list(range(151))
    assert [UUID(item["ticketId"]) for item in seen] == [unknown, *ids]
    failed = (await shared.api.get(f"{path}/items", params={"result": "failed", "code": "not_found"})).json()["items"]
    assert [UUID(item["ticketId"]) for item in failed] == [unknown]

    exported = await shared.api.get(f"{path}/items/export", params={"format": "csv"})
    assert exported.headers["content-type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(exported.text)))
    assert [row["ticketId"] for row in table] == [item["ticketId"] for item in seen]
    assert table[2]["ticketTitle"] == "'=HYPERLINK(1)"
    lines = (await shared.api.get(f"{path}/items/export", params={"format": "ndjson"})).text.splitlines()
    records = [json.loads(line) for line in lines]
    assert [record["result"] for record in records] == [item["result"] for item in seen]
    numbers = await shared.rows("select number, title from tickets where id = any(:ids) order by number", ids=ids)
    assert [(record["ticketNumber"], record["ticketTitle"]) for record in records[1:]] == numbers

    summary = (await shared.api.get(f"{path}/summary")).json()
    assert (summary["total"], summary["unprocessed"]) == (151, job["unprocessed"])
    assert {entry["code"]: entry["count"] for entry in summary["codes"] if entry["code"]} == await shared.codes(job)


async def test_8_every_action_is_audited(shared: SharedSystem) -> None:
    _, ids = await shared.tickets(3)
    answer = await shared.api.post(
        "/api/jobs",
        json={"type": "bulk-delete", "payload": {"ticketIds": [*map(str, ids)]}, "reason": "Spam", "runAt": _in(3600)},
    )
    job_id = answer.json()["id"]
    await shared.api.post(f"/api/jobs/{job_id}/cancel")
    rows = await shared.rows(
        "select action, actor_id, items, reason, request_id, address from audit_log where subject_id = :id order by id",
        id=job_id,
    )
    admin = shared.people.admin.id
    assert [row[:4] for row in rows] == [("job.submitted", admin, 3, "Spam"), ("job.canceled", admin, 3, "Spam")]
    assert rows[0][4:] == (answer.headers["X-Request-Id"], "127.0.0.1")

    wrong = await shared.api.post("/api/login", json={"username": "agent", "password": "hunter2"})
    user = f"/api/users/{shared.people.other_requester.id}"
    assert (await shared.api.patch(user, json={"role": "agent"})).json()["role"] == "agent"
    entries = (await shared.api.get("/api/audit", params={"limit": 2})).json()["entries"]
    assert [entry["action"] for entry in entries] == ["user.changed", "login.failed"]
    assert entries[0]["details"] == {"role": ["requester", "agent"]}
    assert (entries[1]["subjectId"], entries[1]["requestId"]) == (
        str(shared.people.agent.id),
        wrong.headers["X-Request-Id"],
    )
    with pytest.raises(Exception, match="never changed"):
        await shared.execute("update audit_log set reason = 'another'")


def _in(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


async def test_9_small_jobs_do_not_wait_and_nobody_takes_too_much(shared: SharedSystem) -> None:
    _, ids = await shared.tickets(20_000)
    _, few = await shared.tickets(10)
    big = await shared.post("bulk-update", {"ticketIds": [*map(str, ids)], "addTags": ["big"]}, priority="low")
    await shared.begun(big)
    small = await shared.run("bulk-delete", {"ticketIds": [*map(str, few)]}, priority="high")
    [(small_end, big_end)] = await shared.rows(
        "select (select finished_at from jobs where id = :small), (select finished_at from jobs where id = :big)",
        small=small["id"],
        big=(await shared.end_of(big))["id"],
    )
    assert small_end < big_end

    _, ids = await shared.tickets(60)
    slow = await shared.run("bulk-update", {"ticketIds": [*map(str, ids)], "addTags": ["slow"]}, maxItemsPerSecond=60)
    took = "select extract(epoch from finished_at - started_at) from jobs where id = :id"
    [(seconds,)] = await shared.rows(took, id=slow["id"])
    assert seconds > 0.4  # 60 at 60 a second, less the first chunk and what being late is forgiven

    later = [await shared.post("bulk-delete", {"ticketIds": [str(uuid4())]}, runAt=_in(3600)) for _ in range(5)]
    refused = await shared.api.post("/api/jobs", json={"type": "bulk-delete", "payload": {"ticketIds": [str(uuid4())]}})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_jobs")
    assert int(refused.headers["Retry-After"]) > 0
    for job in later:
        assert (await shared.api.post(f"/api/jobs/{job['id']}/cancel")).json()["status"] == "canceled"
    assert await shared.rows("select count(*) from job_items where job_id = any(:ids)", ids=_ids(later)) == [(0,)]
    soon = await shared.post("bulk-delete", {"ticketIds": [str(few[0])]}, runAt=(at := _in(1.5)))
    assert (await shared.end_of(soon))["startedAt"] > at[:19]
    past = {"type": "bulk-delete", "payload": {"ticketIds": [str(uuid4())]}, "runAt": _in(-1)}
    assert (await shared.refused(400, "/api/jobs", past))["errors"][0]["path"] == "$.runAt"


def _ids(jobs: list[Json]) -> list[UUID]:
    return [UUID(job["id"]) for job in jobs]


async def test_10_poisoned_items_stand_alone(shared: SharedSystem) -> None:
    _, ids = await shared.tickets(250)
    poisoned = [ids[0], ids[77], ids[78], ids[249]]
    async with refusing(shared, poisoned):
        job = await shared.run("bulk-delete", {"ticketIds": [*map(str, ids)]})
    assert (job["status"], job["succeeded"], job["failed"]) == ("completed", 246, 4)
    rows = await shared.rows("select ticket_id from job_items where job_id = :id and code = 'error'", id=job["id"])
    assert {row[0] for row in rows} == set(poisoned)
    items = (await shared.api.get(f"/api/jobs/{job['id']}/items", params={"code": "error"})).json()["items"]
    assert {item["message"] for item in items} == {"The database refused to change this ticket."}


async def test_11_what_is_past_its_retention_goes(shared: SharedSystem) -> None:
    _, ids = await shared.tickets(120)
    old, young = [await shared.run("bulk-delete", {"ticketIds": [*map(str, ids)]}) for _ in range(2)]
    await shared.execute("update jobs set finished_at = now() - interval '91 days' where id = :id", id=old["id"])
    await shared.execute("update jobs set finished_at = now() - interval '89 days' where id = :id", id=young["id"])
    await shared.execute("insert into audit_log (action, at) values ('login.failed', now() - interval '91 days')")

    async def purged() -> bool:
        gone = "select count(*) from audit_log where at < now() - interval '90 days'"
        jobs = await shared.rows("select count(*) from jobs where id = :id", id=old["id"])
        return jobs == [(0,)] and await shared.rows(gone) == [(0,)]

    await until(purged)
    left = "select count(*) from job_chunks where job_id = any(:ids) group by job_id"
    assert await shared.rows(left, ids=_ids([old, young])) == [(2,)]
    assert (await shared.api.get(f"/api/jobs/{old['id']}/items")).status_code == 404
    assert (await shared.job(young))["status"] == "completed"


async def test_12_the_socket_carries_it_all(shared: SharedSystem) -> None:
    tag, _ = await shared.tickets(100)
    token = shared.api.headers["Authorization"].removeprefix("Bearer ")
    async with connecting(shared.system.url, {"token": token}) as watcher:
        job = await shared.post("bulk-delete", {"filter": {"tags": tag}}, maxItemsPerSecond=80)
        job_id = UUID(job["id"])
        await shared.begun(job)
        await shared.api.post(f"/api/jobs/{job_id}/pause")
        await until(lambda: "jobs:paused" in watcher.names_of(job_id))
        await shared.api.post(f"/api/jobs/{job_id}/resume")
        await until(lambda: "jobs:resumed" in watcher.names_of(job_id))
        await until(lambda: "jobs:completed" in watcher.names_of(job_id), seconds=20)
        child = await shared.accepted(f"/api/jobs/{job_id}/undo")
        await until(lambda: "jobs:completed" in watcher.names_of(UUID(child["id"])), seconds=20)
    told = [(name, payload) for name, payload in watcher.received if payload["jobId"] == str(job_id)]
    assert told[0][0] == "jobs:created"
    assert [payload["total"] for _, payload in told][0 :: len(told) - 1] == [None, 100]
    seqs = [payload["seq"] for _, payload in told]
    assert seqs == sorted(set(seqs))
    assert [name for name, _ in told].count("jobs:completed") == 1
    children = [payload for _, payload in watcher.received if payload["jobId"] == child["id"]]
    assert {payload["parentJobId"] for payload in children} == {str(job_id)}
    assert (await shared.job(job))["undoneBy"] == child["id"]
