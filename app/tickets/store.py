"""The SQL on single tickets; nothing here commits. Bulk work has its own in app/jobs/operations/."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.tickets.filters import TicketFilter, matching
from app.tickets.models import Ticket, tickets

_TICKET = [tickets.c[name] for name in Ticket.__struct_fields__]
_LIVE = tickets.c.deleted_at.is_(None)


def visible(requester_id: UUID | None) -> ColumnElement[bool]:
    """Limit to live tickets, and to those of one requester if given."""
    return _LIVE if requester_id is None else _LIVE & (tickets.c.requester_id == requester_id)


async def page(
    connection: AsyncConnection,
    *,
    requester_id: UUID | None,
    wanted: TicketFilter,
    limit: int,
    offset: int,
) -> tuple[list[Ticket], int]:
    """Return one page, newest first, and how many tickets match in all."""
    matches = matching(wanted, deleted=False)
    if requester_id is not None:
        matches &= tickets.c.requester_id == requester_id
    rows = await connection.execute(
        select(*_TICKET)
        .where(matches)
        .order_by(tickets.c.created_at.desc(), tickets.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    found = [Ticket(*row) for row in rows]
    total = await connection.scalar(select(func.count()).select_from(tickets).where(matches))
    return found, total or 0


async def find(connection: AsyncConnection, ticket_id: UUID, requester_id: UUID | None) -> Ticket | None:
    statement = select(*_TICKET).where(tickets.c.id == ticket_id, visible(requester_id))
    row = (await connection.execute(statement)).one_or_none()
    return Ticket(*row) if row else None


async def add(connection: AsyncConnection, values: Mapping[str, Any]) -> Ticket:
    row = (await connection.execute(insert(tickets).values(**values).returning(*_TICKET))).one()
    return Ticket(*row)


async def change(
    connection: AsyncConnection,
    ticket_id: UUID,
    values: Mapping[str, Any],
    *,
    requester_id: UUID | None = None,
    versions: frozenset[int] | None = None,
) -> Ticket | None:
    """Write `values` and count the version up; None when no visible ticket has this id and one of `versions`."""
    wanted = visible(requester_id) & (tickets.c.id == ticket_id)
    if versions is not None:
        wanted &= tickets.c.version.in_(versions) if versions else false()
    statement = (
        update(tickets)
        .where(wanted)
        .values(version=tickets.c.version + 1, updated_at=func.clock_timestamp(), **values)
        .returning(*_TICKET)
    )
    row = (await connection.execute(statement)).one_or_none()
    return Ticket(*row) if row else None
