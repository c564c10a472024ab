"""What workers do every so often beside their jobs. A new duty is a line in the table."""

from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from msgspec import Struct
from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app import partitions, tasks
from app.accounts import resets
from app.approvals import store as approvals
from app.audit import store as audit
from app.events import store as events
from app.imports import store as imports
from app.jobs import idempotency, retention
from app.partitions import ByMonth
from app.sessions import store as sessions
from app.settings import Settings
from app.webhooks import deliveries

EVERY_SECONDS = 2.0
EVERY_MINUTE = 60.0
EVENT_DAYS = 30  # and what was sent of them
# How many go at once, at most.
KEYS, SESSIONS, RESETS, LINKS, AUDIT_ROWS, EVENTS, SKIPPED = 1000, 1000, 1000, 1000, 1000, 1000, 1000

_IS_MINE = text("select pg_try_advisory_xact_lock(hashtextextended('bulkhead duty ' || :name, 0))").bindparams(
    bindparam("name")
)


class Duty(Struct, frozen=True):
    """Something to do every so often, by one worker at a time.

    `do` does a little in the transaction that it is given, and returns how much it found to do.
    """

    name: str
    every_seconds: float
    do: Callable[[AsyncConnection], Awaitable[int]]


def table(settings: Settings) -> list[Duty]:
    kept_days = settings.job_retention_days
    return [
        Duty("delete_expired_keys", EVERY_SECONDS, partial(idempotency.delete_expired, limit=KEYS)),
        Duty("delete_expired_sessions", EVERY_SECONDS, partial(sessions.delete_expired, limit=SESSIONS)),
        Duty("delete_expired_resets", EVERY_SECONDS, partial(resets.delete_expired, limit=RESETS)),
        Duty("delete_old_approval_links", EVERY_SECONDS, partial(approvals.delete_old, limit=LINKS)),
        Duty("purge_old_jobs", EVERY_SECONDS, partial(retention.purge, age_days=kept_days)),
        Duty("purge_imports", EVERY_SECONDS, imports.purge),
        Duty("purge_audit_log", EVERY_SECONDS, partial(audit.delete_older_than, age_days=kept_days, limit=AUDIT_ROWS)),
        Duty("purge_events", EVERY_SECONDS, partial(events.delete_older_than, age_days=EVENT_DAYS, limit=EVENTS)),
        Duty("skip_deliveries", EVERY_SECONDS, partial(deliveries.skip_ended, limit=SKIPPED)),
        *(_months(kept, kept_days) for kept in (retention.BY_MONTH, audit.BY_MONTH)),
    ]


def _months(months: ByMonth, age_days: int) -> Duty:
    attend = partial(partitions.attend, months=months, age_days=age_days)
    return Duty(f"attend_to_months_of_{months.table}", EVERY_MINUTE, attend)


async def attend_to(duty: Duty, engine: AsyncEngine) -> None:
    """Do a duty every so often until canceled; a round that fails is logged, and the next one comes all the same."""
    structlog.contextvars.bind_contextvars(duty=duty.name)

    async def step() -> None:
        await catch_up(duty, engine)

    await tasks.repeat(step, duty.every_seconds)


async def catch_up(duty: Duty, engine: AsyncEngine) -> None:
    """Do a duty again and again until nothing is left to do, or another worker is at it."""
    while await _do(duty, engine):
        pass


async def _do(duty: Duty, engine: AsyncEngine) -> int:
    async with engine.begin() as connection:
        is_mine = await connection.scalar(_IS_MINE, {"name": duty.name})
        return await duty.do(connection) if is_mine else 0
