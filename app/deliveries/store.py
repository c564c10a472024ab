"""The SQL on deliveries, whomever they are for; nothing here commits."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Double, Integer, String, bindparam, case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import count_some
from app.deliveries.models import Attempt, Due, Outcome, deliveries, delivery_attempts
from app.events.models import events
from app.times import days

GIVEN_UP_DAYS: Final = 3
MOST_REPLAYED: Final = 10_000
MOST_ATTEMPTS: Final = 100

_ATTEMPT = [delivery_attempts.c[name] for name in Attempt.__struct_fields__]
_LOST = deliveries.c.status.in_(["failed", "skipped"])
_CONTENT = select(
    *(deliveries.c[name] for name in ("id", "user_id", "address", "topic", "page", "failures", "given_up_at")),
    *(events.c[name] for name in ("type", "at", "actor_id", "data")),
).join_from(deliveries, events)
_DUE = _CONTENT.where(deliveries.c.status == "pending", deliveries.c.next_at <= func.now())

_STATUS = bindparam("outcome", type_=String)
_RECORD = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("of"))
    .values(
        attempts=deliveries.c.attempts + bindparam("tried", type_=Integer),
        failures=deliveries.c.failures + case((_STATUS == "delivered", 0), (_STATUS == "skipped", 0), else_=1),
        status=_STATUS,
        reason=bindparam("why", type_=String),
        next_at=func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, bindparam("delay_seconds", type_=Double)),
        ended_at=case((_STATUS != "pending", func.clock_timestamp())),
    )
)

# What was tried last, if anything was.
LAST = (
    select(delivery_attempts.c.status_code, delivery_attempts.c.error)
    .where(delivery_attempts.c.delivery_id == deliveries.c.id)
    .order_by(delivery_attempts.c.at.desc())
    .limit(1)
    .lateral("last")
)

_AGAIN = {
    "status": "pending",
    "reason": None,
    "failures": 0,
    "next_at": func.clock_timestamp(),
    "given_up_at": func.now() + days(GIVEN_UP_DAYS),
    "ended_at": None,
}


async def claim(connection: AsyncConnection, whose: ColumnElement[bool], most: int) -> list[Due]:
    """Take some deliveries that are due, the longest waiting first; until the transaction ends, nobody else does."""
    statement = (
        _DUE.where(whose).order_by(deliveries.c.next_at).limit(most).with_for_update(of=deliveries, skip_locked=True)
    )
    return [Due(*row) for row in await connection.execute(statement)]


async def count_due(connection: AsyncConnection) -> int:
    """Return how many wait longer than they should; no more than COUNT_LIMIT + 1."""
    return await count_some(
        connection, deliveries, (deliveries.c.status == "pending") & (deliveries.c.next_at < func.now())
    )


async def record(connection: AsyncConnection, outcomes: Sequence[Outcome]) -> None:
    """Write down what came of deliveries that this transaction claimed."""
    tried = [
        {"delivery_id": each.delivery_id, **{name: getattr(attempt, name) for name in Attempt.__struct_fields__}}
        for each in outcomes
        for attempt in each.attempts
    ]
    if tried:
        await connection.execute(insert(delivery_attempts), tried)
    await connection.execute(_RECORD, [_ends(each) for each in outcomes])


async def due_of(connection: AsyncConnection, delivery_id: UUID) -> Due:
    """Return what is sent of a delivery that is there."""
    return Due(*(await connection.execute(_CONTENT.where(deliveries.c.id == delivery_id))).one())


async def attempts_of(connection: AsyncConnection, delivery_id: UUID) -> list[Attempt]:
    """Return what was tried, the last first."""
    statement = (
        select(*_ATTEMPT)
        .where(delivery_attempts.c.delivery_id == delivery_id)
        .order_by(delivery_attempts.c.at.desc())
        .limit(MOST_ATTEMPTS)
    )
    return [Attempt(*row) for row in await connection.execute(statement)]


async def replay(connection: AsyncConnection, delivery_id: UUID) -> None:
    """Have a delivery sent once more, at once; one that is being sent at this moment is left to that."""
    free = select(deliveries.c.id).where(deliveries.c.id == delivery_id).with_for_update(skip_locked=True)
    await connection.execute(update(deliveries).where(deliveries.c.id.in_(free)).values(**_AGAIN))


async def replay_lost(connection: AsyncConnection, whose: ColumnElement[bool]) -> int:
    """Have at most MOST_REPLAYED deliveries sent that were given up; return how many."""
    lost = select(deliveries.c.id).where(whose, _LOST).limit(MOST_REPLAYED)
    return (await connection.execute(update(deliveries).where(deliveries.c.id.in_(lost)).values(**_AGAIN))).rowcount


def _ends(outcome: Outcome) -> dict[str, object]:
    return {
        "of": outcome.delivery_id,
        "tried": len(outcome.attempts),
        "outcome": outcome.status,
        "why": outcome.reason,
        "delay_seconds": outcome.delay_seconds,
    }
