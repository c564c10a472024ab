"""What a letter has to know when it is written; nothing here commits."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, literal, null, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import users
from app.deliveries.models import Due
from app.tickets.models import tickets

_actors = users.alias("actors")
_OF_USER = (users.c.email, users.c.phone, users.c.active, users.c.role == "requester")
_OF_EVENT = (_actors.c.username, tickets.c.number, tickets.c.title)
_NOBODY = select(literal(1)).subquery()


class Facts(NamedTuple):
    email: str
    phone: str | None
    is_active: bool
    is_requester: bool
    actor: str | None
    number: int | None  # null for a ticket that is gone, or that this person may not see any more
    title: str | None


async def facts(connection: AsyncConnection, due: Due, ticket_id: UUID | None) -> Facts | None:
    """Return what there is to know of whom a letter is for; None for a user who is not there any more."""
    is_there = and_(tickets.c.id == ticket_id, tickets.c.deleted_at.is_(None))
    if due.address is None:
        found = select(*_OF_USER, *_OF_EVENT).select_from(users).where(users.c.id == due.user_id)
        is_there = and_(is_there, _may_see())
    else:
        of_address = (literal(due.address), null(), true(), false())
        found = select(*of_address, *_OF_EVENT).select_from(_NOBODY)
    row = (
        await connection.execute(found.outerjoin(_actors, _actors.c.id == due.actor_id).outerjoin(tickets, is_there))
    ).one_or_none()
    return Facts(*row) if row else None


def _may_see() -> ColumnElement[bool]:
    return or_(users.c.role != "requester", tickets.c.requester_id == users.c.id)
