"""An API and a worker that several tests share, and what they ask of it."""

import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database
from app.jobs import queue
from app.settings import Settings
from tests.support.http import http_client
from tests.support.people import PASSWORD, People, add_people, add_tickets
from tests.support.programs import Process
from tests.support.system import System
from tests.support.waiting import until

Json = dict[str, Any]
ENDED = {"completed", "failed", "canceled"}
CHUNK_SIZE = 100  # a few hundred tickets have several chunks then


class SharedSystem:
    """Each test has tickets of its own, known by a tag."""

    def __init__(
        self,
        system: System,
        processes: tuple[Process, Process],
        engine: AsyncEngine,
        people: People,
        api: httpx.AsyncClient,
    ) -> None:
        self.system = system
        self.api_process, self.worker_process = processes
        self.engine = engine
        self.people = people
        self.api = api

    async def tickets(self, count: int) -> tuple[str, list[UUID]]:
        """Add tickets; return their tag and their ids."""
        tag, ids = uuid4().hex, await add_tickets(self.engine, self.people.requester, count)
        await self.execute("update tickets set tags = array[:tag] where id = any(:ids)", tag=tag, ids=ids)
        return tag, ids

    async def execute(self, statement: str, **values: object) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(text(statement), values)

    async def rows(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        async with self.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(statement), values)]

    async def post(self, type_: str, payload: Json, **fields: object) -> Json:
        return await self.accepted("/api/jobs", {"type": type_, "payload": payload, **fields})

    async def accepted(self, path: str, body: Json | None = None) -> Json:
        answer = await self.api.post(path, json=body)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        job: Json = answer.json()
        assert answer.headers["Location"] == f"/api/jobs/{job['id']}"
        return job

    async def refused(self, status: int, path: str, body: Json | None = None) -> Json:
        answer = await self.api.post(path, json=body)
        assert answer.status_code == status, answer.text
        problem: Json = answer.json()
        return problem

    async def job(self, job: Json) -> Json:
        found: Json = (await self.api.get(f"/api/jobs/{job['id']}")).json()
        return found

    async def end_of(self, job: Json) -> Json:
        async def ended() -> Json | None:
            now = await self.job(job)
            return now if now["status"] in ENDED else None

        return await until(ended, seconds=30)

    async def run(self, type_: str, payload: Json, **fields: object) -> Json:
        return await self.end_of(await self.post(type_, payload, **fields))

    async def begun(self, job: Json) -> Json:
        async def processed() -> Json | None:
            now = await self.job(job)
            return now if now["processed"] else None

        return await until(processed)

    async def codes(self, job: Json) -> Counter[str]:
        rows = await self.rows("select code, count(*) from job_items where job_id = :id group by code", id=job["id"])
        return Counter(dict(rows))

    async def facts(self, job: Json) -> tuple[Any, ...]:
        """All that a job has done so far."""
        [row] = await self.rows(
            """
            select status, total, succeeded, failed, revision,
                   (select count(*) from job_items where job_id = jobs.id),
                   (select count(*) from tickets where deleted_by_job = jobs.id)
            from jobs where id = :id
            """,
            id=job["id"],
        )
        return row


@contextlib.asynccontextmanager
async def opened(
    settings: Settings, password_hash: str, log_dir: Path, *, chunk_size: int = CHUNK_SIZE, **environ: str
) -> AsyncIterator[SharedSystem]:
    redis = queue.create_redis(settings.redis_url)
    await redis.flushall()
    engine = database.create_engine(settings, application_name="tests")
    people = await add_people(engine, password_hash)
    system = System(settings, log_dir, MAX_ACTIVE_JOBS="5", CHUNK_SIZE=str(chunk_size), **environ)
    try:
        processes = await system.start_api(), system.start_worker()
        async with http_client(system.url, timeout=60) as api:
            login = await api.post("/api/login", json={"username": "admin", "password": PASSWORD})
            api.headers["Authorization"] = f"Bearer {login.json()['access_token']}"
            yield SharedSystem(system, processes, engine, people, api)
    finally:
        system.stop()
        await redis.aclose(close_connection_pool=True)
        await engine.dispose()
