"""Bulkhead done wrong, in ways that a plausible change could bring about: each must be caught by the judge."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from msgspec import structs
from sqlalchemy import case, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app import database, outages
from app.accounts.errors import TooManyAttempts
from app.accounts.limiter import LoginLimiter
from app.jobs import chunks, events, idempotency, store
from app.jobs.announcer import RedisAnnouncer
from app.jobs.feed import Feed
from app.jobs.intake import Intake
from app.jobs.models import Chunk, Counts, Job, jobs
from app.jobs.operations.operation import Operation
from app.jobs.service import require
from app.jobs.status import Status
from app.tickets import store as tickets
from app.tickets.models import Ticket
from app.tickets.models import tickets as ticket_table
from worker.lane import Apply, Lanes
from worker.sweeper import Sweeper

CREATE = "create_async_engine"
LONG_SECONDS = 0.03  # a gap that a random moment meets


def _replace(owner: Any, name: str, by: Any) -> None:
    setattr(owner, name, by)


async def _nothing(*_: Any, **__: Any) -> None:
    """Leave something out."""


def counts_outside_the_transaction() -> None:
    """Commit what was done, and count it afterwards."""

    async def transact(_: Lanes, engine: AsyncEngine, job: Job, operation: Operation, apply: Apply) -> Job | None:
        async with engine.begin() as connection:
            chunk = await chunks.claim(connection, job.id, 1)
            if chunk is None:
                return None
            counts = await apply(connection, operation, job, chunk)
        await asyncio.sleep(LONG_SECONDS)
        async with engine.begin() as connection:
            return await store.count(connection, job, counts)

    _replace(Lanes, "_transact_chunk", transact)


def commits_the_claim() -> None:
    """Mark a chunk done in a transaction of its own, before it is."""
    claim = chunks.claim

    async def transact(_: Lanes, engine: AsyncEngine, job: Job, operation: Operation, apply: Apply) -> Job | None:
        async with engine.begin() as connection:
            chunk = await claim(connection, job.id, 1)
        if chunk is None:
            return None
        async with engine.begin() as connection:
            return await store.count(connection, job, await apply(connection, operation, job, chunk))

    _replace(Lanes, "_transact_chunk", transact)


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

    _replace(Lanes, "_transact_chunk", tell_and_transact)


def forgets_the_tail() -> None:
    """Never look again whether a job has work that no lane is at."""
    _replace(Sweeper, "sweep", _nothing)


def skips_the_resync() -> None:
    """Trust Redis to deliver every event."""
    _replace(Feed, "resync", _nothing)


def ignores_a_stop() -> None:
    """Count on after a job was canceled or paused."""
    move = store._move

    async def move_on(connection: Any, job_id: Any, froms: Any, *conditions: Any, **values: Any) -> Job | None:
        if "succeeded" not in values:
            return await move(connection, job_id, froms, *conditions, **values)
        await asyncio.sleep(LONG_SECONDS)
        values["status"] = case((jobs.c.status == Status.RUNNING, values["status"]), else_=jobs.c.status)
        return await move(connection, job_id, list(Status), *conditions, **values)

    _replace(store, "_move", move_on)


def claims_what_others_have() -> None:
    """Take a chunk without a lock, and mark it later."""

    async def claim(connection: AsyncConnection, job_id: UUID, lanes: int) -> Chunk | None:
        statement = text("""
            select first_position, ticket_ids, source_first, source_last from job_chunks
            where job_id = :job_id and state = 'pending' order by no limit 1
        """)
        row = (await connection.execute(statement, {"job_id": job_id})).one_or_none()
        return Chunk(*row) if row is not None else None

    _replace(chunks, "claim", claim)


def writes_what_it_read() -> None:
    """Let people's edits count on from the version that was read, as mappers of objects do."""

    async def change(
        connection: AsyncConnection, ticket_id: UUID, values: Mapping[str, Any], **_: Any
    ) -> Ticket | None:
        ticket = await tickets.find(connection, ticket_id, None)
        if ticket is None:
            return None
        await asyncio.sleep(LONG_SECONDS)
        edited = structs.replace(ticket, version=ticket.version + 1, **values)
        statement = update(ticket_table).where(ticket_table.c.id == ticket_id)
        await connection.execute(statement.values(version=edited.version, **values))
        return edited

    _replace(tickets, "change", change)


def forgets_the_key() -> None:
    """Take each request for the first with its key."""

    async def claim(*_: Any) -> tuple[UUID, None]:
        return uuid4(), None

    _replace(idempotency, "claim", claim)


def tells_of_the_living_only() -> None:
    """Leave out jobs that ended lately, which a client that was away has not heard of."""
    _replace(store, "LATELY", text("interval '0'"))


def takes_an_outage_for_a_bug() -> None:
    """Let nothing be an outage."""
    outages.is_unavailable.__code__ = (lambda _: False).__code__


def locks_the_door_without_redis() -> None:
    """Let nobody log in while attempts cannot be counted."""

    async def count(*_: Any) -> None:
        raise TooManyAttempts(1)

    _replace(LoginLimiter, "count", count)


def waits_for_ever() -> None:
    """Let statements, and waiting for locks, take as long as they like."""
    create_engine = database.create_engine

    def create_patient(*arguments: Any, statement_seconds: float, **options: Any) -> AsyncEngine:
        return create_engine(*arguments, **options)

    _replace(database, "create_engine", create_patient)


def keeps_its_transaction() -> None:
    """Let a process that stands still hold on to what it has locked."""
    create_async_engine = getattr(database, CREATE)

    def create(*arguments: Any, connect_args: dict[str, Any], **options: Any) -> AsyncEngine:
        for timeout in ("idle_in_transaction_session_timeout", "transaction_timeout"):
            connect_args["server_settings"].pop(timeout)
        engine: AsyncEngine = create_async_engine(*arguments, connect_args=connect_args, **options)
        return engine

    _replace(database, CREATE, create)


def is_mute() -> None:
    """Announce nothing. That is no fault of ours: Redis may lose any message, and all must come right without it."""
    _replace(RedisAnnouncer, "announce", _nothing)


def launches_nothing() -> None:
    """Lose what the API announces and whom it wakes. That is no fault of ours either."""
    _replace(Intake, "launch", _nothing)


VARIANTS: Final[dict[str, Callable[[], None]]] = {
    variant.__name__: variant
    for variant in (
        counts_outside_the_transaction,
        commits_the_claim,
        announces_before_the_commit,
        forgets_the_tail,
        skips_the_resync,
        ignores_a_stop,
        claims_what_others_have,
        writes_what_it_read,
        forgets_the_key,
        tells_of_the_living_only,
        takes_an_outage_for_a_bug,
        locks_the_door_without_redis,
        waits_for_ever,
        keeps_its_transaction,
        is_mute,
        launches_nothing,
    )
}
