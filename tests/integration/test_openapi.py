"""What the OpenAPI document says. That answers are as it says, the `client` fixture checks in every test."""

from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from arq.connections import ArqRedis
from jsonschema import Draft202012Validator

from app import asgi, errors, openapi, policy
from app.accounts import tokens
from app.errors import AppError
from app.http import examples as shown
from app.http.problems import PROBLEM_JSON
from app.settings import Settings
from tests.support import document as made_once
from tests.support import examples
from tests.support.contract import filled
from tests.support.examples import resolved
from tests.support.http import http_client
from tests.support.people import People
from tests.support.servers import REPOSITORY
from tests.support.serving import serving

ITSELF = {("GET", "/api/openapi.json")}
TAKES_A_FORM = ("POST", "/api/token")
METHODS = {"get", "put", "post", "delete", "patch"}
FIELDS_OF_AN_HTTP_SCHEME = {"type", "description", "scheme", "bearerFormat"}  # OpenAPI 3.1.0, 4.8.27.1

CREATE = "/api/tickets"
URL_OF_A_WEBHOOK = r"^https?://[!-~]+$"  # a pattern, which leads nowhere
BODIES = examples.bodies(made_once.document())
PARENTS = {AppError, errors.Unauthorized, errors.Forbidden, errors.NotFound}  # which are raised as they are, too
# Answered before a route is known.
OF_NO_ROUTE = ("app.http.errors", "app.realtime.errors")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return made_once.document()


def operations(document: dict[str, Any]) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in item.keys() & METHODS:
            yield (method.upper(), path), item[method]


