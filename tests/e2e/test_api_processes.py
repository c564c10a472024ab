"""Several API processes behind one port: what one of them does is true in all, and they end together."""

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from unittest.mock import ANY

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts import tokens
from app.settings import Settings
from tests.support.people import People, add_tickets
from tests.support.programs import Process
from tests.support.prometheus import Scrape
from tests.support.system import System
from tests.support.waiting import until
from tests.support.watcher import connecting

COUNT = 2
CLIENTS = 24  # which all of them will meet


def children_of(process: Process) -> list[int]:
    """Return the pids of what a process has started and still runs."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [pid for pid in map(int, children.read_text().split()) if "spawn_main" in command_of(pid)]


def command_of(pid: int) -> str:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


@pytest.fixture
async def api(system: System) -> Process:
    started = await system.is_up(system.start("app", API_PROCESSES=str(COUNT)))
    await until(lambda: len(children_of(started)) == COUNT)
    return started


async def statuses(url: str, token: str) -> list[int]:
    """Ask on connections of their own, at once."""
    async with contextlib.AsyncExitStack() as stack:
        headers = {"Authorization": f"Bearer {token}"}
        clients = [
            await stack.enter_async_context(httpx.AsyncClient(base_url=url, headers=headers, timeout=30))
            for _ in range(CLIENTS)
        ]
        answers = await asyncio.gather(*(client.get("/api/me") for client in clients))
    return [answer.status_code for answer in answers]


async def test_who_may_not_is_refused_by_all_of_them_from_that_moment_on(
    api: Process, system: System, settings: Settings, people: People, engine: AsyncEngine
) -> None:
    token = tokens.issue(people.agent.id, settings.jwt_secret, 600)
    assert await statuses(system.url, token) == [200] * CLIENTS
    async with engine.begin() as connection:
        await connection.execute(text("update users set active = false where id = :id"), {"id": people.agent.id})
    assert await statuses(system.url, token) == [401] * CLIENTS


async def test_whichever_is_asked_for_metrics_tells_of_all_of_them_also_of_those_that_have_died(
    api: Process, system: System, settings: Settings, people: People
) -> None:
    token = tokens.issue(people.admin.id, settings.jwt_secret, 600)
    name = "bulkhead_http_request_duration_seconds_count"
    await statuses(system.url, token)

    async def scrape() -> Scrape:
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=system.url, headers=headers, timeout=30) as client:
            return Scrape((await client.get("/metrics")).text)

    async with connecting(system.url, {"token": token}):
        for found in [await scrape() for _ in range(CLIENTS)]:
            assert found.value(name, route="/api/me", method="GET", status="200") == CLIENTS
            assert found.value("bulkhead_socket_connections") == found.value("bulkhead_database_up") == 1
            assert found.labels("bulkhead_build_info") == [{"version": ANY, "python": ANY}]
        killed = set(children_of(api))
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        # uvicorn starts others, but not before SILENT_SECONDS for each that died while it was asked how it is
        await until(lambda: len(set(children_of(api)) - killed) == COUNT, seconds=90)
        await system.is_up(api)
        found = await scrape()
    assert found.value("bulkhead_socket_connections") == 0
    assert found.value(name, route="/api/me") == CLIENTS


async def test_a_socket_hears_of_a_job_whichever_process_took_it(
    api: Process, system: System, settings: Settings, people: People, engine: AsyncEngine
) -> None:
    token = tokens.issue(people.admin.id, settings.jwt_secret, 600)
    system.start_worker()
    async with connecting(system.url, {"token": token}) as watcher:
        for ticket_id in await add_tickets(engine, people.requester, 4):
            async with httpx.AsyncClient(base_url=system.url, headers={"Authorization": f"Bearer {token}"}) as client:
                body = {"type": "bulk-delete", "payload": {"ticketIds": [str(ticket_id)]}}
                assert (await client.post("/api/jobs", json=body)).status_code == 202
        await until(lambda: [name for name, _ in watcher.received].count("jobs:completed") == 4, seconds=30)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_none_of_them_outlives_the_one_that_started_them(api: Process, how: signal.Signals) -> None:
    children = children_of(api)
    api.send_signal(how)
    await asyncio.to_thread(api.wait, 10)
    await until(lambda: not any(command_of(pid) for pid in children), seconds=15)
