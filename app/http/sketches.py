"""Examples of answers, made of their schemas: a field that nobody says anything of is as small as it may be."""

from collections.abc import Iterator
from typing import Any

from app.http.answered import AT, FIELDS, FILES, ID, THINGS

EXAMPLE = "#/components/examples/{name}"
FORMATS = {"date-time": AT, "date": AT[:10], "uuid": ID}
SMALLEST = {"boolean": False, "integer": 0, "number": 0.0, "object": {}, "null": None}


def show(document: dict[str, Any]) -> None:
    """Give each answer of success in an OpenAPI document an example, which is told once and referred to."""
    schemas, examples = document["components"]["schemas"], document["components"]["examples"]
    for media_type, content in _answers(document):
        thing = content["schema"].get("$ref", media_type).rpartition("/")[2]
        name = f"answer.{thing}"  # the same thing can be asked for, with less in it
        examples[name] = {"value": FILES.get(thing) or _sketch(content["schema"], schemas)}
        content["examples"] = {name: {"$ref": EXAMPLE.format(name=name)}}


def _answers(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in document["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if status.startswith("2"):
                    yield from answer.get("content", {}).items()


def _sketch(schema: dict[str, Any], schemas: dict[str, Any], field: str = "") -> Any:
    if "$ref" in schema:
        return _thing(schema["$ref"].rpartition("/")[2], schemas, field)
    if field in FIELDS:
        return FIELDS[field]
    kinds = schema.get("oneOf") or schema.get("anyOf")
    if kinds:
        return None if {"type": "null"} in kinds else _sketch(kinds[0], schemas)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "array":
        return [_sketch(schema["items"], schemas)]
    return FORMATS.get(schema.get("format", ""), SMALLEST.get(schema.get("type", "null"), field))


def _thing(name: str, schemas: dict[str, Any], field: str) -> Any:
    schema = schemas[name]
    if "properties" not in schema:
        return _sketch(schema, schemas, field)
    said, needed = THINGS.get(name, {}), schema.get("required", ())
    return {
        member: said[member] if member in said else _sketch(inner, schemas, member)
        for member, inner in schema["properties"].items()
        if member in said or member in needed
    }
