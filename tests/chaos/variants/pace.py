"""Forgets how urgent, how fast or how long needed a job is."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs import retention, store
from app.jobs.intake import Intake
from app.jobs.models import Job, jobs
from app.jobs.queue import WakeUps
from app.jobs.service import Jobs
from app.jobs.status import ACTIVE
from app.times import days
from tests.chaos.variants.replacing import replace
from worker.lane import Lanes


class Unhurried:
    """Wakes each job as if its priority were normal."""

    def __init__(self, wake_ups: WakeUps) -> None:
        self._wake_ups = wake_ups
        self.waiting = wake_ups.waiting

    async def wake(self, job_id: UUID, times: int = 1, *, delay_seconds: float = 0, **_: Any) -> None:
        await self._wake_ups.wake(job_id, times, delay_seconds=delay_seconds)


def _forget_priorities(owner: type[Lanes | Jobs]) -> None:
    create = owner.__init__

    def create_unhurried(self: Any, *arguments: Any, **options: Any) -> None:
        create(self, *arguments, **options)
        self._wake_ups = Unhurried(self._wake_ups)

    replace(owner, "__init__", create_unhurried)


def goes_on_at_normal_priority() -> None:
    """Forget the priority of a job when a lane's time slice is over."""
    _forget_priorities(Lanes)


def resumes_at_normal_priority() -> None:
    """Forget the priority of a job that was paused."""
    _forget_priorities(Jobs)


def retries_at_full_speed() -> None:
    """Make a retry, or an undo, without the limit of the job it is made of."""
    add = Intake._add

    async def add_unthrottled(self: Intake, *arguments: Any, **values: Any) -> Job:
        if "parent_job_id" in values:
            values["max_items_per_second"] = None
        return await add(self, *arguments, **values)

    replace(Intake, "_add", add_unthrottled)


def makes_up_for_all_lost_time() -> None:
    """Let a throttled job that stood still do at once what it could have done meanwhile."""
    replace(store, "CATCH_UP_SECONDS", 3600)


def sweeps_what_an_undo_needs() -> None:
    """Keep no job for the undo, or its retry, that restores what it changed."""

    async def expired(connection: AsyncConnection, age_days: int, limit: int) -> list[UUID]:
        active = jobs.alias("active")
        is_parent = select(active.c.id).where(active.c.status.in_(ACTIVE), active.c.parent_job_id == jobs.c.id).exists()
        old = select(jobs.c.id).where(jobs.c.finished_at < func.now() - days(age_days), ~is_parent)
        return list((await connection.execute(old.limit(limit))).scalars())

    replace(retention, "_expired", expired)
