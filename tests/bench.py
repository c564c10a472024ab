"""Jobs and lanes over a real database, with the seams to Redis replaced: what a lane does, without waiting for one."""

import time
from collections import Counter
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.models import User
from app.jobs.models import Job
from app.jobs.operations.bulk_delete import BulkDelete, BulkDeletePayload
from app.jobs.service import Jobs
from app.settings import Settings
from tests.fakes import RecordedAnnouncer, RecordedWakeUps
from tests.people import People, add_tickets
from worker.lane import Lanes

WHOLE_DAY = 86_400.0


class Bench:
    def __init__(self, engine: AsyncEngine, settings: Settings, people: People) -> None:
        self.engine = engine
        self.people = people
        self.wake_ups = RecordedWakeUps()
        self.announcer = RecordedAnnouncer()
        self.jobs = Jobs(engine, self.wake_ups, self.announcer, settings)

    def lanes(self, *, slice_seconds: float = WHOLE_DAY, lanes_per_job: int = 2) -> Lanes:
        return Lanes(
            self.engine,
            self.wake_ups,
            self.announcer,
            lanes_per_job=lanes_per_job,
            slice_seconds=slice_seconds,
            clock=time.monotonic,
        )

    async def tickets(self, count: int) -> list[UUID]:
        return await add_tickets(self.engine, self.people.requester, count)

    async def submit(self, ids: list[UUID], user: User | None = None) -> Job:
        request = BulkDelete(payload=BulkDeletePayload(ids))
        job = (await self.jobs.submit(user or self.people.admin, request, None)).job
        await self.jobs.launch(job)
        return job

    async def job(self, job_id: UUID) -> Job:
        return await self.jobs.get(self.people.admin, job_id)

    async def codes(self, job_id: UUID) -> Counter[str | None]:
        return Counter(item.code for item in await self.jobs.items(job_id, limit=10_000))

    async def execute(self, statement: str, **values: object) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(text(statement), values)
