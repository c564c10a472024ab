"""Forms as browsers and OAuth2 send them, read into a struct; what else they have in them is not looked at."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs

import msgspec
from litestar import Request
from litestar.di import Provide

from app.errors import AppError
from app.http.bodies import refusal_of
from app.text import converted, names_of

FORM: Final = "application/x-www-form-urlencoded"

Wanted = TypeVar("Wanted", bound=msgspec.Struct)


class Form(Provide):
    """The dependency of a handler that takes a form; the OpenAPI document finds its fields here.

    Litestar would keep the last thousand forms, with the passwords in them, in a cache.
    """

    def __init__(self, wanted: type[msgspec.Struct], refusal: type[AppError]) -> None:
        self.wanted = wanted
        super().__init__(_reader(wanted, refusal))


def read(body: bytes, wanted: type[Wanted], refusal: type[AppError]) -> Wanted:
    """Make a struct of a form; a field that is empty counts as left out. Raise `refusal` where that cannot be."""
    given = parse_qs(body.decode(errors="replace"))
    try:
        return converted({name: _one_or_all(given[name]) for name in names_of(wanted) if name in given}, wanted)
    except msgspec.ValidationError as error:
        raise refusal(errors=refusal_of(error, "form").errors) from error


def _one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def _reader(wanted: type[Wanted], refusal: type[AppError]) -> Callable[..., Awaitable[Wanted]]:
    async def read_form(request: Request[Any, Any, Any]) -> Wanted:
        return read(await request.body(), wanted, refusal)

    return read_form
