"""The OpenAPI document: what litestar finds out by itself, and what it cannot know."""

from collections.abc import Iterator, Sequence
from functools import reduce
from http import HTTPStatus
from operator import or_
from typing import Any

import msgspec
from litestar import Litestar, Request
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    Components,
    Example,
    OAuthFlow,
    OAuthFlows,
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
    SecurityScheme,
)
from litestar.types import Method

from app.errors import AppError, Forbidden, InvalidRequest, Unauthorized, Unavailable
from app.http import examples, positions, sketches
from app.http.forms import FORM, Form
from app.http.problems import PROBLEM_JSON, body_of
from app.http.query import Reading
from app.version import VERSION

BEARER = "BearerToken"
OAUTH2 = "OAuth2"  # the same token, which interactive documents get by themselves
TAKES_FILES = "takes_files"  # an option of a handler that reads the body by itself: the media types
ALSO_ANSWERS = "also_answers"  # an option of a handler: a second media type, where litestar lets it declare one
REFERENCE = "#/components/schemas/{name}"
POSITION = f"#/components/headers/{positions.HEADER}"
REQUEST_ID = "0123456789abcdef0123456789abcdef"
TOLD_BY_LITESTAR = {"description", "default", "minimum", "maximum", "minLength", "maxLength", "pattern", "format"}
_POSITION_SCHEMA = Schema(type=OpenAPIType.STRING, pattern="^[0-9A-F]{16}$")
ALWAYS_POSSIBLE: tuple[type[AppError], ...] = (Unavailable, AppError)


def problems(*errors: type[AppError]) -> dict[int, ResponseSpec]:
    """Declare the errors that a route answers with, beside those that any may, for its handler's `responses`."""
    by_status: dict[HTTPStatus, list[type[AppError]]] = {}
    for error in ALWAYS_POSSIBLE + errors:
        by_status.setdefault(error.status, []).append(error)
    return {
        int(status): ResponseSpec(
            reduce(or_, dict.fromkeys(error.problem for error in same_status)),
            generate_examples=False,
            examples=[_example_of(error) for error in same_status],
            media_type=PROBLEM_JSON,
            description=" ".join(f"`{error.code}`: {error.__doc__}" for error in same_status),
        )
        for status, same_status in by_status.items()
    }


def _example_of(error: type[AppError]) -> Example:
    body = msgspec.json.decode(body_of(error(**error.example), REQUEST_ID))
    return Example(id=error.__name__, summary=error.code, value=body)


def protected(*errors: type[AppError]) -> dict[int, ResponseSpec]:
    """As `problems`, for a route that takes parameters and is behind a token."""
    return problems(InvalidRequest, Unauthorized, Forbidden, *errors)


def config() -> OpenAPIConfig:
    """Serve the document as plain JSON: the pages that litestar could add load scripts from elsewhere."""
    return OpenAPIConfig(
        title="Bulkhead",
        version=VERSION,
        description="Bulk jobs on support tickets, with progress that people watch live.",
        path="/api",
        render_plugins=[_Document()],
        operation_id_creator=_operation_id,
        components=Components(
            headers={positions.HEADER: OpenAPIHeader(schema=_POSITION_SCHEMA, description=positions.TOLD)},
            security_schemes={
                BEARER: SecurityScheme(type="http", scheme="bearer", bearer_format="JWT"),
                OAUTH2: SecurityScheme(
                    type="oauth2",
                    flows=OAuthFlows(password=OAuthFlow(token_url="/api/token", scopes={})),  # noqa: S106 - a path
                ),
            },
        ),
        security=[{BEARER: []}, {OAUTH2: []}],
    )


class _Document(JsonRenderPlugin):
    """Serves the document, which takes a tenth of a second to make: it is made when someone asks."""

    def __init__(self) -> None:
        super().__init__(path="/openapi.json")
        self._rendered = b""

    def render(self, request: Request[Any, Any, Any], _: dict[str, Any]) -> bytes:
        if not self._rendered:
            self._rendered = self.render_json(request, document_of(request.app))
        return self._rendered


