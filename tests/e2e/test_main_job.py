import asyncio
import signal
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.support import ledger
from tests.support.people import People, add_tickets
from tests.support.system import System
from tests.support.waiting import until
from tests.support.watcher import connecting

AT_ONCE = 50


async def post(admin: httpx.AsyncClient, ids: list[UUID], key: str | None = None) -> httpx.Response:
    body = {"type": "bulk-delete", "payload": {"ticketIds": [str(ticket_id) for ticket_id in ids]}}
    answer = await admin.post("/api/jobs", json=body, headers={"Idempotency-Key": key} if key else {})
    assert answer.status_code == httpx.codes.ACCEPTED, answer.text
    return answer


async def has_ended(admin: httpx.AsyncClient, job_id: str) -> dict[str, Any] | None:
    job: dict[str, Any] = (await admin.get(f"/api/jobs/{job_id}")).json()
    assert job["succeeded"] + job["failed"] + job["unprocessed"] == job["total"]
    return job if job["status"] in {"completed", "failed", "canceled"} else None


async def has_begun(admin: httpx.AsyncClient, job_id: str) -> bool:
    return bool((await admin.get(f"/api/jobs/{job_id}")).json()["processed"])


async def test_an_admin_posts_a_job_and_follows_it_to_its_end(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    system.start_worker()
    ids = await add_tickets(engine, people.requester, 5000)
    token = admin.headers["Authorization"].removeprefix("Bearer ")
    async with connecting(system.url, {"token": token}) as watcher:
        assert (await watcher.ask("join:user", str(people.admin.id)))["ok"]
        job = (await post(admin, [*ids, *ids[:7], uuid4(), uuid4()])).json()
        await until(lambda: "jobs:completed" in watcher.names_of(job["id"]), seconds=30)
    payloads = [payload for _, payload in watcher.received]
    assert watcher.names_of(job["id"])[0] == "jobs:created"
    assert watcher.names_of(job["id"]).count("jobs:completed") == 1
    assert [payload["seq"] for payload in payloads] == sorted({payload["seq"] for payload in payloads})
    assert [payload["processed"] for payload in payloads] == sorted(payload["processed"] for payload in payloads)
    assert (payloads[-1]["progress"], payloads[-1]["succeeded"], payloads[-1]["failed"]) == (100, 5000, 2)
    found = await ledger.of(engine, UUID(job["id"]))
    assert found.balances()
    assert (found.total, found.deleted) == (5002, 5000)
    failed = (await admin.get(f"/api/jobs/{job['id']}/items", params={"result": "failed"})).json()["items"]
    assert [item["code"] for item in failed] == ["not_found"] * 2


async def test_fifty_posts_at_once_with_one_key_make_one_job(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    ids = await add_tickets(engine, people.requester, 100)
    answers = await asyncio.gather(*(post(admin, ids, "the-same-key") for _ in range(50)))
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert (await admin.get("/api/jobs")).json()["pagination"]["total"] == 1


async def test_the_api_answers_while_a_large_job_runs(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    system.start_worker()
    ids = await add_tickets(engine, people.requester, 50_000)
    job = (await post(admin, ids)).json()
    await until(lambda: has_begun(admin, job["id"]))
    answered = 0
    while (ended := await has_ended(admin, job["id"])) is None:
        answers = await asyncio.gather(*(admin.get("/api/tickets", params={"limit": 20}) for _ in range(AT_ONCE)))
        assert {answer.status_code for answer in answers} == {httpx.codes.OK}
        answered += AT_ONCE
    assert answered > AT_ONCE  # all but the last of them while the job ran
    assert (ended["status"], ended["succeeded"]) == ("completed", 50_000)
    assert (await ledger.of(engine, UUID(job["id"]))).balances()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_a_worker_that_ends_in_mid_job_leaves_nothing_half_done(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine, people: People, how: signal.Signals
) -> None:
    worker = system.start_worker()
    ids = await add_tickets(engine, people.requester, 30_000)
    job = (await post(admin, ids)).json()
    await until(lambda: has_begun(admin, job["id"]))
    worker.send_signal(how)
    assert await asyncio.to_thread(worker.wait, 10) == (0 if how is signal.SIGTERM else -how)
    between = await ledger.of(engine, UUID(job["id"]))
    assert between.balances()
    assert 0 < between.deleted < len(ids)
    system.start_worker()
    ended = await until(lambda: has_ended(admin, job["id"]), seconds=60)
    assert (ended["status"], ended["succeeded"], ended["failed"]) == ("completed", 30_000, 0)
    assert (await ledger.of(engine, UUID(job["id"]))).balances()


async def test_a_worker_that_stands_still_does_not_hold_up_another_and_cannot_commit_late(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    frozen = system.start_worker()
    ids = await add_tickets(engine, people.requester, 30_000)
    job = (await post(admin, ids)).json()
    await until(lambda: has_begun(admin, job["id"]))
    frozen.send_signal(signal.SIGSTOP)
    system.start_worker()
    ended = await until(lambda: has_ended(admin, job["id"]), seconds=60)
    frozen.send_signal(signal.SIGCONT)
    other = (await post(admin, ids[:10])).json()
    await until(lambda: has_ended(admin, other["id"]))
    assert (ended["status"], ended["succeeded"]) == ("completed", 30_000)
    assert (await ledger.of(engine, UUID(job["id"]))).balances()
    assert frozen.poll() is None


async def test_canceling_a_running_job_is_final_at_the_answer(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    system.start_worker()
    ids = await add_tickets(engine, people.requester, 50_000)
    job = (await post(admin, ids)).json()
    await until(lambda: has_begun(admin, job["id"]))
    canceled = (await admin.post(f"/api/jobs/{job['id']}/cancel")).json()
    at_the_answer = await ledger.of(engine, UUID(job["id"]))
    assert at_the_answer.balances()
    assert at_the_answer.deleted == canceled["succeeded"] < len(ids)
    other = (await post(admin, ids[-10:])).json()  # a lane is free again only when it has let go of the canceled job
    await until(lambda: has_ended(admin, other["id"]))
    final = await ledger.of(engine, UUID(job["id"]))
    assert (final.status, final.deleted, final.items) == ("canceled", at_the_answer.deleted, at_the_answer.items)


async def test_a_job_posted_without_a_worker_waits_for_one(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine, people: People, redis: Any
) -> None:
    job = (await post(admin, await add_tickets(engine, people.requester, 100))).json()
    await redis.flushall()  # its wake-ups are lost
    system.start_worker()
    ended = await until(lambda: has_ended(admin, job["id"]), seconds=30)
    assert ended["status"] == "completed"
