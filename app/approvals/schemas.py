from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from app.accounts.models import Person
from app.approvals.models import Asked
from app.text import PLAIN_TEXT
from app.tickets.status import Status
from app.tickets.types import fields as ticket_fields
from app.tickets.types.registry import TYPES

Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=PLAIN_TEXT, description="Whoever asked reads it")]


class RejectRequest(Struct, frozen=True, forbid_unknown_fields=True):
    reason: Reason


class ApproverList(Struct, frozen=True):
    """Those who can be asked to approve, in order of their names; of many, the first hundred."""

    approvers: list[Person]


class AskedResponse(Struct, frozen=True, rename="camel"):
    """A request, as far as one must know it to decide."""

    ticket_id: UUID
    number: int
    type: str
    title: str
    description: str
    fields: dict[str, Any]
    status: Status
    requester: Person
    created_at: datetime
    expires_at: Annotated[datetime, Meta(description="Until when the link can be used")]

    @classmethod
    def of(cls, asked: Asked) -> "AskedResponse":
        ticket, requester = asked.ticket, Person(asked.requester.id, asked.requester.username)
        fields = ticket_fields.in_order(TYPES[ticket.type], ticket.fields)
        return cls(
            *(ticket.id, ticket.number, ticket.type, ticket.title, ticket.description, fields, ticket.status),
            requester=requester,
            created_at=ticket.created_at,
            expires_at=asked.expires_at,
        )
