"""Walks the routes that the app really has; what they should be is `app.policy`."""

from collections.abc import Iterable
from typing import Any, get_args
from uuid import uuid4

import httpx
from litestar.routes import HTTPRoute

from app import asgi, policy
from app.accounts.models import Role
from app.openapi import NO_SERVICES
from app.settings import load_settings
from tests.support.contract import filled
from tests.support.people import People

Route = tuple[str, str]

ROLES: tuple[Role, ...] = get_args(Role)
NAMED = policy.PUBLIC | policy.ROLES.keys()
BY_COOKIE = {("POST", "/api/session/refresh")}
BY_LINK = {route for route in policy.PUBLIC if "{token}" in route[1]}
METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT", "TRACE")
UNKNOWN_PATHS = (
    "/api",
    "/api/",
    "/api/user",
    "/api/ticket",
    "/api/openapi",
    "/api/openapi.yaml",
    "/api/docs",
    "/api/tickets/a/b",
    "/api/jobs/a/b",
    "/api/schema",
    "/assets",
    "/assets/x.js",
    "/openapi.json",
    "/socket.io.js",
)


def routes_of_the_app() -> set[Route]:
    """Return what the app routes, but for the OPTIONS that litestar adds to each path."""
    settings = load_settings(
        {"APP_ENV": "test", "DATABASE_URL": "postgresql://nowhere", "REDIS_URL": "redis://nowhere"}
    )
    api = asgi.create_api(settings, NO_SERVICES)
    return {
        (method, route.path_format)
        for route in api.routes
        if isinstance(route, HTTPRoute)
        for method in route.methods - {"OPTIONS"}
    }


async def call_each(client: httpx.AsyncClient, routes: Iterable[Route]) -> dict[Route, httpx.Response]:
    answers = {}
    for method, path in sorted(routes):
        body: Any = {} if method in {"PATCH", "POST", "PUT"} else None
        answers[method, path] = await client.request(method, filled(path), json=body)
    return answers


def with_status(answers: dict[Route, httpx.Response], *statuses: int) -> set[Route]:
    return {route for route, answer in answers.items() if answer.status_code in statuses}


def test_the_table_names_routes_that_the_app_has_and_each_once() -> None:
    assert routes_of_the_app() >= NAMED
    assert not policy.PUBLIC & policy.ROLES.keys()
    assert all(roles and roles <= set(ROLES) for roles in policy.ROLES.values())


async def test_a_route_that_the_table_does_not_name_is_there_for_nobody(
    stranger: httpx.AsyncClient, requester: httpx.AsyncClient, agent: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    unnamed = routes_of_the_app() - NAMED
    for client in (requester, agent, admin):
        assert with_status(await call_each(client, unnamed), 404) == unnamed
    assert with_status(await call_each(stranger, unnamed), 401, 404) == unnamed


async def test_without_a_token_only_what_is_public_answers(stranger: httpx.AsyncClient) -> None:
    answers = await call_each(stranger, NAMED)
    assert with_status(answers, 401) == policy.ROLES.keys() | BY_COOKIE
    bodies = [answers[route].json() | {"requestId": ""} for route in policy.ROLES]
    assert bodies == bodies[:1] * len(bodies)
    assert with_status(answers, 200, 400) >= policy.PUBLIC - BY_COOKIE - BY_LINK
    assert with_status(answers, 200, 303, 400, 404) == policy.PUBLIC - BY_COOKIE


async def test_a_role_may_call_what_the_table_says_and_nothing_else(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    clients: dict[Role, httpx.AsyncClient] = {"requester": requester, "agent": agent, "admin": admin}
    assert clients.keys() == set(ROLES)
    for role, client in clients.items():
        answers = await call_each(client, NAMED)
        forbidden = {route for route, roles in policy.ROLES.items() if role not in roles}
        assert with_status(answers, 403) == forbidden, role
        assert with_status(answers, 200, 201, 202, 204, 303, 400, 404) == NAMED - forbidden - BY_COOKIE, role


async def test_what_is_forbidden_is_forbidden_whatever_is_sent(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient
) -> None:
    for body in (b"", b"{", b"x" * 17_000_000):
        for client in (requester, agent):
            assert (await client.post("/api/jobs", content=body)).status_code == 403
    assert (await agent.post("/api/jobs/no-id/cancel")).status_code == 403


async def test_unknown_paths_are_not_found_by_any_method(
    stranger: httpx.AsyncClient, requester: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    for client, statuses in ((requester, {404, 405}), (admin, {404, 405}), (stranger, {401, 404, 405})):
        answers = {(method, path): await client.request(method, path) for method in METHODS for path in UNKNOWN_PATHS}
        assert {
            route: answer.status_code for route, answer in answers.items() if answer.status_code not in statuses
        } == {}
        assert {answer.json()["code"] for answer in answers.values()} <= {
            "not_found",
            "method_not_allowed",
            "unauthorized",
        }


async def test_wrong_methods_are_told_which_are_right(agent: httpx.AsyncClient) -> None:
    offered = {path: {method for method, of in NAMED if of == path} for _, path in NAMED}
    for path, right in offered.items():
        for method in set(METHODS) - right:
            answer = await agent.request(method, filled(path))
            assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed"), (method, path)
            assert set(answer.headers["allow"].split(", ")) - {"OPTIONS"} == right, (method, path)


async def test_head_and_options_do_nothing_and_tell_nothing(
    stranger: httpx.AsyncClient, agent: httpx.AsyncClient, people: People
) -> None:
    ticket = (await agent.post("/api/tickets", json={"title": "Secret"})).headers["location"]
    unknown = f"/api/tickets/{uuid4()}"
    for method in ("HEAD", "OPTIONS"):
        for client in (stranger, agent):
            answers = [await client.request(method, path) for path in (ticket, unknown)]
            told = [
                (answer.status_code, answer.headers.get("etag"), answer.headers.get("content-length"))
                for answer in answers
            ]
            assert told[0] == told[1]
            assert 400 <= answers[0].status_code < 500
            assert "Secret" not in answers[0].text
        answers = [await stranger.request(method, filled(path)) for _, path in NAMED]
        assert {answer.status_code for answer in answers} <= {401, 405}
    assert (await agent.get(ticket)).status_code == 200
