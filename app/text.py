"""Text from outside: what Postgres can store of it, and how it becomes the fields of a struct."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

import msgspec
from msgspec import inspect

PLAIN_TEXT = r"^[^\x00]*$"  # a pattern for msgspec and OpenAPI: no NUL, which Postgres cannot store
# A name: something to see at both ends, and no end of a line. To Python one may follow what `$` matches: `(?!\n)`.
ONE_LINE = r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$(?!\n)"

Wanted = TypeVar("Wanted", bound=msgspec.Struct)

_NOT_TEXT = (inspect.IntType, inspect.BoolType, inspect.FloatType)


def converted(texts: Mapping[str, str | list[str]], wanted: type[Wanted]) -> Wanted:
    """Make a struct of texts, by the names that it has outside; a field of several values is a list of texts.

    msgspec alone would be too lenient: it takes "3001.0" for an integer and "1.5" for a time.

    Raises:
        msgspec.ValidationError: a text does not fit, or the struct has no such field.
    """
    read = {name: _number if is_number else str for name, is_number in _fields(wanted).items()}
    given = {name: _each(text, read.get(name, str)) for name, text in texts.items()}
    return msgspec.convert(given, wanted)


def names_of(wanted: type[msgspec.Struct]) -> list[str]:
    """Return the names that a struct's fields have outside."""
    return list(_fields(wanted))


@cache
def _fields(wanted: type[msgspec.Struct]) -> dict[str, bool]:
    """Tell of each field whether it is a number or a truth value."""
    info = cast(inspect.StructType, inspect.type_info(wanted))
    return {field.encode_name: _is_number(field.type) for field in info.fields}


def _is_number(type_: inspect.Type) -> bool:
    if isinstance(type_, inspect.Metadata):
        return _is_number(type_.type)
    if isinstance(type_, inspect.UnionType):
        return any(map(_is_number, type_.types))
    return isinstance(type_, _NOT_TEXT)


def _each(text: str | list[str], read: Callable[[str], Any]) -> Any:
    return [read(one) for one in text] if isinstance(text, list) else read(text)


def _number(text: str) -> Any:
    """Read a number or a truth value as JSON has it; other text stays what it is, and will not fit."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError):
        return text
