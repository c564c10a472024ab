from datetime import date, datetime
from uuid import UUID

import msgspec
from sqlalchemy import TIMESTAMP, Boolean, CheckConstraint, Column, Table, text
from sqlalchemy.dialects.postgresql import JSONB

from app.database import metadata

# The figures as they were counted last, for everybody: one row, or none yet.
dashboard = Table(
    "dashboard",
    metadata,
    Column("is_only", Boolean, primary_key=True, server_default=text("true")),
    Column("at", TIMESTAMP(timezone=True), nullable=False),
    Column("stats", JSONB, nullable=False),
    CheckConstraint("is_only", name="only"),
)


class OfAssignee(msgspec.Struct, frozen=True, rename="camel"):
    """How many tickets someone has; `assignee_id` and `username` are null for those that nobody has."""

    assignee_id: UUID | None
    username: str | None
    count: int


class OfDay(msgspec.Struct, frozen=True):
    """How many tickets were created, and how many solved, on a day in UTC."""

    date: date
    created: int
    solved: int


class Durations(msgspec.Struct, frozen=True, rename="camel"):
    """How long something took, from a ticket's creation on, by the clock; null where there was none."""

    count: int
    median_seconds: float | None
    p90_seconds: float | None


class OfJobs(msgspec.Struct, frozen=True, rename="camel"):
    """Jobs in motion, those that ended in the last 30 days by how, and what became of their items."""

    active: int
    completed: int
    failed: int
    canceled: int
    succeeded_items: int
    failed_items: int


class Stats(msgspec.Struct, frozen=True, rename="camel"):
    """Figures of the tickets that are not deleted.

    by_assignee: those who have the most tickets that are not solved, and how many.
    days: today and the 29 days before, the oldest first.
    first_answer, solution: of tickets that were created within these days.
    breached: tickets whose deadline has passed.
    """

    at: datetime
    total: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    by_assignee: list[OfAssignee]
    days: list[OfDay]
    first_answer: Durations
    solution: Durations
    breached: int
    jobs: OfJobs
