"""What is typed for a job, as its payload has it. What there may be, and is right, the API knows."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec

from app.cli.errors import CliError
from app.tickets.types import fields

# What people call some fields of a filter.
MEANT = {"tag": "tags", "assignee": "assigneeId", "requester": "requesterId", "contact": "contactId"}
LISTS = ("addTags", "removeTags")
TEXT, DELETED = "text", "deleted"
FIELD = "fields."  # before the name of a field that a type of ticket has
TRUTHS = {"true": True, "false": False}


def filter_of(texts: Iterable[str]) -> dict[str, Any]:
    """Read `status=open,pending,tag=spam,fields.cableType=Cat6`: each has a value, or several, any of which will do.

    The text, and what stands in a ticket's own fields, is one value, commas and all.
    """
    values, name = defaultdict[str, list[str]](list), ""
    for piece in ",".join(texts).split(","):
        before, equals, after = piece.partition("=")
        if not equals and _takes_one(name):
            values[name][-1] += f",{piece}"
            continue
        if equals:
            name = MEANT.get(before.strip(), before.strip())
        if not name or not (value := (after if equals else piece).strip()):
            raise CliError(f"--filter has {piece!r} where NAME=VALUE is due, as in status=open,tag=spam")
        values[name].append(value)
    return _nested({name: _only(name, found) for name, found in values.items()})


def settings_of(texts: Iterable[str]) -> dict[str, Any]:
    """Read each `NAME=VALUE` of what a job is to set; the value is JSON where it can be read as such, else a text."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise CliError(f"--set has {text!r} where NAME=VALUE is due, as in status=closed")
        found[name.strip()] = value.split(",") if name.strip() in LISTS else _value(value)
    return found


def _takes_one(name: str) -> bool:
    return name == TEXT or name.startswith(FIELD)


def _only(name: str, values: list[str]) -> str | bool | list[str]:
    [value, *more] = values
    if more:
        return values
    return TRUTHS.get(value, value) if name == DELETED else value


def _nested(found: dict[str, Any]) -> dict[str, Any]:
    """Put what was typed of a ticket's own fields where the API looks for it, numbers as such."""
    plain = {name: value for name, value in found.items() if not name.startswith(FIELD)}
    own = {name.removeprefix(FIELD): value for name, value in found.items() if name.startswith(FIELD)}
    for name, value in own.items():
        if fields.NAMES.get(name) and isinstance(value, str):
            own[name] = _value(value)
    return plain | ({"fields": own} if own else {})


def _value(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
