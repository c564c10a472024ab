"""The SQL on the audit log; nothing here commits, so that an action and its row are one transaction."""

import operator
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.audit.models import Action, Entry, Origin, audit_log
from app.audit.queries import AuditQuery
from app.partitions import ByMonth
from app.reads import Reader, Statement

BY_MONTH = ByMonth("audit_log", "at", bound=datetime.isoformat, time=datetime.fromisoformat)

_DELETE_OLD = """
    delete from {0} where id in (
        select id from {0} where at < now() - make_interval(days => :days) order by at limit :limit
    )
"""
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


async def find_page(reader: Reader, query: AuditQuery, *, below_id: int | None) -> list[Entry]:
    """Return the newest entries, or those whose id is below `below_id`, and one more than the query's limit."""
    statement = select(*_ENTRY).order_by(audit_log.c.id.desc()).limit(query.limit + 1)
    for compare, column, given in (
        (operator.eq, audit_log.c.action, query.action),
        (operator.eq, audit_log.c.actor_id, query.actor_id),
        (operator.eq, audit_log.c.subject_id, query.subject_id),
        (operator.ge, audit_log.c.at, query.after),
        (operator.lt, audit_log.c.at, query.before),
        (operator.lt, audit_log.c.id, UNSET if below_id is None else below_id),
    ):
        if given is not UNSET:
            statement = statement.where(compare(column, given))
    return [Entry(*row) for row in await reader.fetch(Statement(statement))]


async def delete_older_than(connection: AsyncConnection, age_days: int, limit: int) -> int:
    """Delete at most `limit` old entries that are in no month and return how many; a month goes as a whole."""
    deleted = 0
    for partition in BY_MONTH.without_month:
        values = {"days": age_days, "limit": limit - deleted}
        deleted += (await connection.execute(text(_DELETE_OLD.format(partition)), values)).rowcount
    return deleted
