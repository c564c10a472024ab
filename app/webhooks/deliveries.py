"""The SQL on what webhooks are sent; nothing here commits."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import ARRAY, ColumnElement, Integer, Uuid, bindparam, case, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection

from app.deliveries.models import deliveries
from app.deliveries.queries import DeliveryQuery
from app.deliveries.store import LAST
from app.events.models import events
from app.webhooks.models import Delivery

PAGE_SIZE: Final = 1000  # items
ITEMS: Final = "job.items"  # what the further pages of a job's end are called

# An event's own delivery is page 0; where a webhook wants a job's items, these are pages of their own.
_PLAN = text("""
    insert into deliveries (event_id, webhook_id, page)
    select events.id, webhooks.id, page
    from events join webhooks on events.type = any(webhooks.events) and webhooks.disabled_at is null,
    lateral generate_series(0, case
        when webhooks.items and events.type like 'job.%'
        then (coalesce(cast(events.data ->> 'total' as integer), 0) + :page_size - 1) / :page_size
        else 0
    end) as page
    where events.id = any(:event_ids)
""").bindparams(bindparam("event_ids", type_=ARRAY(Uuid)), bindparam("page_size", PAGE_SIZE, type_=Integer))

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
        where status = 'pending' and webhook_id is not null and webhooks.id is null
        limit :most for update of deliveries skip locked
    )
    update deliveries set status = 'skipped', ended_at = clock_timestamp() from ended where deliveries.id = ended.id
""").bindparams(bindparam("most", type_=Integer))

_TYPE = case((deliveries.c.page > 0, ITEMS), else_=events.c.type).label("type")
_COLUMNS = {**deliveries.c, "type": _TYPE, "status_code": LAST.c.status_code, "error": LAST.c.error}
_FOUND = (
    select(*(_COLUMNS[name] for name in Delivery.__struct_fields__))
    .join_from(deliveries, events)
    .outerjoin(LAST, true())
)


def of(webhook_id: UUID) -> ColumnElement[bool]:
    """Return the condition under which a delivery is a webhook's."""
    return deliveries.c.webhook_id == webhook_id


async def plan(connection: AsyncConnection, event_ids: Sequence[UUID]) -> None:
    """Make the deliveries of events to all webhooks that want them."""
    await connection.execute(_PLAN, {"event_ids": event_ids})


async def skip_ended(connection: AsyncConnection, limit: int) -> int:
    """Set at most `limit` pending deliveries skipped whose webhooks are disabled or gone; return how many."""
    return (await connection.execute(_SKIP, {"most": limit})).rowcount


async def find_page(
    connection: AsyncConnection, webhook_id: UUID, query: DeliveryQuery, *, below_id: UUID | None
) -> list[Delivery]:
    """Return the newest deliveries of a webhook, and one more than the query's limit."""
    statement = _FOUND.where(of(webhook_id)).order_by(deliveries.c.id.desc())
    if query.status is not UNSET:
        statement = statement.where(deliveries.c.status == query.status)
    if below_id is not None:
        statement = statement.where(deliveries.c.id < below_id)
    return [Delivery(*row) for row in await connection.execute(statement.limit(query.limit + 1))]


async def find(connection: AsyncConnection, delivery_id: UUID) -> Delivery | None:
    of_a_webhook = _FOUND.where(deliveries.c.id == delivery_id, deliveries.c.webhook_id.is_not(None))
    row = (await connection.execute(of_a_webhook)).one_or_none()
    return Delivery(*row) if row else None


async def ping(connection: AsyncConnection, webhook_id: UUID, actor_id: UUID) -> UUID:
    """Make a delivery that says nothing, for one webhook; return its id."""
    made: UUID = (await connection.execute(_PING, {"webhook_id": webhook_id, "actor_id": actor_id})).scalar_one()
    return made
