"""The SQL on events; nothing here commits, so that what happened and its event are one transaction."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.events.models import Event, events
from app.events.names import Name
from app.times import days


async def record(connection: AsyncConnection, name: Name, data: Any, *, actor_id: UUID | None) -> None:
    """Record what happened, for whoever is to be told; after the commit, `Outbox.wake` has it told at once.

    data: a struct or a mapping that JSON can hold, as receivers are to read it.
    """
    values = {"type": name, "data": msgspec.to_builtins(data), "actor_id": actor_id}
    await connection.execute(insert(events).values(**values))


async def take(connection: AsyncConnection, most: int) -> list[Event]:
    """Take some events that are not planned, the oldest first; until the transaction ends, nobody else does."""
    columns = (events.c[name] for name in Event.__struct_fields__)
    unplanned = select(*columns).where(events.c.planned_at.is_(None)).order_by(events.c.id).limit(most)
    return [Event(*row) for row in await connection.execute(unplanned.with_for_update(skip_locked=True))]


async def mark_planned(connection: AsyncConnection, event_ids: Sequence[UUID]) -> None:
    """Write down that it is settled who is to be told."""
    planned = {"planned_at": func.clock_timestamp()}
    await connection.execute(update(events).where(events.c.id.in_(event_ids)).values(**planned))


async def delete_older_than(connection: AsyncConnection, age_days: int, limit: int) -> int:
    """Delete at most `limit` events that are planned, the oldest first, and return how many; ids tell their age."""
    is_old = events.c.id < func.uuidv7(-days(age_days))
    old = select(events.c.id).where(is_old, events.c.planned_at.is_not(None)).order_by(events.c.id).limit(limit)
    return (await connection.execute(delete(events).where(events.c.id.in_(old)))).rowcount
