import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.imports.controller import MAX_FILE_BYTES
from tests.bench import processes
from tests.e2e.shared_system import ENDED
from tests.support.http import http_client
from tests.support.people import PASSWORD, People
from tests.support.system import System
from tests.support.waiting import until

Json = dict[str, Any]

ROWS, EVERY = 10_000, 100  # one line in so many has a fault
MOST_MB = 30
CSV = {"Content-Type": "text/csv"}


async def pieces() -> AsyncIterator[bytes]:
    yield b"Subject,Priority,Tags,Contact email,Id\n"
    for begin in range(0, ROWS, 1_000):
        yield b"".join(
            b"%s,high,a;b,c%d@example.com,%d\n"
            % (b"" if number % EVERY == 0 else b"T%d" % number, number // 100, number)
            for number in range(begin, begin + 1_000)
        )


async def largest_file() -> AsyncIterator[bytes]:
    line = b'Title,"' + b"A long\nstory. " * 1_400 + b'"\n'
    yield b"title,description\n"
    for _ in range(MAX_FILE_BYTES // len(line) - 1):
        yield line


async def posted(admin: httpx.AsyncClient, path: str, body: Json | None = None) -> Json:
    answer = await admin.post(path, json=body)
    assert answer.status_code == httpx.codes.ACCEPTED, answer.text
    found: Json = await until(lambda: ended(admin, answer.json()["id"]), seconds=120)
    return found


async def ended(admin: httpx.AsyncClient, job_id: str) -> Json | None:
    job: Json = (await admin.get(f"/api/jobs/{job_id}")).json()
    return job if job["status"] in ENDED else None


async def test_a_file_of_ten_thousand_lines_is_looked_at_and_imported_and_undone(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    worker = system.start_worker()
    answer = await admin.post("/api/imports", content=pieces(), headers=CSV)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    told = answer.json()
    assert (told["rows"], told["valid"], told["faulty"], told["duplicates"]) == (ROWS, ROWS - 100, 100, 0)
    assert [problem["line"] for problem in told["problems"]] == [2 + number for number in range(0, ROWS, EVERY)]
    request = {"type": "bulk-import", "payload": {"importId": told["id"]}, "expectedCount": ROWS}
    preview = (await admin.post("/api/jobs/preview", json=request)).json()
    assert (preview["total"], preview["wouldFail"]) == (ROWS, {"invalid": 100})
    running = asyncio.create_task(posted(admin, "/api/jobs", request))
    await until(lambda: some_tickets(engine), seconds=60)
    worker.kill()
    system.start_worker()
    job = await running
    assert (job["status"], job["succeeded"], job["failed"]) == ("completed", ROWS - 100, 100)
    exported = await admin.get(f"/api/jobs/{job['id']}/items/export", params={"format": "ndjson", "result": "failed"})
    assert len(exported.text.splitlines()) == 100
    assert await counted(engine, "tickets where deleted_at is null and contact_id is not null") == ROWS - 100
    assert await counted(engine, "contacts") == 100
    undo = await posted(admin, f"/api/jobs/{job['id']}/undo")
    assert (undo["succeeded"], undo["failed"]) == (ROWS - 100, 0)
    assert await counted(engine, "tickets where deleted_at is null") == 0


async def test_the_largest_file_takes_little_memory(system: System, people: People) -> None:
    api = await system.start_api()
    async with http_client(system.url, timeout=300) as client:
        login = await client.post("/api/login", json={"username": "admin", "password": PASSWORD})
        client.headers["Authorization"] = f"Bearer {login.json()['access_token']}"
        await client.post("/api/imports", content="title\na\n", headers=CSV)
        before = processes.resident_mb(api.pid)
        processes.reset_peak(api.pid)
        answer = await client.post("/api/imports", content=largest_file(), headers=CSV)
    assert answer.json()["valid"] == answer.json()["rows"] > 4_000
    assert processes.peak_mb(api.pid) - before < MOST_MB


async def some_tickets(engine: AsyncEngine) -> bool:
    return await counted(engine, "tickets") > 0


async def counted(engine: AsyncEngine, what: str) -> int:
    async with engine.connect() as connection:
        found: int = await connection.scalar(text(f"select count(*) from {what}"))
        return found
