"""The contract with socket clients on tickets: the events' names and payloads, and who may hear them.

A payload says that something has become of a ticket, and a client reads again what it shows of it; so nobody is told
what an answer would not tell them. Nothing is replayed to who was away: a client that connects reads everything again.
"""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from app.accounts.models import Person, User
from app.tickets.models import Head, Ticket

CHANNEL: Final = "bulkhead:tickets"  # the Redis channel between the API processes
STAFF_ROOM: Final = "staff"

CHANGED: Final = (
    "tickets:changed"  # to staff, once a second at most: many have changed at once, and are not told one by one
)
VIEWERS: Final = "tickets:viewers"
TYPING: Final = "tickets:typing"

Name = Literal["tickets:created", "tickets:updated", "tickets:deleted", "tickets:commented", "tickets:breached"]
CommentChange = Literal["added", "edited", "removed"]


class Payload(msgspec.Struct, frozen=True, rename="camel"):
    """What to read again. Of two payloads of one ticket the one with the higher `version` is newer.

    Comments and deadlines do not count the version up. `by` is null where only the new version is known, as after a
    bulk job, and where it was time.
    """

    ticket_id: UUID
    number: int
    version: int
    at: datetime
    by: Person | None
    comment_id: UUID | UnsetType = UNSET
    comment: CommentChange | UnsetType = UNSET


class Event(msgspec.Struct, frozen=True, tag="event"):
    name: Name
    requester_id: UUID
    internal: bool
    payload: Payload

    @property
    def rooms(self) -> list[str]:
        return [STAFF_ROOM] if self.internal else [STAFF_ROOM, requester_room(self.requester_id)]


class ManyChanged(msgspec.Struct, frozen=True, tag="many_changed"):
    """So many tickets have changed at once that they are not told one by one."""


class Typing(msgspec.Struct, frozen=True, tag="typing"):
    """Someone writes an answer or a note at this moment."""

    ticket_id: UUID
    user: Person


class Viewing(msgspec.Struct, frozen=True, tag="viewing"):
    """Who has which tickets open in one API process, all that there is of it."""

    process: UUID
    viewers: dict[UUID, frozenset[Person]]


Message = Event | ManyChanged | Typing | Viewing


class TypingPayload(msgspec.Struct, frozen=True, rename="camel"):
    ticket_id: UUID
    user: Person


class ViewersPayload(msgspec.Struct, frozen=True, rename="camel"):
    ticket_id: UUID
    users: list[Person]


class ChangedPayload(msgspec.Struct, frozen=True):
    at: datetime


def of(name: Name, ticket: Head | Ticket, *, at: datetime, by: User | None) -> Event:
    return Event(name, ticket.requester_id, internal=False, payload=_payload(ticket, at, by))


def commented(
    ticket: Head, comment_id: UUID, comment: CommentChange, *, at: datetime, by: User, internal: bool
) -> Event:
    payload = msgspec.structs.replace(_payload(ticket, at, by), comment_id=comment_id, comment=comment)
    return Event("tickets:commented", ticket.requester_id, internal, payload)


def requester_room(user_id: UUID) -> str:
    return f"requester:{user_id}"


def _payload(ticket: Head | Ticket, at: datetime, by: User | None) -> Payload:
    return Payload(ticket.id, ticket.number, ticket.version, at, Person(by.id, by.username) if by else None)