def document_of(api: Litestar) -> dict[str, Any]:
    """Return the document with what litestar cannot know; to be asked for once of each application."""
    for handler, operation in _operations(api):
        _describe_parameters(handler, operation)
        _describe_queries(handler, operation)
        _describe_forms(handler, operation)
        _describe_answers(handler, operation)
        _describe_files(handler, operation)
        _show_requests(operation)
    _describe_positions(api)
    _describe_bodies(api)
    _gather_examples(api)
    document = api.openapi_schema.to_schema()
    sketches.show(document)
    return document


def _operations(api: Litestar) -> Iterator[tuple[HTTPRouteHandler, Operation]]:
    for route in api.routes:
        path: Any = (api.openapi_schema.paths or {}).get(getattr(route, "path_format", ""))
        for handler in getattr(route, "route_handlers", ()) if path else ():
            for operation in [getattr(path, method.lower()) for method in handler.http_methods]:
                if operation is not None:
                    yield handler, operation


def _describe_bodies(api: Litestar) -> None:
    """Replace what litestar makes of request bodies by what msgspec says that it takes: the same names, every limit."""
    bodies = {handler.parsed_fn_signature.parameters.get("data") for handler, _ in _operations(api)} - {None}
    _, schemas = msgspec.json.schema_components([body.annotation for body in bodies if body], ref_template=REFERENCE)
    for schema in schemas.values():
        if schema.get("title", "").startswith("Patch"):
            schema["minProperties"] = 1
    for wanted in [body.annotation for body in bodies if body]:
        if alternatives := getattr(wanted, "alternatives", None):
            schemas[wanted.__name__]["oneOf"] = alternatives
    api.openapi_schema.components.schemas.update(schemas)


def _describe_parameters(handler: HTTPRouteHandler, operation: Operation) -> None:
    """Do the same for parameters of the path and in headers."""
    fields = {_name_of(field): field for field in handler.parsed_fn_signature.parameters.values()}
    for parameter in operation.parameters or ():
        if isinstance(parameter, Parameter) and parameter.schema is not None:
            told: Any = parameter.schema.to_schema()
            parameter.schema = _schema_of(fields[parameter.name].annotation, told)  # type: ignore[assignment]


def _describe_queries(handler: HTTPRouteHandler, operation: Operation) -> None:
    """Add the parameters that a handler's dependencies read from the query string."""
    for dependency in handler.resolve_dependencies().values():
        if isinstance(dependency, Reading):
            operation.parameters = [*(operation.parameters or ()), *_parameters_of(dependency.wanted)]


def _describe_forms(handler: HTTPRouteHandler, operation: Operation) -> None:
    """Add the body that a handler's dependency reads as a form."""
    for dependency in handler.resolve_dependencies().values():
        if isinstance(dependency, Form):
            _, schemas = msgspec.json.schema_components([dependency.wanted], ref_template=REFERENCE)
            schema: Any = schemas[dependency.wanted.__name__]
            operation.request_body = RequestBody(content={FORM: OpenAPIMediaType(schema=schema)}, required=True)


def _parameters_of(wanted: type[msgspec.Struct]) -> list[Parameter]:
    _, schemas = msgspec.json.schema_components([wanted], ref_template=REFERENCE)
    return list(_parameters_in(schemas[wanted.__name__], schemas))


def _parameters_in(schema: dict[str, Any], schemas: dict[str, Any], within: str = "") -> Iterator[Parameter]:
    """Name the fields of an object within it with a dot, as query.py reads them."""
    for name, field in schema["properties"].items():
        inner = schemas.get(field.get("$ref", "").rpartition("/")[2])
        if inner is None:
            yield _parameter(within + name, field, is_required=name in schema.get("required", ()))
        else:
            yield from _parameters_in(inner, schemas, f"{within}{name}.")


def _parameter(name: str, schema: dict[str, Any], *, is_required: bool) -> Parameter:
    """Where a parameter may be given once or several times, call it a list."""
    lists = [one for one in schema.get("anyOf", ()) if one.get("type") == "array"]
    return Parameter(
        name=name,
        param_in="query",
        required=is_required,
        schema=lists[0] if lists else schema,  # type: ignore[arg-type]
        description=schema.get("description"),
    )


