"""Tells clients wrongly."""

from typing import Any

from msgspec import structs
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.jobs import events, store
from app.jobs.announcer import RedisAnnouncer
from app.jobs.feed import Feed
from app.jobs.intake import Intake
from app.jobs.models import Counts, Job
from app.jobs.operations.operation import Operation
from app.jobs.service import require
from tests.chaos.variants.replacing import nothing, replace
from worker.lane import Apply, Lanes


def announces_before_the_commit() -> None:
    """Tell of a chunk that may yet be rolled back."""
    transact = Lanes._transact_chunk

    async def tell_and_transact(
        self: Lanes, engine: AsyncEngine, job: Job, operation: Operation, apply: Apply
    ) -> Job | None:
        async def apply_and_tell(connection: AsyncConnection, *arguments: Any) -> Counts:
            counts = await apply(connection, *arguments)
            now = require(await store.find(connection, job.id))
            told = structs.replace(now, succeeded=now.succeeded + counts.succeeded, revision=now.revision + 1)
            await self._announcer.announce(events.of(told))
            return counts

        return await transact(self, engine, job, operation, apply_and_tell)

    replace(Lanes, "_transact_chunk", tell_and_transact)


def skips_the_resync() -> None:
    """Trust Redis to deliver every event."""
    replace(Feed, "resync", nothing)


def tells_of_the_living_only() -> None:
    """Leave out jobs that ended lately, which a client that was away has not heard of."""
    replace(store, "LATELY", text("interval '0'"))


def is_mute() -> None:
    """Announce nothing. That is no fault of ours: Redis may lose any message, and all must come right without it."""
    replace(RedisAnnouncer, "announce", nothing)


def launches_nothing() -> None:
    """Lose what the API announces and whom it wakes. That is no fault of ours either."""
    replace(Intake, "launch", nothing)
