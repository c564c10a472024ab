"""Clients that only listen: what they missed while the API was down reaches them when they are back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

import aiohttp
import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts import tokens
from app.settings import Settings
from tests.support import ledger
from tests.support.people import People, add_tickets
from tests.support.programs import Process
from tests.support.system import System
from tests.support.waiting import until
from tests.support.watcher import Watcher, new_client

RECONNECT_SECONDS = 0.2


@contextlib.asynccontextmanager
async def listening(url: str, token: str) -> AsyncIterator[Watcher]:
    """Connect, ask for nothing, and come back whenever the connection is lost."""
    async with aiohttp.ClientSession() as session:
        client = new_client(
            session,
            reconnection_delay=RECONNECT_SECONDS,
            reconnection_delay_max=RECONNECT_SECONDS,
            randomization_factor=0,
        )
        watcher = Watcher(client)
        await client.connect(url, auth={"token": token}, transports=["websocket"])
        try:
            yield watcher
        finally:
            await client.shutdown()


def kill(process: Process) -> None:
    process.kill()
    process.wait()


async def test_who_only_listens_hears_of_the_end_that_a_job_came_to_while_the_api_was_down(
    system: System, settings: Settings, people: People, engine: AsyncEngine
) -> None:
    ids = await add_tickets(engine, people.requester, 20_000)
    token = tokens.issue(people.admin.id, settings.jwt_secret, 600)
    api = await system.start_api()
    system.start_worker()
    async with listening(system.url, token) as one, listening(system.url, token) as other:
        job_id = await post(system.url, token, ids)
        await until(lambda: "jobs:progress" in one.names_of(job_id))
        await asyncio.to_thread(kill, api)
        await until(lambda: has_ended(engine, job_id), seconds=30)
        assert "jobs:completed" not in one.names_of(job_id) + other.names_of(job_id)
        await system.start_api()
        for watcher in (one, other):
            await until(lambda: "jobs:completed" in watcher.names_of(job_id), seconds=30)  # noqa: B023 - awaited here
            assert (await watcher.ask("join:user", str(people.admin.id)))["ok"]  # after this, nothing is on its way
            assert watcher.names_of(job_id).count("jobs:completed") == 1
            seqs = [payload["seq"] for _, payload in watcher.received]
            assert seqs == sorted(set(seqs))


async def post(url: str, token: str, ids: list[UUID]) -> UUID:
    body = {"type": "bulk-delete", "payload": {"ticketIds": [str(ticket_id) for ticket_id in ids]}}
    async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
        answer = await client.post("/api/jobs", json=body)
        return UUID(answer.json()["id"])


async def has_ended(engine: AsyncEngine, job_id: UUID) -> bool:
    return (await ledger.of(engine, job_id)).status == "completed"
