"""Query strings, read into a struct that says at once what a list can be asked for and what its document says."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast
from urllib.parse import parse_qs

import msgspec
from litestar import Request
from litestar.di import Provide

from app.errors import InvalidRequest
from app.http.bodies import explained

Query = TypeVar("Query", bound=msgspec.Struct)

_NOT_TEXT = (msgspec.inspect.IntType, msgspec.inspect.BoolType, msgspec.inspect.FloatType)


class Reading(Provide):
    """The dependency of a handler that takes a `wanted`; the OpenAPI document finds its parameters here."""

    def __init__(self, wanted: type[msgspec.Struct]) -> None:
        self.wanted = wanted
        super().__init__(_reader(wanted), sync_to_thread=False)


def read(query: dict[str, list[str]], wanted: type[Query]) -> Query:
    """Make a struct of query parameters; one that was given several times is a list.

    Raises:
        InvalidRequest: they do not fit, or there are no such parameters; it names them.
    """
    known = _parameters(wanted)
    given = {}
    for name, values in query.items():
        if name not in known:
            raise InvalidRequest.at(f"query.{name}", f"No such parameter; there are: {', '.join(sorted(known))}")
        read_one = known[name]
        given[name] = read_one(values[0]) if len(values) == 1 else [read_one(value) for value in values]
    try:
        return msgspec.convert(given, wanted)
    except msgspec.ValidationError as error:
        raise explained(error, "query") from error


def _reader(wanted: type[Query]) -> Callable[..., Query]:
    def read_query(request: Request[Any, Any, Any]) -> Query:
        text = request.scope["query_string"].decode("latin-1")
        return read(parse_qs(text, keep_blank_values=True), wanted)

    return read_query


@cache
def _parameters(wanted: type[msgspec.Struct]) -> dict[str, Callable[[str], Any]]:
    """Return each parameter's name and how its text is read."""
    info = cast(msgspec.inspect.StructType, msgspec.inspect.type_info(wanted))
    return {field.encode_name: _number if _is_number(field.type) else str for field in info.fields}


def _is_number(type_: msgspec.inspect.Type) -> bool:
    types = type_.types if isinstance(type_, msgspec.inspect.UnionType) else (type_,)
    return any(isinstance(one.type if isinstance(one, msgspec.inspect.Metadata) else one, _NOT_TEXT) for one in types)


def _number(text: str) -> Any:
    """Read a number or a truth value as JSON has it; other text stays what it is, and will not fit."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
