from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.database import metadata

calendars = Table(
    "calendars",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("name", String(100), nullable=False),
    Column("time_zone", String(64), nullable=False),  # of the IANA's database
    Column("hours", JSONB, nullable=False),  # [{weekday, opens, closes}]
    Column("holidays", ARRAY(Date), nullable=False, server_default="{}"),
)
Index("uq_calendars_name", func.lower(calendars.c.name), unique=True)

sla_policies = Table(
    "sla_policies",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("name", String(100), nullable=False),
    Column("position", Integer, nullable=False),
    Column("priorities", ARRAY(Text), nullable=False, server_default="{}"),
    Column("tags", ARRAY(Text), nullable=False, server_default="{}"),
    Column("first_answer_minutes", Integer),
    Column("next_answer_minutes", Integer),
    Column("solution_minutes", Integer),
    Column("calendar_id", Uuid, ForeignKey("calendars.id")),  # null: around the clock
    CheckConstraint(
        "coalesce(first_answer_minutes, next_answer_minutes, solution_minutes) is not null", name="minutes"
    ),
)
Index("uq_sla_policies_name", func.lower(sla_policies.c.name), unique=True)


class Calendar(msgspec.Struct, frozen=True):
    """When work is done: only these hours count for a deadline."""

    id: UUID
    name: str
    time_zone: str
    hours: list[dict[str, Any]]
    holidays: list[date]


class Policy(msgspec.Struct, frozen=True):
    """By when tickets of some kind are to be answered and solved; of those that fit, the first one counts."""

    id: UUID
    name: str
    position: int
    priorities: list[str]
    tags: list[str]
    first_answer_minutes: int | None
    next_answer_minutes: int | None
    solution_minutes: int | None
    calendar_id: UUID | None
