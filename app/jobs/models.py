from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    Enum,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.database import metadata
from app.jobs.status import ACTIVE, TERMINAL, Status

Result = Literal["succeeded", "failed", "unprocessed"]
Priority = Literal["low", "normal", "high"]

_STATUS = Enum(Status, native_enum=False, length=16, values_callable=list)
_ACTIVE_SQL = ", ".join(f"'{status}'" for status in sorted(ACTIVE))
_STATUS_SQL = ", ".join(f"'{status}'" for status in Status)

# Updated once a chunk, on columns that no index holds: with room on its page such an update is HOT.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("type", String(64), nullable=False),
    Column("params", JSONB, nullable=False, server_default=text("'{}'")),
    Column("requested_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("status", _STATUS, nullable=False, server_default=Status.QUEUED.value),
    Column("total", Integer),  # null until the targets of a filter have been written down as chunks
    Column("succeeded", Integer, nullable=False, server_default=text("0")),
    Column("failed", Integer, nullable=False, server_default=text("0")),
    Column("duplicates", Integer, nullable=False, server_default=text("0")),
    Column("revision", BigInteger, nullable=False, server_default=text("1")),
    Column("reason", Text),
    Column("error", Text),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("started_at", TIMESTAMP(timezone=True)),
    Column("finished_at", TIMESTAMP(timezone=True)),
    Column("updated_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    # Of a retry or an undo: the job it was made of; of that job, what was made of it.
    Column("parent_job_id", Uuid, ForeignKey("jobs.id", ondelete="SET NULL")),
    Column("retried_by", Uuid, ForeignKey("jobs.id", ondelete="SET NULL")),
    Column("undone_by", Uuid, ForeignKey("jobs.id", ondelete="SET NULL")),
    Column("undo_days", Integer),  # how long after its end it can be undone; null if never
    Column("priority", String(8), nullable=False, server_default="normal"),
    Column("run_at", TIMESTAMP(timezone=True)),
    Column("max_items_per_second", Integer),
    Column("not_before", TIMESTAMP(timezone=True)),  # of a throttled job: when its next chunk may be claimed
    Column("paused_at", TIMESTAMP(timezone=True)),
    Column("paused_by", Uuid, ForeignKey("users.id")),
    Column("paused_seconds", Double, nullable=False, server_default=text("0")),
    Column("traceparent", String(55)),  # of the request that it came with, where that was traced
    CheckConstraint(f"status in ({_STATUS_SQL})", name="status"),
    CheckConstraint("priority in ('low', 'normal', 'high')", name="priority"),
    CheckConstraint("succeeded >= 0 and failed >= 0 and succeeded + failed <= total", name="counts"),
    CheckConstraint("status <> 'completed' or total is not null and succeeded + failed = total", name="completed"),
    postgresql_with={"fillfactor": "50"},
)
Index("ix_jobs_active", jobs.c.id, postgresql_where=text(f"status in ({_ACTIVE_SQL})"))
Index("ix_jobs_finished", jobs.c.finished_at, postgresql_where=jobs.c.finished_at.is_not(None))
Index("ix_jobs_requested_by", jobs.c.requested_by, jobs.c.id)
Index("ix_jobs_import", jobs.c.params["importId"].astext, postgresql_where=jobs.c.params.has_key("importId"))
for _link in (jobs.c.parent_job_id, jobs.c.retried_by, jobs.c.undone_by):
    Index(f"ix_jobs_{_link.name}", _link, postgresql_where=_link.is_not(None))

# What is still to do. A chunk's ids are one array: random ids do not compress, so nothing tries to.
job_chunks = Table(
    "job_chunks",
    metadata,
    Column("job_id", Uuid, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("first_position", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("ticket_ids", ARRAY(Uuid), nullable=False),
    Column("state", String(16), nullable=False, server_default="pending"),
    # Of an undo: where its items are in the job that it undoes.
    Column("source_first", Integer),
    Column("source_last", Integer),
    CheckConstraint("state in ('pending', 'done')", name="state"),
    CheckConstraint("size > 0", name="size"),
)
Index("ix_job_chunks_pending", job_chunks.c.job_id, job_chunks.c.no, postgresql_where=text("state = 'pending'"))

# What was done. Append-only: a trigger refuses updates. No foreign keys, whose triggers would run for each item. Ids of
# jobs begin with their time, so the items of a month's jobs are in one partition, and go with it.
job_items = Table(
    "job_items",
    metadata,
    Column("job_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("ticket_id", Uuid, nullable=False),
    Column("result", String(16), nullable=False),
    Column("code", String(32), nullable=False),
    Column("before", JSONB),  # the fields that were changed, as they were
    Column("at", TIMESTAMP(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("version", Integer),  # the ticket's, after the change; null if there was none
    CheckConstraint("result in ('succeeded', 'failed')", name="result"),
    postgresql_partition_by="RANGE (job_id)",
)
Index("ix_job_items_failed", job_items.c.job_id, job_items.c.position, postgresql_where=text("result = 'failed'"))
# For the history of a ticket. Ids come in any order, so this costs a job some 3 µs of Postgres an item.
Index("ix_job_items_ticket", job_items.c.ticket_id, postgresql_where=job_items.c.version.is_not(None))


class Job(msgspec.Struct, frozen=True):
    """A job as it was at `revision`; its counts always add up to `total`."""

    id: UUID
    type: str
    params: dict[str, Any]
    requested_by: UUID
    status: Status
    total: int | None
    succeeded: int
    failed: int
    duplicates: int
    revision: int
    reason: str | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime
    parent_job_id: UUID | None
    retried_by: UUID | None
    undone_by: UUID | None
    undo_days: int | None
    priority: Priority
    run_at: datetime | None
    max_items_per_second: int | None
    not_before: datetime | None
    paused_at: datetime | None
    paused_by: UUID | None
    paused_seconds: float
    traceparent: str | None = None

    @property
    def is_running(self) -> bool:
        return self.status is Status.RUNNING

    @property
    def has_ended(self) -> bool:
        return self.status in TERMINAL

    @property
    def processed(self) -> int:
        return self.succeeded + self.failed

    @property
    def unprocessed(self) -> int | None:
        """How many items are left; None as long as nobody has counted them."""
        return None if self.total is None else self.total - self.processed

    @property
    def progress(self) -> int:
        """Percent, rounded down: 100 means that nothing is left."""
        if self.total is None:
            return 0
        return 100 * self.processed // self.total if self.total else 100

    @property
    def rest_seconds(self) -> float:
        """How long a throttled job has to rest, from its last change on, before its next chunk."""
        return max((self.not_before - self.updated_at).total_seconds(), 0) if self.not_before else 0

    def lanes(self, most: int) -> int:
        """How many lanes it may have; a throttled job has one, which keeps its pace."""
        return 1 if self.max_items_per_second else most

    def max_chunk_size(self, most: int) -> int:
        """How many items a chunk may have; those of a throttled job last a quarter of a second."""
        return min(most, max(self.max_items_per_second // 4, 1)) if self.max_items_per_second else most

    def undo_until(self, now: datetime) -> datetime | None:
        """Return until when its changes can be undone; None if that is over, or there is nothing to undo."""
        if self.finished_at is None or self.undo_days is None or self.undone_by is not None or not self.succeeded:
            return None
        until = self.finished_at + timedelta(days=self.undo_days)
        return until if until > now else None

    @property
    def rate_per_second(self) -> float | None:
        """Items a second from the start to the last change."""
        return round(self.processed / self._working_seconds, 1) if self.processed and self._working_seconds else None

    @property
    def eta_seconds(self) -> float | None:
        """How long the rest takes at this rate; None when nobody can say, or nothing is to come."""
        if self.unprocessed is None or not self.is_running or not self.processed or not self._working_seconds:
            return None
        return round(self.unprocessed * self._working_seconds / self.processed, 1)

    @property
    def _working_seconds(self) -> float:
        """The time from the start to the last change, less what was spent paused."""
        if self.started_at is None:
            return 0
        until = self.paused_at or self.updated_at
        return max((until - self.started_at).total_seconds() - self.paused_seconds, 0)


class Chunk(msgspec.Struct, frozen=True):
    """Some of a job's items: the ids at `first_position` and on; of an undo, where they are in what is undone."""

    first_position: int
    ticket_ids: list[UUID]
    source_first: int | None = None
    source_last: int | None = None

    @property
    def positions(self) -> list[int]:
        return list(range(self.first_position, self.first_position + len(self.ticket_ids)))

    def halves(self) -> "tuple[Chunk, Chunk]":
        middle = len(self.ticket_ids) // 2
        source = (self.source_first, self.source_last)
        return (
            Chunk(self.first_position, self.ticket_ids[:middle], *source),
            Chunk(self.first_position + middle, self.ticket_ids[middle:], *source),
        )


class Counts(msgspec.Struct, frozen=True):
    """What became of a chunk's items; `codes` says how often it was what."""

    succeeded: int
    failed: int
    codes: dict[tuple[str, str], int] = {}

    @classmethod
    def of(cls, codes: dict[tuple[str, str], int]) -> "Counts":
        """Add up, by result, what is counted by result and code."""
        by_result = Counter({"succeeded": 0, "failed": 0})
        for (result, _), count in codes.items():
            by_result[result] += count
        return cls(by_result["succeeded"], by_result["failed"], codes)


class Item(msgspec.Struct, frozen=True):
    """One item and what became of it; `code` and `at` are None as long as that is nothing.

    Its ticket's number and title are None where no such ticket is left, or where nobody asked for them.
    """

    position: int
    ticket_id: UUID
    result: Result
    code: str | None
    at: datetime | None
    ticket_number: int | None
    ticket_title: str | None
    line: str | None = None  # of a file that is imported: which it was, and what is wrong with it

    def without_ticket(self) -> "Item":
        return msgspec.structs.replace(self, ticket_number=None, ticket_title=None)


class CodeCount(msgspec.Struct, frozen=True):
    result: Result
    code: str | None
    count: int


class Claimable(msgspec.Struct, frozen=True):
    """A job that has work, and how many more lanes it may have."""

    job_id: UUID
    priority: Priority
    missing: int
