"""What receivers of events are told of tickets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from app.events import store as outbox
from app.events.names import Name
from app.tickets.models import Priority, Ticket
from app.tickets.status import Status

# What is told beside, when a ticket comes to a status.
_ARRIVALS: Final[dict[Status, Name]] = {
    "pending_approval": "ticket.approval_requested",
    "approved": "ticket.approved",
    "rejected": "ticket.rejected",
    "fulfilled": "ticket.fulfilled",
}


class TicketRecord(msgspec.Struct, frozen=True, rename="camel"):
    """A ticket without its description, which is long, and which few want with each change."""

    id: UUID
    number: int
    type: str
    fields: dict[str, Any]
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


async def record(
    connection: AsyncConnection,
    name: Name,
    ticket: Ticket,
    *,
    actor_id: UUID,
    changes: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Record what happened to a ticket, with the ticket as it is then; and what it has come to, if it has.

    changes: what was changed, with what it was before; None for a ticket that is new.
    reason: why someone decided so on a request.
    """
    told: dict[str, Any] = {"ticket": msgspec.convert(ticket, TicketRecord, from_attributes=True)}
    if changes is not None:
        told["changes"] = changes
    if reason is not None:
        told["reason"] = reason
    await outbox.record(connection, name, told, actor_id=actor_id)
    if ticket.status in _ARRIVALS and _has_arrived(ticket.status, changes):
        await outbox.record(connection, _ARRIVALS[ticket.status], told, actor_id=actor_id)


def _has_arrived(status: Status, changes: Mapping[str, Any] | None) -> bool:
    """Whether a ticket came to its status with this; and whether a request is another one's to decide on now."""
    return changes is None or "status" in changes or (status == "pending_approval" and "assigneeId" in changes)
