"""The SQL on the audit log; nothing here commits, so that an action and its row are one transaction."""

import operator
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.audit.models import Action, Entry, Origin, Wanted, audit_log
from app.times import days

_ENTRY = [audit_log.c[name] for name in Entry.__struct_fields__]


async def record(
    connection: AsyncConnection,
    action: Action,
    origin: Origin,
    *,
    actor_id: UUID | None,
    subject_id: UUID | None,
    items: int | None = None,
    reason: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    values = {
        "action": action,
        "actor_id": actor_id,
        "subject_id": subject_id,
        "items": items,
        "reason": reason,
        "request_id": origin.request_id,
        "address": origin.address,
        "details": details or {},
    }
    await connection.execute(insert(audit_log).values(**values))


async def page(connection: AsyncConnection, wanted: Wanted, *, below_id: int | None, limit: int) -> list[Entry]:
    """Return entries, newest first, from the first one whose id is below `below_id`."""
    statement = select(*_ENTRY).order_by(audit_log.c.id.desc()).limit(limit)
    for compare, column, given in (
        (operator.eq, audit_log.c.action, wanted.action),
        (operator.eq, audit_log.c.actor_id, wanted.actor_id),
        (operator.eq, audit_log.c.subject_id, wanted.subject_id),
        (operator.ge, audit_log.c.at, wanted.after),
        (operator.lt, audit_log.c.at, wanted.before),
        (operator.lt, audit_log.c.id, below_id),
    ):
        if given is not None:
            statement = statement.where(compare(column, given))
    return [Entry(*row) for row in await connection.execute(statement)]


async def delete_older_than(connection: AsyncConnection, age_days: int, limit: int) -> int:
    """Delete at most `limit` entries and return how many: the retention, and the only way that one ever goes."""
    old = (
        select(audit_log.c.id).where(audit_log.c.at < func.now() - days(age_days)).order_by(audit_log.c.at).limit(limit)
    )
    return (await connection.execute(delete(audit_log).where(audit_log.c.id.in_(old)))).rowcount
