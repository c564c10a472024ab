from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZMULTIRANGE, TSVECTOR

from app.database import metadata
from app.text import PLAIN_TEXT
from app.tickets.status import STATUSES, Status

Priority = Literal["low", "normal", "high", "urgent"]
Sla = Literal["breached", "at_risk", "ok"]
Sort = Literal["relevance", "-created", "created", "-updated", "updated"]  # a minus sign: latest first
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=PLAIN_TEXT)]
Description = Annotated[str, msgspec.Meta(max_length=20_000, pattern=PLAIN_TEXT)]
Tag = Annotated[str, msgspec.Meta(min_length=1, max_length=50, pattern=PLAIN_TEXT)]

_STATUS_SQL = ", ".join(f"'{status}'" for status in STATUSES)

tickets = Table(
    "tickets",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("number", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("title", String(255), nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("status", String(16), nullable=False, server_default="open"),
    Column("priority", String(16), nullable=False, server_default="normal"),
    Column("requester_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
    Column("updated_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
    Column("deleted_at", TIMESTAMP(timezone=True)),
    # No foreign key to jobs: its trigger would run for each ticket that a bulk job touches.
    Column("deleted_by_job", Uuid),
    Column("assignee_id", Uuid, ForeignKey("users.id")),
    Column("tags", ARRAY(Text), nullable=False, server_default="{}"),
    Column("contact_id", Uuid, ForeignKey("contacts.id")),
    # What is due when: a trigger keeps these, whoever writes a ticket or a comment; see app/deadlines.
    Column("due_at", TIMESTAMP(timezone=True)),  # null while the clock stands still, or where no policy fits
    Column("breached", Boolean, nullable=False, server_default=text("false")),  # false again with a later deadline
    Column("first_answered_at", TIMESTAMP(timezone=True)),
    Column("waiting_since", TIMESTAMP(timezone=True)),  # the requester's first comment that nobody has answered
    Column("solved_at", TIMESTAMP(timezone=True)),
    Column("pauses", TSTZMULTIRANGE, nullable=False, server_default="{}"),  # when the clock stood still
    Column("external_id", String(255)),  # of a ticket that was imported: what it is known by where it comes from
    # No foreign key: each ticket that is purged would be looked for in it. A survivor that is purged is not found.
    Column("merged_into", Uuid),
    Column("type", Text, nullable=False, server_default="general"),  # see types/
    Column("fields", JSONB, nullable=False, server_default="{}"),  # as its type has them
    CheckConstraint(f"status in ({_STATUS_SQL})", name="status"),
    CheckConstraint("priority in ('low', 'normal', 'high', 'urgent')", name="priority"),
    CheckConstraint("title <> ''", name="title"),
)

# Partial, so that deleting a ticket writes to one of them alone.
_LIVE = tickets.c.deleted_at.is_(None)
_NEWEST_FIRST = (tickets.c.created_at.desc(), tickets.c.id.desc())
Index("ix_tickets_newest", *_NEWEST_FIRST, postgresql_where=_LIVE)
Index("ix_tickets_status_newest", tickets.c.status, *_NEWEST_FIRST, postgresql_where=_LIVE)
Index("ix_tickets_requester_newest", tickets.c.requester_id, *_NEWEST_FIRST, postgresql_where=_LIVE)
Index(
    "ix_tickets_assignee_newest",
    tickets.c.assignee_id,
    *_NEWEST_FIRST,
    postgresql_where=_LIVE & tickets.c.assignee_id.is_not(None),
)
# Deleting is the last update. There is none like it for the others: it would take HOT from bulk updates, and half of
# their speed.
Index("ix_tickets_deleted", tickets.c.updated_at.desc(), tickets.c.id.desc(), postgresql_where=~_LIVE)
# Not partial, as a contact is not deleted while any ticket names it; only tickets that name one write to it.
Index("ix_tickets_contact", tickets.c.contact_id, *_NEWEST_FIRST, postgresql_where=tickets.c.contact_id.is_not(None))
# Of live tickets: a file can be imported again when what it made was undone.
Index(
    "uq_tickets_external_id",
    tickets.c.external_id,
    unique=True,
    postgresql_where=tickets.c.external_id.is_not(None) & _LIVE,
)
# Of others than general tickets alone, so that it costs those nothing.
Index("ix_tickets_typed_newest", *_NEWEST_FIRST, postgresql_where=_LIVE & (tickets.c.type != "general"))
Index("ix_tickets_tags", tickets.c.tags, postgresql_using="gin", postgresql_where=_LIVE)

# Of tickets with a deadline alone, so that they cost the others nothing: for the worker that looks for what is due, and
# for the lists of what is late.
_BREACHED = tickets.c.breached
Index("ix_tickets_due", tickets.c.due_at, postgresql_where=_LIVE & tickets.c.due_at.is_not(None) & ~_BREACHED)
Index("ix_tickets_breached", *_NEWEST_FIRST, postgresql_where=_LIVE & _BREACHED)

# What is searched, written by triggers. Beside the tickets, so that bulk work, which changes none of it, need not.
ticket_texts = Table(
    "ticket_texts",
    metadata,
    Column("ticket_id", Uuid, ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    Column("document", TSVECTOR, nullable=False),
)
Index("ix_ticket_texts_document", ticket_texts.c.document, postgresql_using="gin")
# Tells which pages have the newest texts, so that a search need not read the matches on all others. It takes some
# kilobytes and no time to keep; several ranges to a block, as an old text that is written anew is among the newest.
Index(
    "ix_ticket_texts_newest",
    ticket_texts.c.ticket_id,
    postgresql_using="brin",
    postgresql_ops={"ticket_id": "uuid_minmax_multi_ops"},
)


class Place(NamedTuple):
    """Where a ticket stands in a list: among others of its rank, by a time."""

    at: datetime
    id: UUID


class Head(NamedTuple):
    """What is told of a ticket when something becomes of it, and to whom it belongs."""

    id: UUID
    number: int
    requester_id: UUID
    version: int


class Ticket(msgspec.Struct, frozen=True):
    id: UUID
    number: int
    title: str
    description: str
    status: Status
    priority: Priority
    requester_id: UUID
    version: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    assignee_id: UUID | None
    tags: list[str]
    contact_id: UUID | None
    due_at: datetime | None
    breached: bool
    external_id: str | None
    merged_into: UUID | None
    type: str
    fields: dict[str, Any]

    def place(self, sort: Sort) -> Place:
        return Place(self.updated_at if sort in {"updated", "-updated"} else self.created_at, self.id)


class TagCount(msgspec.Struct, frozen=True):
    """How many tickets have a tag, of those that were looked at."""

    tag: str
    count: int


class Changed(NamedTuple):
    """A ticket before and after a change."""

    before: Ticket
    after: Ticket

    @property
    def fields(self) -> dict[str, tuple[Any, Any]]:
        """Return what differs, by the names that answers have, as JSON has it."""
        before, after = (msgspec.structs.asdict(ticket) for ticket in self)
        return {
            _camel(name): (msgspec.to_builtins(before[name]), msgspec.to_builtins(value))
            for name, value in after.items()
            if value != before[name] and name not in COUNTED
        }


COUNTED = {"version", "updated_at", "due_at", "breached"}  # what follows of itself


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
