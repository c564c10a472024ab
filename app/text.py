"""Text from outside: what Postgres can store of it, and how it becomes the fields of a struct."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import msgspec
from msgspec import inspect

PLAIN_TEXT = r"^[^\x00]*$"  # a pattern for msgspec and OpenAPI: no NUL, which Postgres cannot store
# A name: something to see at both ends, and no end of a line. To Python one may follow what `$` matches: `(?!\n)`.
ONE_LINE = r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$(?!\n)"

Wanted = TypeVar("Wanted", bound=msgspec.Struct)

_NOT_TEXT = (inspect.IntType, inspect.BoolType, inspect.FloatType)


def converted(texts: Mapping[str, str | list[str]], wanted: type[Wanted]) -> Wanted:
    """Make a struct of texts, by the names that it has outside; a field of several values is a list of texts.

    The fields of a struct within it are named with a dot: `outer.inner`.

    msgspec alone would be too lenient: it takes "3001.0" for an integer and "1.5" for a time.

    Raises:
        msgspec.ValidationError: a text does not fit, or the struct has no such field.
    """
    are_numbers = _fields(wanted)
    given: dict[str, Any] = {}
    for name, text in texts.items():
        outer, _, inner = name.rpartition(".")
        place = given.setdefault(outer, {}) if outer else given
        place[inner] = _each(text, _number if are_numbers.get(name) else str)
    return msgspec.convert(given, wanted)


def names_of(wanted: type[msgspec.Struct]) -> list[str]:
    """Return the names that a struct's fields have outside."""
    return list(_fields(wanted))


@cache
def _fields(wanted: type[msgspec.Struct]) -> dict[str, bool]:
    """Tell of each field, those of structs within as well, whether it is a number or a truth value."""
    return dict(_described(cast(inspect.StructType, inspect.type_info(wanted))))


def _described(struct: inspect.StructType, within: str = "") -> Iterator[tuple[str, bool]]:
    for field in struct.fields:
        inner = _struct_in(field.type)
        if inner is None:
            yield within + field.encode_name, is_number(field.type)
        else:
            yield from _described(inner, f"{within}{field.encode_name}.")


def _struct_in(type_: inspect.Type) -> inspect.StructType | None:
    if isinstance(type_, inspect.Metadata):
        return _struct_in(type_.type)
    inner = type_.types if isinstance(type_, inspect.UnionType) else ()
    return type_ if isinstance(type_, inspect.StructType) else next(filter(None, map(_struct_in, inner)), None)


def is_number(type_: inspect.Type) -> bool:
    """Tell whether a field takes a number or a truth value, and not only text."""
    if isinstance(type_, inspect.Metadata):
        return is_number(type_.type)
    if isinstance(type_, inspect.UnionType):
        return any(map(is_number, type_.types))
    return isinstance(type_, _NOT_TEXT)


def _each(text: str | list[str], read: Callable[[str], Any]) -> Any:
    return [read(one) for one in text] if isinstance(text, list) else read(text)


def _number(text: str) -> Any:
    """Read a number or a truth value as JSON has it; other text stays what it is, and will not fit."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError):
        return text


def networks_of(text: str) -> list[IPv4Network | IPv6Network] | None:
    """Return the networks that stand in a text with commas between; None if one is none."""
    try:
        return [ip_network(each.strip()) for each in text.split(",") if each.strip()]
    except ValueError:
        return None


def has_good_port(url: str) -> bool:
    """Tell whether the port of a URL is one, where it has one."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def origin_in(url: str) -> str | None:
    """Return an origin as browsers spell it in their Origin header; None where it is none."""
    origin = url.lower().rstrip("/")
    is_one = re.fullmatch(r"https?://([\w.-]+|\[[0-9a-f:.]+\])(:\d+)?", origin) and has_good_port(origin)
    return origin if is_one else None