def _describe_answers(handler: HTTPRouteHandler, operation: Operation) -> None:
    """Each problem is one of the base, too, so a `oneOf` of them would never hold."""
    answers = operation.responses or {}
    for status, response in list(answers.items()):
        content = getattr(response, "content", None) or {}
        for media_type in content.values():
            if media_type.schema is not None and getattr(media_type.schema, "one_of", None):
                media_type.schema.any_of, media_type.schema.one_of = media_type.schema.one_of, None
        if status == "200" and handler.http_methods == {"GET"} and "application/json" in content:
            answers["304"] = OpenAPIResponse(description="As it was when its ETag, now in If-None-Match, was given")
        if status == "200" and ALSO_ANSWERS in handler.opt:
            content[handler.opt[ALSO_ANSWERS]] = next(iter(content.values()))


def _describe_files(handler: HTTPRouteHandler, operation: Operation) -> None:
    media_types = handler.opt.get(TAKES_FILES, ())
    if media_types:
        file = Schema(type=OpenAPIType.STRING, description="A file in UTF-8")
        content = {media_type: OpenAPIMediaType(file) for media_type in media_types}
        operation.request_body = RequestBody(content, required=True)


def _describe_positions(api: Litestar) -> None:
    """Say how one's own changes are read where a replica may answer."""
    asked = Parameter(positions.HEADER, "header", schema=Schema(type=OpenAPIType.STRING), description=positions.ASKED)
    for path, item in (api.openapi_schema.paths or {}).items():
        if item.get and path in positions.ASIDE:
            item.get.parameters = [*(item.get.parameters or ()), asked]
        reading = item.get if path in positions.ASIDE else None
        for operation in filter(None, (reading, item.post, item.put, item.patch, item.delete)):
            for status, answer in (operation.responses or {}).items():
                if isinstance(answer, OpenAPIResponse) and status.startswith("2"):
                    answer.headers = {**(answer.headers or {}), positions.HEADER: Reference(POSITION)}


def _show_requests(operation: Operation) -> None:
    """Give each request body an example of each thing that it may be."""
    body: Any = operation.request_body
    for media_type, content in body.content.items() if body else ():
        schema = content.schema if isinstance(content.schema, dict) else content.schema.to_schema()
        content.examples = {
            name: Example(value=examples.BODIES[name])
            for name in _names_in(schema) or [media_type.rpartition("/")[2]]
            if name in examples.BODIES
        }


def _names_in(schema: dict[str, Any]) -> list[str]:
    """Return what a body is read into, or each of the things that it may be."""
    told = [one.get("$ref") or one.get("title", "") for one in schema.get("oneOf", [schema])]
    return [name.rpartition("/")[2] for name in told if name]


def _gather_examples(api: Litestar) -> None:
    """Tell each example of the document once, and refer to it: most errors are those of a hundred routes."""
    gathered: dict[str, Example | Reference] = {}
    for _, operation in _operations(api):
        for content in _contents_of(operation):
            told = content.examples or {}
            gathered |= told
            content.examples = {name: Reference(sketches.EXAMPLE.format(name=name)) for name in told} or None
    for example in gathered.values():
        example.id = None  # type: ignore[union-attr]
    api.openapi_schema.components.examples = gathered


def _contents_of(operation: Operation) -> Iterator[OpenAPIMediaType]:
    for told in (operation.request_body, *(operation.responses or {}).values()):
        yield from (getattr(told, "content", None) or {}).values()


def _name_of(field: Any) -> str:
    return getattr(field.kwarg_definition, "name", None) or str(field.name)


def _schema_of(annotation: Any, told: dict[str, Any]) -> dict[str, Any]:
    """Leave null out: in a path or a header the word would be a text."""
    [schema], _ = msgspec.json.schema_components([annotation], ref_template=REFERENCE)
    match schema:
        case {"anyOf": [only, {"type": "null"}]}:
            schema = only
    return schema | {name: value for name, value in told.items() if name in TOLD_BY_LITESTAR}


def _operation_id(handler: HTTPRouteHandler, _: Method, __: Sequence[object]) -> str:
    first, *rest = handler.handler_name.rpartition(".")[-1].split("_")
    return first + "".join(word.capitalize() for word in rest)
