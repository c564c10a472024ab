"""The SQL on events; nothing here commits, so that what happened and its event are one transaction."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.events.models import events
from app.events.names import Name
from app.times import days


async def record(connection: AsyncConnection, name: Name, data: Any, *, actor_id: UUID | None) -> None:
    """Record what happened, for whoever is to be told; after the commit, `Outbox.wake` has it told at once.

    data: a struct or a mapping that JSON can hold, as receivers are to read it.
    """
    values = {"type": name, "data": msgspec.to_builtins(data), "actor_id": actor_id}
    await connection.execute(insert(events).values(**values))


async def delete_older_than(connection: AsyncConnection, age_days: int, limit: int) -> int:
    """Delete at most `limit` events that are planned, the oldest first, and return how many; ids tell their age."""
    is_old = events.c.id < func.uuidv7(-days(age_days))
    old = select(events.c.id).where(is_old, events.c.planned_at.is_not(None)).order_by(events.c.id).limit(limit)
    return (await connection.execute(delete(events).where(events.c.id.in_(old)))).rowcount
