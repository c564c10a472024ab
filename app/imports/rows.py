"""Makes rows of what a file says: each is a ticket to be, or the first thing that is wrong with its line."""

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta, structs

from app import wording
from app.errors import InvalidRequest
from app.imports.files import Record
from app.imports.models import COLUMNS, Account
from app.text import PLAIN_TEXT
from app.tickets.models import Description, Priority, Tag, Title
from app.tickets.status import Status
from app.tickets.types import fields as ticket_fields
from app.tickets.types.registry import GENERAL, TYPES, TypeName
from app.times import Moment, in_utc

INVALID: Final = "invalid"
MALFORMED: Final = "malformed"
UNKNOWN_USER: Final = "unknown_user"
MAX_DIGITS: Final = 15  # more than any field takes

_COLUMN = re.compile(r"^\.|\[.*$")  # what is left out of a path to leave a column's name
_WITHIN: Final = "fields."
_SEPARATORS = re.compile(r"[;|]")

Name = Annotated[str, Meta(min_length=1, max_length=254, pattern=PLAIN_TEXT)]


class Given(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What a line says of its ticket."""

    title: Title | None = None
    description: Description = ""
    type: TypeName = GENERAL
    fields: dict[str, Any] = {}
    status: Status | None = None
    priority: Priority = "normal"
    tags: Annotated[list[Tag], Meta(max_length=50)] = []
    requester: Name | None = None
    assignee: Name | None = None
    contact_name: Annotated[str, Meta(min_length=1, max_length=200, pattern=PLAIN_TEXT)] | None = None
    contact_email: Annotated[str, Meta(min_length=3, max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")] | None = (
        None
    )
    external_id: Annotated[str, Meta(min_length=1, max_length=255, pattern=PLAIN_TEXT)] | None = None
    created_at: Moment | None = None


class Faulty(Exception):
    """A line cannot become a ticket."""

    def __init__(self, code: str, message: str, column: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.column = column


class Ids:
    """Ids like uuidv7's: of one moment, and each larger than the one before, so that an import's lie together."""

    def __init__(self, unix_ms: int) -> None:
        self._high = unix_ms << 80 | 0x7 << 76
        self._count = 0

    def next(self) -> UUID:
        count = self._count
        self._count += 1
        rand_a, rand_b = count >> 20, (count & 0xFFFFF) << 42 | secrets.randbits(42)
        return UUID(int=self._high | rand_a << 64 | 0b10 << 62 | rand_b)


def given_in(record: Record) -> Given:
    """Raise `Faulty` unless a record is fit to be a ticket."""
    if record.values is None:
        raise Faulty(MALFORMED, record.fault)
    try:
        given = msgspec.convert(_prepared(record.values), Given)
    except msgspec.ValidationError as error:
        path, message = wording.explained(error)
        raise Faulty(INVALID, message, _COLUMN.sub("", path) or None) from error
    if given.contact_name and not given.contact_email:
        raise Faulty(INVALID, "A contact needs an e-mail address", "contactEmail")
    return _of_its_type(given)


def _of_its_type(given: Given) -> Given:
    """Return it with what follows of its type; raise `Faulty` for what that does not have."""
    type_ = TYPES[given.type]
    try:
        fields = ticket_fields.read(type_, given.fields)
    except InvalidRequest as refusal:
        [error] = refusal.errors
        raise Faulty(INVALID, error.message, error.path.removeprefix("$.")) from refusal
    title = given.title or (type_.title(fields) if type_.title else None)
    if title is None:
        raise Faulty(INVALID, "Must not be empty", "title")
    status = given.status or type_.begins_as[0]
    if status not in type_.states:
        raise Faulty(INVALID, f"Such a ticket is never that, but: {', '.join(type_.states)}", "status")
    return structs.replace(given, title=title, status=status, fields=msgspec.to_builtins(fields))


def names_in(given: Iterable[Given]) -> set[str]:
    """Return the users that rows name, in small letters."""
    return {name.lower() for row in given for name in (row.requester, row.assignee) if name}


def valid_row(row_id: UUID, import_id: UUID, line: int, given: Given, users: Mapping[str, Account], own: UUID) -> Any:
    """Return a row as COLUMNS has it; raise `Faulty` where it names a user who cannot be meant."""
    requester = own if given.requester is None else _account(users, given.requester, "requester").id
    assignee = None
    if given.assignee is not None:
        account = _account(users, given.assignee, "assignee")
        if not account.can_be_assigned:
            raise Faulty(UNKNOWN_USER, "There is no active agent or admin of this name", "assignee")
        assignee = account.id
    return (
        *(row_id, import_id, line, None, None, None),
        *(given.title, given.description, given.status, given.priority, given.tags, requester, assignee),
        *(given.contact_name, given.contact_email, given.external_id, _utc(given.created_at)),
        *(given.type, msgspec.json.encode(given.fields).decode()),
    )


def faulty_row(row_id: UUID, import_id: UUID, line: int, faulty: Faulty) -> Any:
    return (row_id, import_id, line, faulty.column, faulty.code, faulty.message, *[None] * (len(COLUMNS) - 6))


def _prepared(values: Mapping[str, Any]) -> dict[str, Any]:
    """Read texts as people write them: `In progress` is a status, `a;b` two tags, 17 an id."""
    made = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    for name in made.keys() & {"status", "priority", "type"}:
        made[name] = made[name].lower().replace(" ", "_") if isinstance(made[name], str) else made[name]
    if isinstance(made.get("tags"), str):
        made["tags"] = [tag.strip() for tag in _SEPARATORS.split(made["tags"]) if tag.strip()]
    if type(made.get("externalId")) is int:
        made["externalId"] = str(made["externalId"])
    if made.get("type") not in list(TYPES):  # but what it is called elsewhere; ours have their fields, too
        made.pop("type", None)
    return _with_fields({name: value for name, value in made.items() if value != ""})


def _with_fields(values: dict[str, Any]) -> dict[str, Any]:
    """Put what a type has together again: a cell of a CSV is text, where a field may be a number."""
    fields = {name.removeprefix(_WITHIN): value for name, value in values.items() if name.startswith(_WITHIN)}
    read = {name: _number(value) if ticket_fields.NAMES[name] else value for name, value in fields.items()}
    return {name: value for name, value in values.items() if not name.startswith(_WITHIN)} | {"fields": read}


def _number(value: Any) -> Any:
    is_number = isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= MAX_DIGITS
    return int(value) if is_number else value


def _account(users: Mapping[str, Account], name: str, column: str) -> Account:
    account = users.get(name.lower())
    if account is None:
        raise Faulty(UNKNOWN_USER, "There is no user of this name", column)
    return account


def _utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    try:
        return in_utc(moment)
    except ValueError as error:
        raise Faulty(INVALID, str(error), "createdAt") from error
