from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from sqlalchemy import TIMESTAMP, Column, ForeignKey, LargeBinary, Table, Uuid

from app.accounts.models import User
from app.database import metadata
from app.tickets.models import Ticket

Decision = Literal["approved", "rejected"]
Verb = Literal["approve", "reject"]

# What links to decide with have in them, of which only a hash is known; each message that is sent has one of its own.
# No foreign key to tickets: each ticket that is purged would be looked for in it. A link to none leads nowhere.
approval_tokens = Table(
    "approval_tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("ticket_id", Uuid, nullable=False),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),  # who decides with it
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False, index=True),
)


class Link(msgspec.Struct, frozen=True):
    """What someone decides on one ticket with, without a login, until it expires."""

    token: str
    expires_at: datetime


class Linked(msgspec.Struct, frozen=True):
    """What a link is for."""

    ticket_id: UUID
    user_id: UUID
    expires_at: datetime
    has_expired: bool


class Asked(msgspec.Struct, frozen=True):
    """A request, for whoever is to decide on it."""

    ticket: Ticket
    requester: User
    expires_at: datetime
