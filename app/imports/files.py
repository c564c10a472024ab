"""Reads files as they arrive, piece by piece: never more of one than a piece and an unfinished record is held."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from app.imports.errors import InvalidFile
from app.imports.models import FIELDS, MAX_COLUMNS, Format, ImportColumn

MAX_RECORD_CHARS: Final = 256 * 1024  # twelve times the longest description
MAX_NAME_CHARS: Final = 100
_UNFINISHED: Final = "unexpected end of data"  # the csv module's words for a quote that is open at the end

_TOO_LONG: Final = "field larger"  # than 128 KB: what it says in any version

# Names that columns have elsewhere, in small letters and without spaces.
_SYNONYMS: Final = {
    **{field.lower(): field for field in FIELDS},
    **dict.fromkeys(("subject", "summary"), "title"),
    **dict.fromkeys(("body", "text"), "description"),
    **dict.fromkeys(("state",), "status"),
    **dict.fromkeys(("labels", "tag"), "tags"),
    **dict.fromkeys(("reporter",), "requester"),
    **dict.fromkeys(("assignedto", "agent", "owner"), "assignee"),
    **dict.fromkeys(("customername", "contact"), "contactName"),
    **dict.fromkeys(("customeremail", "email", "e-mail"), "contactEmail"),
    **dict.fromkeys(("id", "ticketid", "key", "reference"), "externalId"),
    **dict.fromkeys(("created", "date"), "createdAt"),
}


Names = Mapping[str, str | None]  # the fields that columns fill, by what the columns are called


class Record(NamedTuple):
    """What stands in a file from a line on, by field; None where that cannot be read, and why."""

    line: int
    values: dict[str, Any] | None
    fault: str = ""


class Reader(Protocol):
    columns: dict[str, str | None]

    def read(self, lines: list[str], *, is_end: bool = False) -> Iterator[Record]:
        """Yield the records that these lines complete."""


class Lines:
    """Makes lines of bytes; what follows the last line's end waits for more."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._rest = ""
        self._count = 0

    def of(self, piece: bytes, *, is_end: bool = False) -> list[str]:
        """Return the lines that this piece completes, with their ends.

        Raises:
            InvalidFile: it is not UTF-8, or has a line without an end.
        """
        try:
            *lines, self._rest = (self._rest + self._decode(piece, is_end)).split("\n")
        except UnicodeDecodeError as error:
            raise InvalidFile(f"The file is not UTF-8, in or after line {self._count + 1}.") from error
        if len(self._rest) > MAX_RECORD_CHARS:
            raise InvalidFile(f"Line {self._count + len(lines) + 1} is too long.")
        self._count += len(lines)
        if is_end and self._rest:
            lines.append(self._rest)
        return [f"{line}\n" for line in lines]


class CsvReader:
    """Reads CSV as RFC 4180 has it; what separates the cells shows in the first line."""

    def __init__(self, names: Names) -> None:
        self.columns: dict[str, str | None] = {}
        self._names = names
        self._fields: list[str | None] = []
        self._delimiter = ""
        self._unfinished: list[str] = []
        self._lines_done = 0

    def read(self, lines: list[str], *, is_end: bool = False) -> Iterator[Record]:
        lines = self._unfinished + lines
        if lines and not self._delimiter:
            self._delimiter = max(",;\t", key=lines[0].count)
        rows = csv.reader(lines, delimiter=self._delimiter or ",", strict=True)
        begin = 0
        while True:
            line = self._lines_done + begin + 1
            try:
                cells = next(rows)
            except StopIteration:
                break
            except csv.Error as error:
                if str(error) == _UNFINISHED:
                    break
                if str(error).startswith(_TOO_LONG):
                    raise self._endless(line) from error
                yield Record(line, None, str(error))
            else:
                yield from self._record(line, cells)
            begin = rows.line_num
        self._unfinished = lines[begin:]
        self._lines_done += begin
        if self._unfinished and (is_end or sum(map(len, self._unfinished)) > MAX_RECORD_CHARS):
            raise self._endless(self._lines_done + 1)

    @staticmethod
    def _endless(line: int) -> InvalidFile:
        return InvalidFile(f"In line {line} a quote is opened that is never closed, or a cell is too long.")

    def _record(self, line: int, cells: list[str]) -> Iterator[Record]:
        if not any(cells):
            return
        if not self._fields:
            self._take_header(cells)
        elif len(cells) > len(self._fields):
            yield Record(line, None, "The line has more cells than there are columns")
        else:
            yield Record(
                line, {field: cell for field, cell in zip(self._fields, cells, strict=False) if field and cell}
            )

    def _take_header(self, cells: list[str]) -> None:
        if len(cells) > MAX_COLUMNS:
            raise InvalidFile(f"The file has more than {MAX_COLUMNS} columns.")
        for name in cells:
            field = _field_of(name, self._names)
            self._fields.append(None if field in self._fields else field)  # the first column that fills it does
            self.columns.setdefault(name, self._fields[-1])


class NdjsonReader:
    """Reads one JSON object a line."""

    def __init__(self, names: Names) -> None:
        self.columns: dict[str, str | None] = {}
        self._names = names
        self._lines_done = 0

    def read(self, lines: list[str], *, is_end: bool = False) -> Iterator[Record]:  # noqa: ARG002 - a line is whole
        for line in lines:
            self._lines_done += 1
            if line.isspace():
                continue
            try:
                values = msgspec.json.decode(line, type=dict[str, Any])
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                yield Record(self._lines_done, None, f"Not a JSON object: {error}")
            else:
                yield Record(self._lines_done, self._by_field(values))

    def _by_field(self, values: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for name, value in values.items():
            field = self.columns[name] if name in self.columns else self._new(name)
            if field and value is not None:
                found[field] = value
        return found

    def _new(self, name: str) -> str | None:
        if len(self.columns) >= MAX_COLUMNS:
            raise InvalidFile(f"The file has more than {MAX_COLUMNS} columns.")
        self.columns[name] = _field_of(name, self._names)
        return self.columns[name]


def reader_of(format_: Format, names: Names) -> Reader:
    """Return what reads a file; `names` says which field a column fills, where its own name does not."""
    return CsvReader(names) if format_ == "csv" else NdjsonReader(names)


def described(columns: Names) -> list[ImportColumn]:
    told: dict[str, str | None] = {}
    for name, field in columns.items():
        told.setdefault(_shown(name), field)
    return [ImportColumn(name, field) for name, field in told.items()]


def mapping_of(pairs: Iterable[str]) -> Names:
    """Read `column:field` texts, and `column:` for one to be left out; raise `InvalidFile` for any other field."""
    names: dict[str, str | None] = {}
    for pair in pairs:
        name, _, field = pair.rpartition(":")
        if not name or field not in (*FIELDS, ""):
            raise InvalidFile(f"`map` takes a column's name, a colon, and nothing or one of: {', '.join(FIELDS)}.")
        names[_shown(name)] = field or None
    return names


def _shown(name: str) -> str:
    """Return a column's name as it is told, and as it can be mapped by."""
    return name.replace("\0", "").strip()[:MAX_NAME_CHARS].rstrip()


def _field_of(name: str, names: Names) -> str | None:
    """Return the field that a column of this name fills; what `names` says goes before what it is called."""
    known = _shown(name)
    if known in names:
        return names[known]
    field = _SYNONYMS.get(known.lower().replace(" ", "").replace("_", ""))
    return None if field in names.values() else field
