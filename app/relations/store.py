"""The SQL on what tickets have to do with each other; nothing here commits."""

from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.comments.models import comments
from app.relations.models import ticket_links
from app.tickets.models import Ticket, tickets

_TICKET = [tickets.c[name] for name in Ticket.__struct_fields__]
_link = ticket_links.c


async def find_related(connection: AsyncConnection, ticket_id: UUID) -> list[Ticket]:
    """Return the live tickets that one is related to, by their numbers."""
    other_id = case((_link.low_id == ticket_id, _link.high_id), else_=_link.low_id)
    statement = (
        select(*_TICKET)
        .join(ticket_links, tickets.c.id == other_id)
        .where(_of(ticket_id), tickets.c.deleted_at.is_(None))
        .order_by(tickets.c.number)
    )
    return [Ticket(*row) for row in await connection.execute(statement)]


async def count(connection: AsyncConnection, ticket_id: UUID) -> int:
    return await connection.scalar(select(func.count()).where(_of(ticket_id))) or 0


async def link(connection: AsyncConnection, one_id: UUID, other_id: UUID) -> bool:
    """Relate two tickets; tell whether they were not related before."""
    low_id, high_id = sorted((one_id, other_id))
    statement = insert(ticket_links).values(low_id=low_id, high_id=high_id).on_conflict_do_nothing()
    return (await connection.execute(statement.returning(_link.low_id))).one_or_none() is not None


async def unlink(connection: AsyncConnection, one_id: UUID, other_id: UUID) -> bool:
    """Take a relation away; tell whether there was one."""
    low_id, high_id = sorted((one_id, other_id))
    statement = delete(ticket_links).where(_link.low_id == low_id, _link.high_id == high_id)
    return (await connection.execute(statement.returning(_link.low_id))).one_or_none() is not None


async def move_comments(connection: AsyncConnection, from_id: UUID, to_id: UUID, *, as_internal: bool) -> None:
    """Move the comments of a ticket to another one, with their authors and times."""
    moved = {"ticket_id": to_id} | ({"internal": True} if as_internal else {})
    await connection.execute(update(comments).where(comments.c.ticket_id == from_id).values(**moved))


def _of(ticket_id: UUID) -> ColumnElement[bool]:
    return or_(_link.low_id == ticket_id, _link.high_id == ticket_id)
