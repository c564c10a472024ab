"""Request bodies that the OpenAPI document allows, made of its schemas: the smallest for each route."""

from typing import Any
from uuid import uuid4

TEXTS = {"uuid": str(uuid4()), "date-time": "2099-01-01T00:00:00Z"}
KINDS = ("oneOf", "anyOf")

Json = dict[str, Any]


def bodies(document: Json) -> dict[tuple[str, str], Any]:
    """Return a body for each route that takes one."""
    return {
        (method.upper(), path): example(document, operation["requestBody"]["content"]["application/json"]["schema"])
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if "requestBody" in operation
    }


def example(document: Json, schema: Json) -> Any:  # noqa: PLR0911 - one for each kind of schema
    schema = resolved(document, schema)
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    match schema.get("type"):
        case "object":
            properties = schema["properties"]
            return {name: example(document, properties[name]) for name in _needed(schema)}
        case "array":
            return [example(document, schema["items"])] * max(schema.get("minItems", 0), 1)
        case "string":
            return TEXTS.get(schema.get("format", ""), "x" * max(schema.get("minLength", 1), 1))
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    [first, *_] = next(schema[kind] for kind in KINDS if kind in schema)
    return example(document, first)


def resolved(document: Json, schema: Json) -> Json:
    """Follow a reference, if this is one; what stands beside it counts as well."""
    found = document
    if "$ref" not in schema:
        return schema
    for name in schema["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found | {name: value for name, value in schema.items() if name != "$ref"}


def _needed(schema: Json) -> list[str]:
    """Return the fields that must be there, of alternatives the first."""
    needed = list(schema.get("required", ()))
    for kind in KINDS:
        if schema.get(kind):
            needed += [name for name in schema[kind][0].get("required", ()) if name not in needed]
    return needed or list(schema["properties"])[: schema.get("minProperties", 0)]
