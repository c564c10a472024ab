import asyncio
import contextlib
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.support import ledger, npm
from tests.support.people import People, add_tickets
from tests.support.servers import REPOSITORY
from tests.support.system import System
from tests.support.waiting import until

INSTALL_SECONDS = 120
needs_node = pytest.mark.skipif(
    not (shutil.which("node") and shutil.which("npm")),
    reason="node and npm are not there: the JavaScript client is not tried",
)


@pytest.fixture(scope="session")
def client_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our client for JavaScript, built, and the real socket.io-client that its lock file pins; and scripts beside."""
    folder = tmp_path_factory.mktemp("javascript") / "client"
    npm.install(REPOSITORY / "app/web/client", folder)
    subprocess.run(["npm", "run", "--silent", "build"], cwd=folder, check=True, timeout=INSTALL_SECONDS)  # noqa: S607
    for script in (REPOSITORY / "tests/e2e/javascript").iterdir():
        shutil.copy(script, folder)
    return folder


class Script:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def line(self) -> dict[str, Any] | None:
        """Return what the script prints next; None at its end."""
        assert self._process.stdout is not None
        async with asyncio.timeout(30):
            text = await self._process.stdout.readline()
        found: dict[str, Any] | None = json.loads(text) if text else None
        return found

    def write(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{text}\n".encode())


@contextlib.asynccontextmanager
async def watching(folder: Path, url: str, token: str, script: str = "watch.js", *words: str) -> AsyncIterator[Script]:
    token_file = folder / "token"
    token_file.write_text(token)
    process = await asyncio.create_subprocess_exec(
        "node", script, url, token_file, *words, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield Script(process)
        async with asyncio.timeout(10):
            await process.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()


@needs_node
async def test_the_javascript_client_follows_a_job_to_its_end(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine, people: People, client_folder: Path
) -> None:
    ids = [str(ticket_id) for ticket_id in await add_tickets(engine, people.requester, 3000)]
    token = admin.headers["Authorization"].removeprefix("Bearer ")
    async with watching(client_folder, system.url, token) as script:
        assert await script.line() == {"connected": True}
        job = (await admin.post("/api/jobs", json={"type": "bulk-delete", "payload": {"ticketIds": ids}})).json()
        created = await script.line()
        script.write(job["id"])
        subscribed = await script.line()
        system.start_worker()
        events = [line async for line in _rest(script)]
    assert created is not None
    assert (created["name"], created["payload"]["jobId"]) == ("jobs:created", job["id"])
    assert subscribed is not None
    assert (subscribed["subscribed"]["ok"], subscribed["subscribed"]["job"]["seq"]) == (True, 1)
    assert [event["name"] for event in events].count("jobs:completed") == 1
    seqs = [event["payload"]["seq"] for event in events]
    assert seqs == sorted(set(seqs))
    last = events[-1]["payload"]
    assert (last["status"], last["progress"], last["succeeded"]) == ("completed", 100, 3000)


@needs_node
async def test_the_javascript_client_is_told_at_connect_of_a_job_that_ended_before(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine, people: People, client_folder: Path
) -> None:
    ids = [str(ticket_id) for ticket_id in await add_tickets(engine, people.requester, 10)]
    job = (await admin.post("/api/jobs", json={"type": "bulk-delete", "payload": {"ticketIds": ids}})).json()
    await admin.post(f"/api/jobs/{job['id']}/cancel")
    async with watching(client_folder, system.url, admin.headers["Authorization"].removeprefix("Bearer ")) as script:
        assert await script.line() == {"connected": True}
        told = await script.line()
        assert told is not None
        assert (told["name"], told["payload"]["jobId"]) == ("jobs:canceled", job["id"])
        assert await script.line() is None


@needs_node
async def test_the_javascript_client_is_told_why_it_is_refused(
    system: System, admin: httpx.AsyncClient, client_folder: Path
) -> None:
    async with watching(client_folder, system.url, "not a token") as script:
        assert await script.line() == {"refused": "unauthorized"}


@needs_node
async def test_a_watch_of_our_client_goes_on_where_the_api_was_killed_and_came_back(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine, people: People, client_folder: Path
) -> None:
    ids = [str(ticket_id) for ticket_id in await add_tickets(engine, people.requester, 3000)]
    token = admin.headers["Authorization"].removeprefix("Bearer ")
    body = {
        "type": "bulk-delete",
        "payload": {"ticketIds": ids},
        "maxItemsPerSecond": 100,
    }  # outlives what happens here
    job = (await admin.post("/api/jobs", json=body)).json()
    async with watching(client_folder, system.url, token, "follow.js", job["id"]) as script:
        events = [await followed(script)]
        system.start_worker()
        while not (done := events[-1]["processed"]):
            events.append(await followed(script))
        system.kill_api()
        await until(lambda: has_done_more(engine, UUID(job["id"]), done))  # which nobody is told
        await system.start_api()
        while events[-1]["processed"] <= done:
            events.append(await followed(script))
        await admin.post(f"/api/jobs/{job['id']}/cancel")
        events += [line async for line in _rest(script)]
    seqs = [event["seq"] for event in events]
    assert seqs == sorted(set(seqs))
    assert [event["status"] for event in events if event["status"] not in {"queued", "running"}] == ["canceled"]
    assert events[-1]["succeeded"] == (await ledger.of(engine, UUID(job["id"]))).succeeded


async def followed(script: Script) -> dict[str, Any]:
    line = await script.line()
    assert line is not None
    return line


async def has_done_more(engine: AsyncEngine, job_id: UUID, than: int) -> bool:
    return (await ledger.of(engine, job_id)).succeeded > than


@needs_node
async def test_our_client_is_told_of_a_job_that_is_not_there(
    system: System, admin: httpx.AsyncClient, client_folder: Path
) -> None:
    token = admin.headers["Authorization"].removeprefix("Bearer ")
    async with watching(client_folder, system.url, token, "follow.js", str(uuid4())) as script:
        assert await script.line() == {"code": "not_found", "status": 404}
        assert await script.line() is None
    async with watching(client_folder, system.url, "no token", "follow.js", str(uuid4())) as script:
        assert await script.line() == {"code": "unauthorized", "status": 401}


async def _rest(script: Script) -> AsyncIterator[dict[str, Any]]:
    while (line := await script.line()) is not None:
        yield line