def everything_in(node: Any) -> Iterator[dict[str, Any]]:
    """Yield each object of the document."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from everything_in(child)


FILES = {("POST", "/api/imports")}  # bodies that are no JSON


def body_schema(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    content = operation["requestBody"]["content"]
    assert list(content) == ["application/json"]
    return resolved(document, content["application/json"]["schema"])


def families(error: type[AppError]) -> Iterator[type[AppError]]:
    yield error
    for child in error.__subclasses__():
        yield from families(child)


async def test_but_for_production_it_is_served_to_whoever_asks(
    stranger: httpx.AsyncClient, agent: httpx.AsyncClient, document: dict[str, Any]
) -> None:
    """As the page that is made of it is: what it says is in the sources that anyone has."""
    answers = [await client.get("/api/openapi.json") for client in (stranger, agent)]
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.json() for answer in answers] == [document] * 2


def test_the_console_is_made_for_it_as_it_is() -> None:
    committed = (REPOSITORY / "app/web/openapi.json").read_text()
    assert committed == openapi.text(), "Write it anew: .venv/bin/python -m app.openapi > app/web/openapi.json"


def test_it_describes_every_route_of_the_policy(document: dict[str, Any]) -> None:
    described = {route for route, _ in operations(document)}
    assert described | ITSELF == policy.PUBLIC | policy.ROLES.keys()


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert {"title", "version"} <= document["info"].keys()
    for path, item in document["paths"].items():
        assert path.startswith("/")
        assert item.keys() <= METHODS | {"parameters", "summary", "description"}
    for (_, path), operation in operations(document):
        parameters = operation.get("parameters", [])
        named = [(parameter["in"], parameter["name"]) for parameter in parameters]
        assert len(named) == len(set(named))
        in_path = {parameter["name"]: parameter["required"] for parameter in parameters if parameter["in"] == "path"}
        assert in_path == {part[1:-1]: True for part in path.split("/") if part.startswith("{")}
        assert operation["responses"]
        for status, response in operation["responses"].items():
            assert 200 <= int(status) <= 599
            assert response["description"]


def test_its_schemas_are_json_schema_and_its_references_lead_somewhere(document: dict[str, Any]) -> None:
    for node in everything_in(document):
        assert isinstance(resolved(document, node), dict)
        if isinstance(schema := node.get("schema"), dict):
            Draft202012Validator.check_schema(schema)
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_its_security_schemes_hold_what_openapi_allows_and_are_the_ones_asked_for(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    bearer, oauth2 = (schemes[name] for name in ("BearerToken", "OAuth2"))
    assert (bearer["type"], bearer["scheme"].lower()) == ("http", "bearer")
    assert bearer.keys() <= FIELDS_OF_AN_HTTP_SCHEME
    assert oauth2 == {"type": "oauth2", "flows": {"password": {"tokenUrl": "/api/token", "scopes": {}}}}
    assert document["security"] == [{name: []} for name in schemes]
    open_to_all = {route for route, operation in operations(document) if operation.get("security") == [{}]}
    assert open_to_all | ITSELF == policy.PUBLIC
    assert all("security" not in operation for route, operation in operations(document) if route not in open_to_all)


def test_each_operation_has_an_id_of_its_own(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert all(ids)
    assert len(ids) == len(set(ids))


def test_it_declares_the_errors_that_each_route_can_meet(document: dict[str, Any]) -> None:
    for route, operation in operations(document):
        expected = {"500", "503"}
        if route not in policy.PUBLIC:
            expected |= {"401", "403"}
        if operation.get("parameters") or "requestBody" in operation:
            expected |= {"400"}
        if any(parameter["in"] == "path" for parameter in operation.get("parameters", [])):
            expected |= {"404"}
        if any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", [])):
            expected |= {"412"}
        if "requestBody" in operation:
            expected |= {"413"}
        assert expected <= operation["responses"].keys(), route


def test_every_error_of_the_app_is_declared_with_its_code(document: dict[str, Any]) -> None:
    declared = {
        (int(status), content_type): response["description"]
        for _, operation in operations(document)
        for status, response in operation["responses"].items()
        for content_type in response.get("content", {})
        if int(status) >= 400
    }
    assert {content_type for _, content_type in declared} == {PROBLEM_JSON}
    # A method that a path does not take belongs to no operation of the document.
    app_errors = {
        error
        for error in families(AppError)
        if error.__module__.startswith("app.") and error.__module__ not in OF_NO_ROUTE
    } - {errors.MethodNotAllowed}
    assert {int(error.status) for error in app_errors} == {status for status, _ in declared}
    descriptions = " ".join(
        response["description"] for _, operation in operations(document) for response in operation["responses"].values()
    )
    raised = {error for error in app_errors if not error.__subclasses__() or error in PARENTS}
    assert {error.code for error in raised if f"`{error.code}`" not in descriptions} == set()


def test_it_points_nowhere_else(document: dict[str, Any]) -> None:
    texts = [value for node in everything_in(document) for value in node.values() if isinstance(value, str)]
    elsewhere = [value for value in texts if "//" in value or "cdn" in value.lower()]
    assert set(elsewhere) == {URL_OF_A_WEBHOOK, shown.BODIES["CreateWebhook"]["url"]}


def test_request_bodies_forbid_what_they_do_not_name(document: dict[str, Any]) -> None:
    bodies = {
        route: operation
        for route, operation in operations(document)
        if "requestBody" in operation and route not in FILES
    }
    assert bodies.pop(TAKES_A_FORM)  # and whatever else is in it
    assert bodies.keys() == BODIES.keys()
    for operation in bodies.values():
        nodes = [resolved(document, node) for node in everything_in(body_schema(document, operation))]
        nodes += [resolved(document, inner) for node in nodes for inner in everything_in(node)]
        objects = [node for node in nodes if node.get("type") == "object"]
        assert objects
        assert [node.get("additionalProperties") for node in objects] == [False] * len(objects)
        assert all(node.keys() >= {"properties", "required"} for node in objects)


async def test_the_server_forbids_what_they_do_not_name(admin: httpx.AsyncClient) -> None:
    for (method, path), body in BODIES.items():
        target = filled(path)
        assert (await admin.request(method, target, json=body)).status_code != 400
        refused = await admin.request(method, target, json=body | {"surprise": 1})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "$")


async def test_document_and_server_agree_on_what_is_valid(agent: httpx.AsyncClient, document: dict[str, Any]) -> None:
    schema = body_schema(document, document["paths"][CREATE]["post"]) | {"components": document["components"]}
    validator = Draft202012Validator(schema)
    bodies: list[Any] = [
        {"title": "T"},
        {"title": "x" * 255},
        {"title": "x" * 256},
        {"title": "\U0001f5a8" * 255},
        {"title": ""},
        {"title": " "},
        {"title": "a\nb"},
        {"title": "a\x00b"},
        {"title": None},
        {"title": 1},
        {"title": ["T"]},
        {"title": "T", "description": "x" * 20_000},
        {"title": "T", "description": "x" * 20_001},
        {"title": "T", "description": None},
        {"title": "T", "status": "closed", "priority": "urgent"},
        {"title": "T", "status": "Closed"},
        {"title": "T", "priority": ""},
        {"title": "T", "number": 7},
        {"Title": "T"},
        {},
        [],
        None,
        "T",
        1,
        True,
    ]
    for body in bodies:
        answer = await agent.post(CREATE, json=body) if body is not None else await agent.post(CREATE, content=b"null")
        assert (answer.status_code == 201) == validator.is_valid(body), body
        assert answer.status_code in {201, 400}, body


async def test_in_production_it_is_for_users(settings: Settings, redis: ArqRedis, people: People) -> None:
    production = msgspec.structs.replace(settings, app_env="production")
    async with serving(asgi.create_app(production)) as url, http_client(url) as client:
        assert (await client.get("/api/openapi.json")).status_code == 401
        for user in (people.requester, people.agent, people.admin):
            token = tokens.issue(user.id, settings.jwt_secret, 600)
            answer = await client.get("/api/openapi.json", headers={"Authorization": f"Bearer {token}"})
            assert (answer.status_code, answer.json()["info"]["title"]) == (200, "Bulkhead")
