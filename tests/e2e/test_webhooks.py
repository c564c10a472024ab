"""Webhooks with an API and workers as processes: what is killed in mid-send is sent again, with the same id."""

import asyncio
from typing import Any

import httpx
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.support.receiver import Receiver, Reply
from tests.support.system import System
from tests.support.waiting import until

PATIENT_SECONDS = 30


async def add_webhook(admin: httpx.AsyncClient, url: str, *names: str) -> dict[str, Any]:
    answer = await admin.post("/api/webhooks", json={"url": url, "events": names or ["ticket.created"]})
    webhook: dict[str, Any] = answer.json()
    return webhook


async def create_ticket(admin: httpx.AsyncClient) -> str:
    return str((await admin.post("/api/tickets", json={"title": "Printer"})).json()["id"])


async def delivered(engine: AsyncEngine, count: int) -> bool:
    async with engine.connect() as connection:
        found = await connection.scalar(text("select count(*) from deliveries where status = 'delivered'"))
        return bool(found == count)


async def test_what_a_killed_worker_was_sending_is_free_at_once_and_sent_again_with_its_id(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine, receiver: Receiver
) -> None:
    receiver.replies["/hook"] = Reply(hangs=True)
    webhook = await add_webhook(admin, receiver.url + "/hook")
    await create_ticket(admin)
    for killed in range(1, 4):
        worker = system.start_worker()
        await until(lambda: len(receiver.requests) == killed, seconds=PATIENT_SECONDS)  # noqa: B023 - awaited here
        worker.kill()
        await asyncio.to_thread(worker.wait)
    receiver.replies["/hook"] = Reply()
    system.start_worker()
    await until(lambda: delivered(engine, 1), seconds=PATIENT_SECONDS)
    assert len(receiver.requests) == 4
    assert len({request.id for request in receiver.requests}) == 1
    for request in receiver.requests:
        request.verify(webhook["secret"])
    async with engine.connect() as connection:  # what was not written down was never an attempt
        assert await connection.scalar(text("select attempts from deliveries")) == 1


async def test_one_that_hangs_holds_up_nobody_and_a_job_comes_as_one_event(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine, receiver: Receiver
) -> None:
    system.start_worker()
    receiver.replies["/hangs"] = Reply(hangs=True)
    await add_webhook(admin, receiver.url + "/hangs", "ticket.created", "job.completed")
    await add_webhook(admin, receiver.url + "/well", "ticket.created", "job.completed")
    ids = [await create_ticket(admin) for _ in range(20)]
    body = {"type": "bulk-delete", "payload": {"ticketIds": ids}}
    job = (await admin.post("/api/jobs", json=body)).json()
    await until(lambda: len(receiver.at("/well")) == 21, seconds=PATIENT_SECONDS)
    told = [request.event for request in receiver.at("/well")]
    assert {event["data"]["ticket"]["id"] for event in told if event["type"] == "ticket.created"} == set(ids)
    [end] = [event["data"] for event in told if event["type"] == "job.completed"]
    assert (end["jobId"], end["succeeded"]) == (job["id"], 20)
    await until(lambda: delivered(engine, 21), seconds=PATIENT_SECONDS)


async def test_what_redis_forgot_is_sent_all_the_same(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine, receiver: Receiver, redis: Redis
) -> None:
    await add_webhook(admin, receiver.url)
    for _ in range(5):
        await create_ticket(admin)
    await redis.flushall()
    system.start_worker()
    await until(lambda: delivered(engine, 5), seconds=PATIENT_SECONDS)
    await redis.flushall()
    await create_ticket(admin)
    await until(lambda: delivered(engine, 6), seconds=PATIENT_SECONDS)
