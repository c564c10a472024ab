"""The SQL on single tickets; nothing here commits. Bulk work has its own in app/jobs/operations/."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import count_some
from app.tickets.filters import TicketQuery, matching
from app.tickets.models import Place, Ticket, tickets

_TICKET = [tickets.c[name] for name in Ticket.__struct_fields__]
_PLACE = tuple_(tickets.c.created_at, tickets.c.id)
_LIVE = tickets.c.deleted_at.is_(None)


def visible(requester_id: UUID | None) -> ColumnElement[bool]:
    """Limit to live tickets, and to those of one requester if given."""
    return _LIVE if requester_id is None else _LIVE & (tickets.c.requester_id == requester_id)


async def find_page(
    connection: AsyncConnection, query: TicketQuery, *, requester_id: UUID | None, below: Place | None
) -> tuple[list[Ticket], int]:
    """Return a page, newest first, and one ticket more than its limit; and how many match in all, if not too many."""
    matches = matching(query, deleted=False)
    if requester_id is not None:
        matches &= tickets.c.requester_id == requester_id
    statement = select(*_TICKET).where(matches).order_by(tickets.c.created_at.desc(), tickets.c.id.desc())
    if below is not None:
        statement = statement.where(tuple_(*below) > _PLACE)
    rows = await connection.execute(statement.limit(query.limit + 1).offset(query.offset))
    return [Ticket(*row) for row in rows], await count_some(connection, tickets, matches)


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
