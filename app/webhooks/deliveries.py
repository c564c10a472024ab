"""The SQL on deliveries; nothing here commits."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import (
    Double,
    Integer,
    String,
    Uuid,
    bindparam,
    case,
    func,
    insert,
    select,
    text,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import count_some
from app.events.models import events
from app.times import days
from app.webhooks.models import Attempt, Delivery, Due, Outcome, deliveries, delivery_attempts
from app.webhooks.queries import DeliveryQuery

GIVEN_UP_DAYS: Final = 3
PAGE_SIZE: Final = 1000  # items
MOST_REPLAYED: Final = 10_000
MOST_ATTEMPTS: Final = 100
ITEMS: Final = "job.items"  # what the further pages of a job's end are called

_ATTEMPT = [delivery_attempts.c[name] for name in Attempt.__struct_fields__]
_LOST = deliveries.c.status.in_(["failed", "skipped"])
_CONTENT = select(
    *(deliveries.c[name] for name in ("id", "page", "failures", "given_up_at")),
    *(events.c[name] for name in ("type", "at", "actor_id", "data")),
).join_from(deliveries, events)
_DUE = _CONTENT.where(deliveries.c.status == "pending")

# An event's own delivery is page 0; where a webhook wants a job's items, these are pages of their own.
_PLAN = text("""
    with taken as materialized (
        select id, type, data from events where planned_at is null order by id limit :most for update skip locked
    ),
    made as (
        insert into deliveries (event_id, webhook_id, page)
        select taken.id, webhooks.id, page
        from taken join webhooks on taken.type = any(webhooks.events) and webhooks.disabled_at is null,
        lateral generate_series(0, case
            when webhooks.items and taken.type like 'job.%'
            then (coalesce(cast(taken.data ->> 'total' as integer), 0) + :page_size - 1) / :page_size
            else 0
        end) as page
    ),
    planned as (
        update events set planned_at = clock_timestamp() from taken where events.id = taken.id
    )
    select count(*) from taken
""").bindparams(bindparam("most", type_=Integer), bindparam("page_size", PAGE_SIZE, type_=Integer))

_PING = text("""
    with event as (
        insert into events (type, data, actor_id, planned_at)
        values ('webhook.ping', jsonb_build_object('webhookId', :webhook_id), :actor_id, clock_timestamp())
        returning id
    )
    insert into deliveries (event_id, webhook_id) select id, :webhook_id from event returning id
""").bindparams(bindparam("webhook_id", type_=Uuid), bindparam("actor_id", type_=Uuid))

# One that is being sent at this moment is left for the next time.
_SKIP = text("""
    with ended as (
        select deliveries.id from deliveries
        left join webhooks on webhooks.id = webhook_id and disabled_at is null
        where status = 'pending' and webhooks.id is null
        limit :most for update of deliveries skip locked
    )
    update deliveries set status = 'skipped', ended_at = clock_timestamp() from ended where deliveries.id = ended.id
