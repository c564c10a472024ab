"""A job's items as a file: CSV for spreadsheets, or one JSON object a line."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Final

import msgspec

from app.jobs.models import ExportedItem
from app.jobs.queries import Format
from app.jobs.schemas import message_of

MEDIA_TYPES: Final[dict[Format, str]] = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}
COLUMNS: Final = ("position", "ticketId", "ticketNumber", "ticketTitle", "result", "code", "message", "at")

# What a spreadsheet would take for a formula (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_encoder = msgspec.json.Encoder()


async def write(format_: Format, job_type: str, pages: AsyncIterator[list[ExportedItem]]) -> AsyncIterator[bytes]:
    """Yield the file, page by page."""
    render: Callable[[Iterable[tuple[object, ...]]], bytes] = _csv if format_ == "csv" else _ndjson
    if format_ == "csv":
        yield render([COLUMNS])
    async for page in pages:
        yield render([_row(item, job_type) for item in page])


def defused(value: object) -> object:
    """Return a cell that a spreadsheet shows and does not run."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _row(item: ExportedItem, job_type: str) -> tuple[object, ...]:
    message = message_of(job_type, item.code)
    return (
        item.position,
        item.ticket_id,
        item.ticket_number,
        item.ticket_title,
        item.result,
        item.code,
        message,
        item.at,
    )


def _csv(rows: Iterable[tuple[object, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([defused(value) for value in msgspec.to_builtins(row)] for row in rows)
    return text.getvalue().encode()


def _ndjson(rows: Iterable[tuple[object, ...]]) -> bytes:
    return _encoder.encode_lines([dict(zip(COLUMNS, row, strict=True)) for row in rows])
