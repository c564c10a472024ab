"""Jobs and lanes over a real database, with the seams to Redis replaced: what a lane does, without waiting for one."""

import time
from collections import Counter
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.models import Caller, User
from app.audit.models import Origin
from app.jobs.intake import Intake
from app.jobs.models import Item, Job
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.operation import JobRequest, Targets
from app.jobs.queries import ItemQuery
from app.jobs.service import Jobs
from app.pools import Pools
from app.settings import Settings
from tests.support.fakes import RecordedAnnouncer, RecordedOutbox, RecordedWakeUps
from tests.support.people import People, add_tickets
from worker.lane import Lanes

WHOLE_DAY = 86_400.0


class Workbench:
    def __init__(
        self,
        pools: Pools,
        settings: Settings,
        people: People,
        *,
        wake_ups: RecordedWakeUps | None = None,
        announcer: RecordedAnnouncer | None = None,
    ) -> None:
        self.engine = pools.engine
        self.people = people
        self.wake_ups = wake_ups or RecordedWakeUps()
        self.announcer = announcer or RecordedAnnouncer()
        self.outbox = RecordedOutbox()
        self.settings = settings
        self.use(pools)
        self.caller = Caller(people.admin, Origin("a-request", "192.0.2.1"))

    def use(self, pools: Pools) -> None:
        self.pools = pools
        self.jobs = Jobs(pools, self.wake_ups, self.announcer, self.outbox, lanes_per_job=self.settings.job_lanes)
        self.intake = Intake(pools, self.wake_ups, self.announcer, self.settings)

    def lanes(
        self, engine: AsyncEngine | None = None, *, slice_seconds: float = WHOLE_DAY, lanes_per_job: int = 2
    ) -> Lanes:
        engine = engine or self.engine
        return Lanes(
            engine,
            engine,
            self.wake_ups,
            self.announcer,
            self.outbox,
            chunk_size=self.settings.chunk_size,
            lanes_per_job=lanes_per_job,
            slice_seconds=slice_seconds,
            clock=time.monotonic,
        )

    async def tickets(self, count: int) -> list[UUID]:
        return await add_tickets(self.engine, self.people.requester, count)

    async def submit(self, ids: list[UUID], user: User | None = None) -> Job:
        return await self.post(BulkDelete(payload=Targets(ticket_ids=ids)), user)

    async def post(self, request: JobRequest, user: User | None = None) -> Job:
        caller = Caller(user, Origin()) if user else self.caller
        job = (await self.intake.submit(caller, request, None)).job
        await self.intake.launch(job)
        return job

    async def cancel(self, job_id: UUID) -> Job:
        return await self.jobs.cancel(self.caller, job_id)

    async def job(self, job_id: UUID) -> Job:
        return await self.jobs.get(self.people.admin, job_id)

    async def codes(self, job_id: UUID) -> Counter[str | None]:
        return Counter(item.code for item in await self.items(job_id))

    async def items(self, job_id: UUID, code: str | None = None) -> list[Item]:
        return await self.jobs.items(
            self.people.admin, await self.job(job_id), ItemQuery(limit=10_000, code=code or UNSET)
        )

    async def execute(self, statement: str, **values: object) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(text(statement), values)

    async def falsify(self, statement: str, **values: object) -> None:
        """Execute what a trigger refuses: a change of what is on record."""
        async with self.engine.begin() as connection:
            await connection.execute(text("set local session_replication_role = replica"))
            await connection.execute(text(statement), values)
