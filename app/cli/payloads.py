"""What is typed for a job, as its payload has it. What there may be, and is right, the API knows."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec

from app.cli.errors import CliError

# What people call some fields of a filter.
MEANT = {"tag": "tags", "assignee": "assigneeId", "requester": "requesterId", "contact": "contactId"}
LISTS = ("addTags", "removeTags")
TRUTHS = {"true": True, "false": False}


def filter_of(texts: Iterable[str]) -> dict[str, Any]:
    """Read `status=open,pending,tag=spam`: fields with a value each, or with several, any of which will do."""
    values, name = defaultdict[str, list[str]](list), ""
    for piece in ",".join(texts).split(","):
        before, equals, after = piece.partition("=")
        if equals:
            name = MEANT.get(before.strip(), before.strip())
        if not name or not (value := (after if equals else piece).strip()):
            raise CliError(f"--filter has {piece!r} where NAME=VALUE is due, as in status=open,tag=spam")
        values[name].append(value)
    return {name: _only(found) for name, found in values.items()}


def settings_of(texts: Iterable[str]) -> dict[str, Any]:
    """Read each `NAME=VALUE` of what a job is to set; the value is JSON where it can be read as such, else a text."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise CliError(f"--set has {text!r} where NAME=VALUE is due, as in status=closed")
        found[name.strip()] = value.split(",") if name.strip() in LISTS else _value(value)
    return found


def _only(values: list[str]) -> Any:
    [value, *more] = values
    return values if more else TRUTHS.get(value, value)


def _value(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
