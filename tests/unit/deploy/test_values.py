"""Each value of the chart has a place in the schema, and is used."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # litestar brings it, without types
from jsonschema import Draft7Validator, ValidationError, validate

from tests.support.charts import CHART, SCHEMA, TESTS

VALUES = yaml.safe_load((CHART / "values.yaml").read_text())
TEMPLATES = [file for file in (CHART / "templates").iterdir() if file.is_file()]
OF_HELM = ["global"]


def in_schema(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield the path of each value that the schema knows."""
    for name, inner in schema.get("properties", {}).items():
        inner_path = f"{path}.{name}".lstrip(".")
        yield from in_schema(inner, inner_path) if "properties" in inner else [inner_path]


def in_values(schema: dict[str, Any], values: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield the path of each value, down to those that are objects to the schema as well."""
    for name, value in values.items():
        inner = schema["properties"].get(name, {})
        inner_path = f"{path}.{name}".lstrip(".")
        yield from in_values(inner, value, inner_path) if "properties" in inner else [inner_path]


def used() -> set[str]:
    """Return what templates ask for, with the `with` that it stands in."""
    found: set[str] = set()
    for file in TEMPLATES:
        text = file.read_text()
        found |= set(re.findall(r"\.Values\.([\w.]+)", text))
        for around in re.findall(r"with \.Values\.(\w+) ?}}", text):
            found |= {f"{around}.{name}" for name in re.findall(r"(?<![\w$])\.([a-z][\w.]+)", text)}
    return found


def test_the_schema_knows_the_values_and_no_others() -> None:
    assert sorted(in_schema(SCHEMA)) == sorted([*OF_HELM, *in_values(SCHEMA, VALUES)])


@pytest.mark.parametrize("path", list(in_values(SCHEMA, VALUES)))
def test_each_value_is_used(path: str) -> None:
    assert path in used()


def test_templates_ask_for_no_value_that_there_is_not() -> None:
    known = set(in_values(SCHEMA, VALUES))
    asked = {name for file in TEMPLATES for name in re.findall(r"\.Values\.([\w.]+)", file.read_text())}
    assert {
        name
        for name in asked
        if not any(f"{path}.".startswith(f"{name}.") or name.startswith(f"{path}.") for path in known)
    } == set()


def test_the_values_are_what_the_schema_wants_and_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)
    for values in (VALUES, *(yaml.safe_load(file.read_text()) for file in (TESTS / "values").iterdir())):
        validate(values, SCHEMA)


def test_nothing_unknown_is_taken_anywhere() -> None:
    def closed(schema: dict[str, Any]) -> Iterator[bool]:
        if "properties" in schema and "description" not in schema:
            yield schema.get("additionalProperties") is False
            for inner in schema["properties"].values():
                yield from closed(inner)

    assert all(closed(SCHEMA))
    with pytest.raises(ValidationError):
        validate(VALUES | {"replicas": 2}, SCHEMA)