""").bindparams(bindparam("most", type_=Integer))

_STATUS = bindparam("outcome", type_=String)
_RECORD = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("of"))
    .values(
        attempts=deliveries.c.attempts + 1,
        failures=deliveries.c.failures + case((_STATUS == "delivered", 0), else_=1),
        status=_STATUS,
        next_at=func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, bindparam("delay_seconds", type_=Double)),
        ended_at=case((_STATUS != "pending", func.clock_timestamp())),
    )
)

# What was tried last, if anything was.
_LAST = (
    select(delivery_attempts.c.status_code, delivery_attempts.c.error)
    .where(delivery_attempts.c.delivery_id == deliveries.c.id)
    .order_by(delivery_attempts.c.at.desc())
    .limit(1)
    .lateral("last")
)
_TYPE = case((deliveries.c.page > 0, ITEMS), else_=events.c.type).label("type")
_COLUMNS = {**deliveries.c, "type": _TYPE, "status_code": _LAST.c.status_code, "error": _LAST.c.error}
_FOUND = (
    select(*(_COLUMNS[name] for name in Delivery.__struct_fields__))
    .join_from(deliveries, events)
    .outerjoin(_LAST, true())
)

_AGAIN = {
    "status": "pending",
    "failures": 0,
    "next_at": func.clock_timestamp(),
    "given_up_at": func.now() + days(GIVEN_UP_DAYS),
    "ended_at": None,
}


async def plan(connection: AsyncConnection, most: int) -> int:
    """Make the deliveries of at most so many events, the oldest first; return how many events there were."""
    return await connection.scalar(_PLAN, {"most": most}) or 0


async def skip_ended(connection: AsyncConnection, limit: int) -> int:
    """Set at most `limit` pending deliveries skipped whose webhooks are disabled or gone; return how many."""
    return (await connection.execute(_SKIP, {"most": limit})).rowcount


async def claim(connection: AsyncConnection, webhook_id: UUID, most: int) -> list[Due]:
    """Take some deliveries that are due, the longest waiting first; until the transaction ends, nobody else does."""
    statement = (
        _DUE.where(deliveries.c.webhook_id == webhook_id, deliveries.c.next_at <= func.now())
        .order_by(deliveries.c.next_at)
        .limit(most)
        .with_for_update(of=deliveries, skip_locked=True)
    )
    return [Due(*row) for row in await connection.execute(statement)]


async def count_due(connection: AsyncConnection) -> int:
    """Return how many wait longer than they should; no more than COUNT_LIMIT + 1."""
    return await count_some(
        connection, deliveries, (deliveries.c.status == "pending") & (deliveries.c.next_at < func.now())
    )


async def record(connection: AsyncConnection, outcomes: Sequence[Outcome]) -> None:
    """Write down what came of deliveries that this transaction claimed."""
    attempts = [
        {"delivery_id": each.delivery_id, **{name: getattr(each.attempt, name) for name in Attempt.__struct_fields__}}
        for each in outcomes
    ]
    await connection.execute(insert(delivery_attempts), attempts)
    ends = [{"of": each.delivery_id, "outcome": each.status, "delay_seconds": each.delay_seconds} for each in outcomes]
    await connection.execute(_RECORD, ends)


async def find_page(
    connection: AsyncConnection, webhook_id: UUID, query: DeliveryQuery, *, below_id: UUID | None
) -> list[Delivery]:
    """Return the newest deliveries of a webhook, and one more than the query's limit."""
    statement = _FOUND.where(deliveries.c.webhook_id == webhook_id).order_by(deliveries.c.id.desc())
    if query.status is not UNSET:
        statement = statement.where(deliveries.c.status == query.status)
    if below_id is not None:
        statement = statement.where(deliveries.c.id < below_id)
    return [Delivery(*row) for row in await connection.execute(statement.limit(query.limit + 1))]


async def find(connection: AsyncConnection, delivery_id: UUID) -> Delivery | None:
    row = (await connection.execute(_FOUND.where(deliveries.c.id == delivery_id))).one_or_none()
    return Delivery(*row) if row else None


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


async def ping(connection: AsyncConnection, webhook_id: UUID, actor_id: UUID) -> UUID:
    """Make a delivery that says nothing, for one webhook; return its id."""
    made: UUID = (await connection.execute(_PING, {"webhook_id": webhook_id, "actor_id": actor_id})).scalar_one()
    return made


async def replay(connection: AsyncConnection, delivery_id: UUID) -> None:
    """Have a delivery sent once more, at once; one that is being sent at this moment is left to that."""
    free = select(deliveries.c.id).where(deliveries.c.id == delivery_id).with_for_update(skip_locked=True)
    await connection.execute(update(deliveries).where(deliveries.c.id.in_(free)).values(**_AGAIN))


async def replay_lost(connection: AsyncConnection, webhook_id: UUID) -> int:
    """Have at most MOST_REPLAYED of a webhook's deliveries sent that were given up; return how many."""
    lost = select(deliveries.c.id).where(deliveries.c.webhook_id == webhook_id, _LOST).limit(MOST_REPLAYED)
    return (await connection.execute(update(deliveries).where(deliveries.c.id.in_(lost)).values(**_AGAIN))).rowcount
