"""What admins may expect of bulk jobs, point by point, as processes and against the database's own rows."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.e2e.world import Json, World
from tests.support.people import add_tickets
from tests.support.waiting import until
from tests.support.watcher import connecting


async def test_1_each_type_of_job_does_what_it_says(world: World) -> None:
    _, ids = await world.tickets(4)
    three = [str(ticket_id) for ticket_id in ids[:3]]
    listed = (await world.api.get("/api/job-types")).json()["jobTypes"]
    assert [entry["type"] for entry in listed] == ["bulk-delete", "bulk-restore", "bulk-update", "bulk-purge"]

    change = {"status": "closed", "priority": "high", "assigneeId": str(world.people.agent.id), "addTags": ["b", "a"]}
    updated = await world.run("bulk-update", {"ticketIds": three, **change})
    assert await world.codes(updated) == {"updated": 3}
    look = (
        "select status, priority, assignee_id, tags[1:2], version from tickets where id = any(:ids) and 'a' = any(tags)"
    )
    [*rows] = await world.rows(look, ids=ids)
    assert {row[:3] for row in rows} == {("closed", "high", world.people.agent.id)}
    assert [row[4] for row in rows] == [2, 2, 2]
    assert await world.codes(await world.run("bulk-update", {"ticketIds": three, "removeTags": ["a"]})) == {
        "updated": 3
    }
    assert await world.codes(await world.run("bulk-update", {"ticketIds": three, "removeTags": ["a"]})) == {
        "unchanged": 3
    }

    assert await world.codes(await world.run("bulk-delete", {"ticketIds": three})) == {"deleted": 3}
    assert await world.codes(await world.run("bulk-restore", {"ticketIds": three[:1]})) == {"restored": 1}
    purge = {"ticketIds": [*three, str(ids[3])]}
    assert await world.codes(await world.run("bulk-purge", purge, reason="GDPR")) == {"not_deleted": 2, "too_recent": 2}
    forced = await world.run("bulk-purge", {**purge, "force": True}, reason="GDPR")
    assert await world.codes(forced) == {"not_deleted": 2, "purged": 2}
    left = await world.rows("select id from tickets where id = any(:ids)", ids=ids)
    assert {row[0] for row in left} == {ids[0], ids[3]}
    assert (await world.refused(400, "/api/jobs", {"type": "bulk-purge", "payload": purge}))["errors"]


async def test_2_a_filter_is_frozen_when_the_job_is_prepared(world: World) -> None:
    tag, ids = await world.tickets(60)
    await world.execute("update tickets set status = 'closed' where id = any(:ids)", ids=ids[:10])
    wanted = {"tags": tag, "status": ["open", "in_progress"]}
    listed = (await world.api.get("/api/tickets", params={**wanted, "limit": 1})).json()
    assert listed["pagination"]["total"] == 50
    job = await world.post(
        "bulk-delete", {"filter": wanted, "excludeIds": [str(ids[10]), str(ids[11])]}, maxItemsPerSecond=40
    )
    assert (job["total"], job["unprocessed"]) == (None, None)
    await world.begun(job)
    late = await add_tickets(world.engine, world.people.requester, 5)
    await world.execute("update tickets set tags = array[:tag] where id = any(:ids)", tag=tag, ids=late)
    ended = await world.end_of(job)
    assert (ended["total"], ended["succeeded"], ended["failed"], ended["progress"]) == (48, 48, 0, 100)
    deleted = await world.rows("select id from tickets where deleted_by_job = :id", id=job["id"])
    assert {row[0] for row in deleted} == set(ids[12:])

    nothing = await world.run("bulk-delete", {"filter": {"tags": "of no ticket"}})
    assert (nothing["status"], nothing["total"], nothing["progress"]) == ("completed", 0, 100)
    bad: list[Json] = [
        {},
        {"filter": {}},
        {"filter": wanted, "ticketIds": [str(ids[0])]},
        {"ticketIds": [], "all": True},
    ]
    for payload in bad:
        problem = await world.refused(400, "/api/jobs", {"type": "bulk-delete", "payload": payload})
        assert problem["errors"][0]["path"].startswith("$.payload")


async def test_3_a_preview_counts_what_the_run_then_does(world: World) -> None:
    tag, ids = await world.tickets(30)
    await world.execute("update tickets set deleted_at = now() where id = any(:ids)", ids=ids[:7])
    await world.execute("update tickets set status = 'closed' where id = any(:ids)", ids=ids[7:12])
    before = await world.rows("select id, version, deleted_at from tickets order by id")
    body: Json = {"type": "bulk-delete", "payload": {"ticketIds": [*map(str, ids), str(uuid4())]}}
    preview = (await world.api.post("/api/jobs/preview", json=body)).json()
    assert (preview["total"], preview["byStatus"]) == (31, {"open": 25, "closed": 5})
    assert preview["wouldFail"] == {"already_deleted": 7, "not_found": 1}
    assert [UUID(ticket["id"]) for ticket in preview["sample"]] == ids[:10]
    assert await world.rows("select id, version, deleted_at from tickets order by id") == before

    by_filter = {"type": "bulk-delete", "payload": {"filter": {"tags": [tag]}}}
    assert (await world.api.post("/api/jobs/preview", json=by_filter)).json()["total"] == 23
    jobs = await world.rows("select count(*) from jobs")
    problem = await world.refused(409, "/api/jobs", {**by_filter, "expectedCount": 22})
    assert (problem["code"], problem["count"]) == ("count_changed", 23)
    assert await world.rows("select count(*) from jobs") == jobs
    job = await world.end_of(await world.accepted("/api/jobs", {**by_filter, "expectedCount": 23}))
    assert await world.codes(job) == {"deleted": 23}
    assert await world.codes(await world.run(type_="bulk-delete", payload=body["payload"])) == {
        "already_deleted": 30,
        "not_found": 1,
    }


async def test_4_after_a_pause_or_a_cancel_nothing_changes(world: World) -> None:
    _, ids = await world.tickets(400)
    job = await world.post("bulk-delete", {"ticketIds": [*map(str, ids)]}, maxItemsPerSecond=400)
    path = f"/api/jobs/{job['id']}"
    await world.begun(job)
    assert (await world.refused(409, f"{path}/resume"))["state"] == "running"
    paused = (await world.api.post(f"{path}/pause")).json()
    at_the_answer = await world.facts(job)
    assert (paused["status"], at_the_answer[4]) == ("paused", paused["seq"])
    assert (await world.refused(409, f"{path}/pause"))["state"] == "paused"

    other = await world.run("bulk-delete", {"ticketIds": [str(uuid4())]})  # a worker has had its turn meanwhile
    assert await world.facts(job) == at_the_answer
    assert (await world.api.post(f"{path}/resume")).json()["status"] == "running"
    await until(lambda: _moved(world, job, at_the_answer[4] + 1))
    canceled = (await world.api.post(f"{path}/cancel")).json()
    at_the_answer = await world.facts(job)
    await world.run("bulk-delete", {"ticketIds": [str(uuid4())]})
    assert await world.facts(job) == at_the_answer
    assert canceled["succeeded"] + canceled["unprocessed"] == 400
    left = (await world.api.get(f"{path}/items", params={"result": "unprocessed", "limit": 1})).json()["items"]
    assert left[0]["position"] == canceled["succeeded"]
    assert (await world.refused(409, f"{path}/pause"))["code"] == "job_not_pausable"
    assert (await world.refused(409, f"/api/jobs/{other['id']}/cancel"))["state"] == "completed"


async def _moved(world: World, job: Json, revision: int) -> bool:
    return bool((await world.facts(job))[4] > revision)


async def test_5_a_retry_does_what_failed_and_what_was_not_done(world: World) -> None:
    tag, ids = await world.tickets(50)
    async with refusing(world, ids[3:5]):
        job = await world.run("bulk-delete", {"ticketIds": [*map(str, ids), str(uuid4())]})
    assert await world.codes(job) == {"deleted": 48, "error": 2, "not_found": 1}
    child = await world.end_of(await world.accepted(f"/api/jobs/{job['id']}/retry"))
    assert (child["parentJobId"], child["total"]) == (job["id"], 2)
    assert await world.codes(child) == {"deleted": 2}
    assert (await world.job(job))["retriedBy"] == child["id"]
    assert (await world.refused(409, f"/api/jobs/{job['id']}/retry"))["code"] == "already_retried"
    assert (await world.refused(409, f"/api/jobs/{child['id']}/retry"))["code"] == "nothing_to_retry"
    versions = await world.rows("select distinct version from tickets where :tag = any(tags)", tag=tag)
    assert versions == [(2,)]

    _, ids = await world.tickets(300)
    job = await world.post("bulk-delete", {"ticketIds": [*map(str, ids)]}, maxItemsPerSecond=200)
    await world.begun(job)
    assert (await world.refused(409, f"/api/jobs/{job['id']}/retry"))["code"] == "nothing_to_retry"
    canceled = (await world.api.post(f"/api/jobs/{job['id']}/cancel")).json()
    child = await world.end_of(await world.accepted(f"/api/jobs/{job['id']}/retry"))
    assert (child["total"], child["succeeded"]) == (canceled["unprocessed"], canceled["unprocessed"])
    once = "select count(*) from tickets where id = any(:ids) and version = 2 and deleted_by_job = any(:jobs)"
    assert await world.rows(once, ids=ids, jobs=[UUID(job["id"]), UUID(child["id"])]) == [(300,)]


class refusing:  # noqa: N801 - used as a function
    """Have the database refuse to change some tickets, as long as the context lasts."""

    def __init__(self, world: World, ids: list[UUID]) -> None:
        self.world = world
        self.ids = ", ".join(f"'{ticket_id}'" for ticket_id in ids)

    async def __aenter__(self) -> None:
        await self.world.execute(f"""
            create function refuse() returns trigger language plpgsql as
            $$ begin if old.id in ({self.ids}) then raise 'select secret from somewhere'; end if; return new; end $$
        """)
        await self.world.execute(
            "create trigger refuse before update on tickets for each row execute function refuse()"
        )

    async def __aexit__(self, *_: object) -> None:
        await self.world.execute("drop function refuse cascade")


async def test_6_an_undo_restores_what_nobody_touched_since_and_can_be_undone(world: World) -> None:
    tag, ids = await world.tickets(20)
    await world.execute(
        "update tickets set tags = array['z', :tag, 'x'], priority = 'low' where id = :id", tag=tag, id=ids[0]
    )
    look = "select id, status, priority, assignee_id, tags, deleted_at from tickets where :tag = any(tags) order by id"
    before = await world.rows(look, tag=tag)
    change = {"status": "closed", "assigneeId": str(world.people.agent.id), "addTags": ["new"], "removeTags": ["x"]}
    job = await world.run("bulk-update", {"filter": {"tags": tag}, **change})
    after = await world.rows(look, tag=tag)
    assert job["undoable"]
    assert datetime.fromisoformat(job["undoUntil"]) == datetime.fromisoformat(job["finishedAt"]) + timedelta(days=30)

    await world.api.patch(f"/api/tickets/{ids[5]}", json={"status": "resolved"})
    undo = await world.end_of(await world.accepted(f"/api/jobs/{job['id']}/undo"))
    assert (undo["type"], undo["parentJobId"], await world.codes(undo)) == (
        "bulk-undo",
        job["id"],
        {"undone": 19, "conflict": 1},
    )
    now = await world.rows(look, tag=tag)
    assert [row for row in now if row[0] != ids[5]] == [row for row in before if row[0] != ids[5]]
    assert (await world.refused(409, f"/api/jobs/{job['id']}/undo"))["code"] == "already_undone"
    redo = await world.end_of(await world.accepted(f"/api/jobs/{undo['id']}/undo"))
    assert await world.codes(redo) == {"undone": 19}
    now = await world.rows(look, tag=tag)
    assert [row for row in now if row[0] != ids[5]] == [row for row in after if row[0] != ids[5]]

    delete = await world.run("bulk-delete", {"filter": {"tags": tag}})
    undo = await world.end_of(await world.accepted(f"/api/jobs/{delete['id']}/undo"))
    assert await world.codes(undo) == {"undone": 20}
    assert await world.rows("select count(*) from tickets where deleted_by_job = :id", id=delete["id"]) == [(0,)]

    purge = await world.run("bulk-purge", {"ticketIds": [str(ids[0])]}, reason="GDPR")
    assert (await world.refused(409, f"/api/jobs/{purge['id']}/undo"))["code"] == "not_undoable"
    old = await world.run("bulk-delete", {"filter": {"tags": tag}})
    await world.execute(
        "update jobs set finished_at = now() - interval '30 days 1 second' where id = :id", id=old["id"]
    )
    assert (await world.refused(409, f"/api/jobs/{old['id']}/undo"))["code"] == "undo_expired"
    none = await world.run("bulk-delete", {"ticketIds": [str(uuid4())]})
    assert (await world.refused(409, f"/api/jobs/{none['id']}/undo"))["code"] == "nothing_to_undo"


async def test_7_results_are_filtered_paged_exported_and_summed_up(world: World) -> None:
    _, ids = await world.tickets(150)
    await world.execute("update tickets set title = '=HYPERLINK(1)' where id = :id", id=ids[1])
    unknown = uuid4()
    job = await world.post("bulk-delete", {"ticketIds": [str(unknown), *map(str, ids)]}, maxItemsPerSecond=200)
    await world.begun(job)
    job = (await world.api.post(f"/api/jobs/{job['id']}/cancel")).json()
    path = f"/api/jobs/{job['id']}"
    seen: list[Json] = []
    query: dict[str, Any] = {"limit": 40}
    while True:
        page = (await world.api.get(f"{path}/items", params=query)).json()
        seen += page["items"]
        if page["nextCursor"] is None:
            break
        query["cursor"] = page["nextCursor"]
    assert [item["position"] for item in seen] == list(range(151))
    assert [UUID(item["ticketId"]) for item in seen] == [unknown, *ids]
    failed = (await world.api.get(f"{path}/items", params={"result": "failed", "code": "not_found"})).json()["items"]
    assert [UUID(item["ticketId"]) for item in failed] == [unknown]

    exported = await world.api.get(f"{path}/items/export", params={"format": "csv"})
    assert exported.headers["content-type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(exported.text)))
    assert [row["ticketId"] for row in table] == [item["ticketId"] for item in seen]
    assert table[2]["ticketTitle"] == "'=HYPERLINK(1)"
    lines = (await world.api.get(f"{path}/items/export", params={"format": "ndjson"})).text.splitlines()
    records = [json.loads(line) for line in lines]
    assert [record["result"] for record in records] == [item["result"] for item in seen]
    numbers = await world.rows("select number, title from tickets where id = any(:ids) order by number", ids=ids)
    assert [(record["ticketNumber"], record["ticketTitle"]) for record in records[1:]] == numbers

    summary = (await world.api.get(f"{path}/summary")).json()
    assert (summary["total"], summary["unprocessed"]) == (151, job["unprocessed"])
    assert {entry["code"]: entry["count"] for entry in summary["codes"] if entry["code"]} == await world.codes(job)


async def test_8_every_action_is_audited(world: World) -> None:
    _, ids = await world.tickets(3)
    answer = await world.api.post(
        "/api/jobs",
        json={"type": "bulk-delete", "payload": {"ticketIds": [*map(str, ids)]}, "reason": "Spam", "runAt": _in(3600)},
    )
    job_id = answer.json()["id"]
    await world.api.post(f"/api/jobs/{job_id}/cancel")
    rows = await world.rows(
        "select action, actor_id, items, reason, request_id, address from audit_log where subject_id = :id order by id",
        id=job_id,
    )
    admin = world.people.admin.id
    assert [row[:4] for row in rows] == [("job.submitted", admin, 3, "Spam"), ("job.canceled", admin, 3, "Spam")]
    assert rows[0][4:] == (answer.headers["X-Request-Id"], "127.0.0.1")

    wrong = await world.api.post("/api/login", json={"username": "agent", "password": "hunter2"})
    user = f"/api/users/{world.people.other_requester.id}"
    assert (await world.api.patch(user, json={"role": "agent"})).json()["role"] == "agent"
    entries = (await world.api.get("/api/audit", params={"limit": 2})).json()["entries"]
    assert [entry["action"] for entry in entries] == ["user.changed", "login.failed"]
    assert entries[0]["details"] == {"role": ["requester", "agent"]}
    assert (entries[1]["subjectId"], entries[1]["requestId"]) == (
        str(world.people.agent.id),
        wrong.headers["X-Request-Id"],
    )
    with pytest.raises(Exception, match="never changed"):
        await world.execute("update audit_log set reason = 'another'")


def _in(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


async def test_9_small_jobs_do_not_wait_and_nobody_takes_too_much(world: World) -> None:
    _, ids = await world.tickets(20_000)
    _, few = await world.tickets(10)
    big = await world.post("bulk-update", {"ticketIds": [*map(str, ids)], "addTags": ["big"]}, priority="low")
    await world.begun(big)
    small = await world.run("bulk-delete", {"ticketIds": [*map(str, few)]}, priority="high")
    [(small_end, big_end)] = await world.rows(
        "select (select finished_at from jobs where id = :small), (select finished_at from jobs where id = :big)",
        small=small["id"],
        big=(await world.end_of(big))["id"],
    )
    assert small_end < big_end

    _, ids = await world.tickets(60)
    slow = await world.run("bulk-update", {"ticketIds": [*map(str, ids)], "addTags": ["slow"]}, maxItemsPerSecond=60)
    took = "select extract(epoch from finished_at - started_at) from jobs where id = :id"
    [(seconds,)] = await world.rows(took, id=slow["id"])
    assert seconds > 0.4  # 60 at 60 a second, less the first chunk and what being late is forgiven

    later = [await world.post("bulk-delete", {"ticketIds": [str(uuid4())]}, runAt=_in(3600)) for _ in range(5)]
    refused = await world.api.post("/api/jobs", json={"type": "bulk-delete", "payload": {"ticketIds": [str(uuid4())]}})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_jobs")
    assert int(refused.headers["Retry-After"]) > 0
    for job in later:
        assert (await world.api.post(f"/api/jobs/{job['id']}/cancel")).json()["status"] == "canceled"
    assert await world.rows("select count(*) from job_items where job_id = any(:ids)", ids=_ids(later)) == [(0,)]
    soon = await world.post("bulk-delete", {"ticketIds": [str(few[0])]}, runAt=(at := _in(1.5)))
    assert (await world.end_of(soon))["startedAt"] > at[:19]
    past = {"type": "bulk-delete", "payload": {"ticketIds": [str(uuid4())]}, "runAt": _in(-1)}
    assert (await world.refused(400, "/api/jobs", past))["errors"][0]["path"] == "$.runAt"


def _ids(jobs: list[Json]) -> list[UUID]:
    return [UUID(job["id"]) for job in jobs]


async def test_10_poisoned_items_stand_alone(world: World) -> None:
    _, ids = await world.tickets(250)
    poisoned = [ids[0], ids[77], ids[78], ids[249]]
    async with refusing(world, poisoned):
        job = await world.run("bulk-delete", {"ticketIds": [*map(str, ids)]})
    assert (job["status"], job["succeeded"], job["failed"]) == ("completed", 246, 4)
    rows = await world.rows("select ticket_id from job_items where job_id = :id and code = 'error'", id=job["id"])
    assert {row[0] for row in rows} == set(poisoned)
    items = (await world.api.get(f"/api/jobs/{job['id']}/items", params={"code": "error"})).json()["items"]
    assert {item["message"] for item in items} == {"The database refused to change this ticket."}


async def test_11_what_is_past_its_retention_goes(world: World) -> None:
    _, ids = await world.tickets(120)
    old, young = [await world.run("bulk-delete", {"ticketIds": [*map(str, ids)]}) for _ in range(2)]
    await world.execute("update jobs set finished_at = now() - interval '91 days' where id = :id", id=old["id"])
    await world.execute("update jobs set finished_at = now() - interval '89 days' where id = :id", id=young["id"])
    await world.execute("insert into audit_log (action, at) values ('login.failed', now() - interval '91 days')")

    async def purged() -> bool:
        gone = "select count(*) from audit_log where at < now() - interval '90 days'"
        jobs = await world.rows("select count(*) from jobs where id = :id", id=old["id"])
        return jobs == [(0,)] and await world.rows(gone) == [(0,)]

    await until(purged)
    left = "select count(*) from {} where job_id = any(:ids) group by job_id"
    assert await world.rows(left.format("job_items"), ids=_ids([old, young])) == [(120,)]
    assert await world.rows(left.format("job_chunks"), ids=_ids([old, young])) == [(2,)]
    assert (await world.job(young))["status"] == "completed"


async def test_12_the_socket_carries_it_all(world: World) -> None:
    tag, _ = await world.tickets(100)
    token = world.api.headers["Authorization"].removeprefix("Bearer ")
    async with connecting(world.system.url, {"token": token}) as watcher:
        job = await world.post("bulk-delete", {"filter": {"tags": tag}}, maxItemsPerSecond=80)
        job_id = UUID(job["id"])
        await world.begun(job)
        await world.api.post(f"/api/jobs/{job_id}/pause")
        await until(lambda: "jobs:paused" in watcher.names_of(job_id))
        await world.api.post(f"/api/jobs/{job_id}/resume")
        await until(lambda: "jobs:resumed" in watcher.names_of(job_id))
        await until(lambda: "jobs:completed" in watcher.names_of(job_id), seconds=20)
        child = await world.accepted(f"/api/jobs/{job_id}/undo")
        await until(lambda: "jobs:completed" in watcher.names_of(UUID(child["id"])), seconds=20)
    told = [(name, payload) for name, payload in watcher.received if payload["jobId"] == str(job_id)]
    assert told[0][0] == "jobs:created"
    assert [payload["total"] for _, payload in told][0 :: len(told) - 1] == [None, 100]
    seqs = [payload["seq"] for _, payload in told]
    assert seqs == sorted(set(seqs))
    assert [name for name, _ in told].count("jobs:completed") == 1
    children = [payload for _, payload in watcher.received if payload["jobId"] == child["id"]]
    assert {payload["parentJobId"] for payload in children} == {str(job_id)}
    assert (await world.job(job))["undoneBy"] == child["id"]
