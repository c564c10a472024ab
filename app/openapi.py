"""The OpenAPI document: what litestar finds out by itself, and what it cannot know."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import Method

from app.errors import AppError, Forbidden, InvalidRequest, Unauthorized, Unavailable
from app.problems import PROBLEM_JSON, Problem

BEARER = "BearerToken"
REFERENCE = "#/components/schemas/{name}"
TOLD_BY_LITESTAR = {"description", "default", "minimum", "maximum", "minLength", "maxLength", "pattern", "format"}
ALWAYS_POSSIBLE: tuple[type[AppError], ...] = (Unavailable, AppError)


def problems(*errors: type[AppError]) -> dict[int, ResponseSpec]:
    """Declare the errors that a route answers with, beside those that any may, for its handler's `responses`."""
    by_status: dict[HTTPStatus, list[type[AppError]]] = {}
    for error in ALWAYS_POSSIBLE + errors:
        by_status.setdefault(error.status, []).append(error)
    return {
        int(status): ResponseSpec(
            Problem,
            generate_examples=False,
            media_type=PROBLEM_JSON,
            description=" ".join(f"`{error.code}`: {error.__doc__}" for error in same_status),
        )
        for status, same_status in by_status.items()
    }


def protected(*errors: type[AppError]) -> dict[int, ResponseSpec]:
    """As `problems`, for a route that takes parameters and is behind a token."""
    return problems(InvalidRequest, Unauthorized, Forbidden, *errors)


def config() -> OpenAPIConfig:
    """Serve the document as plain JSON: the pages that litestar could add load scripts from elsewhere."""
    return OpenAPIConfig(
        title="Bulkhead",
        version="0.1.0",
        description="Bulk jobs on support tickets, with progress that people watch live.",
        path="/api",
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        operation_id_creator=_operation_id,
        components=Components(
            security_schemes={BEARER: SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")}
        ),
        security=[{BEARER: []}],
    )


def describe_bodies(api: Litestar) -> None:
    """Replace what litestar makes of request bodies by what msgspec says that it takes: the same names, every limit."""
    handlers = (handler for route in api.routes for handler in getattr(route, "route_handlers", ()))
    bodies = {handler.parsed_fn_signature.parameters.get("data") for handler in handlers} - {None}
    types = [body.annotation for body in bodies]
    _, schemas = msgspec.json.schema_components(types, ref_template=REFERENCE)
    for schema in schemas.values():
        if schema.get("title", "").startswith("Patch"):
            schema["minProperties"] = 1
    api.openapi_schema.components.schemas.update(schemas)


def describe_parameters(api: Litestar) -> None:
    """The same for parameters."""
    for route in api.routes:
        path: Any = (api.openapi_schema.paths or {}).get(getattr(route, "path_format", ""))
        for handler in getattr(route, "route_handlers", ()) if path else ():
            fields = {_name_of(field): field for field in handler.parsed_fn_signature.parameters.values()}
            operations = [getattr(path, method.lower()) for method in handler.http_methods]
            for parameter in [each for operation in operations if operation for each in operation.parameters or ()]:
                parameter.schema = _schema_of(fields[parameter.name].annotation, parameter.schema.to_schema())


def _name_of(field: Any) -> str:
    return getattr(field.kwarg_definition, "name", None) or str(field.name)


def _schema_of(annotation: Any, told: dict[str, Any]) -> dict[str, Any]:
    """Leave null out where the word would be a text, or stand in a list; elsewhere it is taken for None."""
    [schema], _ = msgspec.json.schema_components([annotation], ref_template=REFERENCE)
    match schema:
        case {"anyOf": [{"type": "array"} as only, {"type": "null"}]}:
            schema = only
        case {"anyOf": [{"type": "string", **more} as only, {"type": "null"}]} if "format" not in more:
            schema = only
    return schema | {name: value for name, value in told.items() if name in TOLD_BY_LITESTAR}


def also_answers(api: Litestar, path: str, media_type: str) -> None:
    """Say that what GET `path` answers may be of this media type too: a handler can declare only one."""
    route: Any = (api.openapi_schema.paths or {})[path]
    content = route.get.responses["200"].content
    content[media_type] = next(iter(content.values()))


def _operation_id(handler: HTTPRouteHandler, _: Method, __: Sequence[object]) -> str:
    first, *rest = handler.handler_name.rpartition(".")[-1].split("_")
    return first + "".join(word.capitalize() for word in rest)
