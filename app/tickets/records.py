"""What receivers of events are told of tickets."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from app.events import store as outbox
from app.events.names import Name
from app.tickets.models import Priority, Ticket
from app.tickets.status import Status


class TicketRecord(msgspec.Struct, frozen=True, rename="camel"):
    """A ticket without its description, which is long, and which few want with each change."""

    id: UUID
    number: int
    title: str
    status: Status
    priority: Priority
    tags: list[str]
    requester_id: UUID
    assignee_id: UUID | None
    contact_id: UUID | None
    external_id: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    due_at: datetime | None


async def record(connection: AsyncConnection, name: Name, ticket: Ticket, *, actor_id: UUID, **more: Any) -> None:
    """Record what happened to a ticket, with the ticket as it is then."""
    told = msgspec.convert(ticket, TicketRecord, from_attributes=True)
    await outbox.record(connection, name, {"ticket": told, **more}, actor_id=actor_id)
