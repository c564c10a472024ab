from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest
from msgspec import Meta

from app import wording


class Example(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=3, pattern="^a")] = "a"
    code: Annotated[str, Meta(min_length=2)] = "ab"
    tags: Annotated[list[str], Meta(min_length=1, max_length=2)] = []
    age: Annotated[int, Meta(ge=1, le=9)] | None = None
    color: Literal["red"] = "red"
    id: UUID | None = None
    at: datetime | None = None


@pytest.mark.parametrize(
    ("value", "path", "said"),
    [
        ({"name": ""}, ".name", "Must not be empty"),
        ({"code": "a"}, ".code", "Must have at least 2 characters"),
        ({"name": "aaaa"}, ".name", "Must have at most 3 characters"),
        ({"name": "b"}, ".name", "Does not have the right form, or has characters that are not allowed"),
        ({"tags": []}, ".tags", "Must be at least 1 of them"),
        ({"tags": ["a"] * 3}, ".tags", "Must be at most 2 of them"),
        ({"tags": ["a", 1]}, ".tags[1]", "Must be a text, not a whole number"),
        ({"age": 0}, ".age", "Must be at least 1"),
        ({"age": 10}, ".age", "Must be at most 9"),
        ({"age": "1"}, ".age", "Must be a whole number or null, not a text"),
        ({"color": "blue - at `$.name`"}, ".color", "There is no such value: 'blue - at `$.name`'"),
        ({"id": "1"}, ".id", "Must be an id"),
        ({"at": "today"}, ".at", "Must be a time with its zone, such as 2026-03-29T08:00:00Z"),
        ({"size": 1}, "", "Object contains unknown field `size`"),
        ([], "", "Must be an object, not a list"),
    ],
)
def test_people_are_told_what_is_wrong(value: Any, path: str, said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.json.decode(msgspec.json.encode(value), type=Example)
    assert wording.explained(raised.value) == (path, said)
