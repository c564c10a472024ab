"""A job's items as a file: CSV for spreadsheets, or one JSON object a line."""

import csv
import io
from collections.abc import AsyncIterator, Iterable
from typing import Final

import msgspec

from app.jobs.models import Item
from app.jobs.queries import Format
from app.jobs.schemas import ItemResponse

MEDIA_TYPES: Final[dict[Format, str]] = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}
COLUMNS: Final = ItemResponse.__struct_encode_fields__

# What a spreadsheet would take for a formula (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_encoder = msgspec.json.Encoder()


async def write(format_: Format, job_type: str, pages: AsyncIterator[list[Item]]) -> AsyncIterator[bytes]:
    """Yield the file, page by page."""
    if format_ == "csv":
        yield _csv([COLUMNS])
    async for page in pages:
        rows = [ItemResponse.of(item, job_type) for item in page]
        yield _csv(map(_cells, rows)) if format_ == "csv" else _encoder.encode_lines(rows)


def defused(value: object) -> object:
    """Return a cell that a spreadsheet shows and does not run."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _cells(row: ItemResponse) -> list[object]:
    return [defused(value) for value in msgspec.to_builtins(msgspec.structs.astuple(row))]


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
