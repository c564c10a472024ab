from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from app.http.answers import answers
from app.imports.models import Fault, ImportColumn, SampleRow
from app.imports.service import Report


class ColumnResponse(Struct, frozen=True):
    """A column of the file, and the field that it fills; null: none, it is ignored."""

    name: str
    field: str | None


class SampleResponse(Struct, frozen=True, rename="camel"):
    """What a line's ticket would be."""

    line: int
    title: str
    description: str
    status: str
    priority: str
    tags: list[str]
    requester_id: UUID
    assignee_id: UUID | None
    contact_name: str | None
    contact_email: str | None
    external_id: str | None
    created_at: datetime | None
    type: str
    fields: dict[str, Any]


class ProblemResponse(Struct, frozen=True):
    """The first thing that is wrong with a line; `column` is the field, null where it is the line as a whole."""

    line: int
    column: str | None
    code: str
    message: str


class ImportResponse(Struct, frozen=True, rename="camel"):
    """A file: how many rows it has, what they would become, and the first of what is wrong.

    `faulty` and `duplicates` do not overlap: rows that cannot be tickets, and rows whose external id another line, or
    a ticket, had when the file was sent.
    """

    id: UUID
    created_at: datetime
    rows: int
    valid: int
    faulty: int
    duplicates: int
    columns: list[ColumnResponse]
    sample: list[SampleResponse]
    problems: list[ProblemResponse]

    @classmethod
    def of(cls, report: Report) -> "ImportResponse":
        found = report.found
        return cls(
            *(found.id, found.created_at, found.rows, found.valid, found.faulty, found.duplicates),
            columns=_columns(found.columns),
            sample=_sample(report.sample),
            problems=shown(report.faults),
        )


class ImportProblems(Struct, frozen=True, rename="camel"):
    problems: list[ProblemResponse]
    next_cursor: str | None


def shown(faults: list[Fault]) -> list[ProblemResponse]:
    return answers(faults, ProblemResponse)


def _columns(columns: list[ImportColumn]) -> list[ColumnResponse]:
    return answers(columns, ColumnResponse)


def _sample(rows: list[SampleRow]) -> list[SampleResponse]:
    return answers(rows, SampleResponse)
