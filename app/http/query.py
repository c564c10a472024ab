"""Query strings, read into a struct: it says what can be asked for, to the handler and to the OpenAPI document."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import parse_qs

import msgspec
from litestar import Request
from litestar.di import Provide

from app.errors import InvalidRequest
from app.http.bodies import refusal_of
from app.text import converted, names_of

Query = TypeVar("Query", bound=msgspec.Struct)


class Reading(Provide):
    """The dependency of a handler that takes a `wanted`; the OpenAPI document finds its parameters here."""

    def __init__(self, wanted: type[msgspec.Struct]) -> None:
        self.wanted = wanted
        super().__init__(_reader(wanted), sync_to_thread=False)


def read(text: str, wanted: type[Query]) -> Query:
    """Make a struct of a query string; a parameter that was given several times is a list.

    Raises:
        InvalidRequest: a parameter does not fit, or there is none of that name; the error has its name.
    """
    given = parse_qs(text, keep_blank_values=True)
    known = names_of(wanted)
    for name in given:
        if name not in known:
            raise InvalidRequest.at(f"query.{name}", f"No such parameter; there are: {', '.join(sorted(known))}")
    try:
        return converted({name: values[0] if len(values) == 1 else values for name, values in given.items()}, wanted)
    except msgspec.ValidationError as error:
        raise refusal_of(error, "query") from error


def _reader(wanted: type[Query]) -> Callable[..., Query]:
    def read_query(request: Request[Any, Any, Any]) -> Query:
        return read(request.scope["query_string"].decode("latin-1"), wanted)

    return read_query
