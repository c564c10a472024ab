"""Answers made of what services return: the fields of the same names, whatever else those have."""

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

Response = TypeVar("Response", bound=msgspec.Struct)


def answer(found: Any, response: type[Response]) -> Response:
    """Make a response of an object's attributes."""
    return msgspec.convert(found, response, from_attributes=True)


def answers(found: Iterable[Any], response: type[Response]) -> list[Response]:
    """Make a response of each object's attributes."""
    return msgspec.convert(found, list[response], from_attributes=True)  # type: ignore[valid-type]
