"""Which tickets a file names: one id a line, or a table with a column of them, such as the export of a job."""

import csv
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TextIO
from uuid import UUID

from app.cli.errors import CliError

STANDARD_INPUT = "-"
COLUMNS = ("ticketid", "ticket_id", "id")
ENCODING = "utf-8-sig"  # as spreadsheets write it


class Named(NamedTuple):
    ids: list[UUID]  # each once, in their order
    repeated: int


def read(source: str) -> Named:
    """Read all ids before anything is done with one; `CliError` names the line that has none."""
    if source == STANDARD_INPUT:
        return parse(io.TextIOWrapper(sys.stdin.buffer, ENCODING, newline=""), "the input")
    with Path(source).open(encoding=ENCODING, newline="") as file:
        return parse(file, source)


def parse(lines: TextIO | Iterable[str], name: str) -> Named:
    try:
        found = list(_ids(lines, name))
    except UnicodeDecodeError as error:
        raise CliError(f"{name} is no text in UTF-8; nothing was posted") from error
    if not found:
        raise CliError(f"{name} names no tickets: it has to have an id in each line, or a column ticketId")
    distinct = list(dict.fromkeys(found))
    return Named(distinct, len(found) - len(distinct))


def _ids(lines: Iterable[str], name: str) -> Iterator[UUID]:
    rows, column = csv.reader(lines), None
    try:
        for row in rows:
            if not any(map(str.strip, row)):
                continue
            if column is None:
                column, is_header = _column_of(row)
                if is_header:
                    continue
            yield _id(row, column, f"line {rows.line_num} of {name}")
    except csv.Error as error:
        raise CliError(f"line {rows.line_num} of {name} is no CSV: {error}; nothing was posted") from error


def _column_of(first: list[str]) -> tuple[int, bool]:
    """Return where the ids are, and whether it is a header that says so."""
    names = [cell.strip().lower() for cell in first]
    found = next((names.index(column) for column in COLUMNS if column in names), None)
    return (0, False) if found is None else (found, True)


def _id(row: list[str], column: int, where: str) -> UUID:
    cell = row[column].strip() if column < len(row) else ""
    try:
        return UUID(cell)
    except ValueError:
        raise CliError(f"{where}: {cell[:60]!r} is no id of a ticket; nothing was posted") from None
