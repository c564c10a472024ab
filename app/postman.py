"""A Postman collection of the API, made of its OpenAPI document: `python -m app.postman`.

It logs in first, with `username` and `password`. What a request makes, those after it are about: their paths have its
id in a variable. Each request has a test: its answer has a status that the document names, and not for a fault of ours.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from itertools import groupby
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from app import openapi
from app.http.examples import BODIES, TICKET
from app.http.forms import FORM

Json = dict[str, Any]

SCHEMA: Final = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
ORDER: Final = {"post": 0, "get": 1, "put": 2, "patch": 3, "delete": 4}  # made first, and deleted last
FAULTS: Final = 500
IN_PATH: Final = re.compile(r"{(\w+)}")


class Operation(NamedTuple):
    path: str
    method: str
    told: Json

    @property
    def folder(self) -> str:
        return str(self.told["tags"][0])

    @property
    def is_public(self) -> bool:
        return bool(self.told.get("security") == [{}])

    @property
    def statuses(self) -> list[int]:
        """Return what its answer may be, if all is well here and someone is logged in."""
        unexpected = set() if self.is_public else {HTTPStatus.UNAUTHORIZED}
        return sorted({int(status) for status in self.told["responses"] if int(status) < FAULTS} - unexpected)


def collection() -> Json:
    """Return it as Postman's collections are, in version 2.1."""
    document = openapi.document()
    operations = sorted(_operations(document), key=lambda one: (one.folder, ORDER[one.method], one.path))
    folders = groupby(operations, key=lambda one: one.folder)
    return {
        "info": {
            "name": document["info"]["title"],
            "description": document["info"]["description"],
            "version": document["info"]["version"],
            "schema": SCHEMA,
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{accessToken}}", "type": "string"}]},
        "variable": [{"key": name, "value": value} for name, value in _variables(operations)],
        "item": [
            _log_in(),
            *({"name": name, "item": [_item(one, document) for one in inside]} for name, inside in folders),
        ],
    }


def text() -> str:
    """Return it in an order that only changes of the API change."""
    return json.dumps(collection(), indent=2, ensure_ascii=False) + "\n"


def _operations(document: Json) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in item.keys() & ORDER.keys():
            yield Operation(path, method, item[method])


def _variables(operations: Iterable[Operation]) -> Iterator[tuple[str, str]]:
    yield from {"baseUrl": "http://127.0.0.1:3001", "username": "admin", "password": "", "accessToken": ""}.items()
    for name in sorted({name for one in operations for name in IN_PATH.findall(one.path)}):
        yield name, TICKET if name.endswith("_id") else "what-the-link-ends-with"


def _log_in() -> Json:
    body = json.dumps({"username": "{{username}}", "password": "{{password}}"})
    return {
        "name": "Log in",
        "request": {
            "method": "POST",
            "auth": {"type": "noauth"},
            "url": _url("/api/login", []),
            "header": [_header("Content-Type", "application/json")],
            "body": {"mode": "raw", "raw": body},
        },
        "event": [_test([200], 'pm.collectionVariables.set("accessToken", pm.response.json().access_token);')],
    }


def _item(operation: Operation, document: Json) -> Json:
    request: Json = {
        "method": operation.method.upper(),
        "url": _url(operation.path, operation.told.get("parameters", [])),
        "description": _described(operation.told),
        "header": list(_headers(operation.told)),
    }
    if operation.is_public:
        request["auth"] = {"type": "noauth"}
    if media_type := _media_type(operation.told):
        request["header"].append(_header("Content-Type", media_type))
        request["body"] = {"mode": "raw", "raw": _body(operation.told, media_type)}
    keep = list(_keep(operation, document))
    return {
        "name": operation.told["operationId"],
        "request": request,
        "event": [_test(operation.statuses, *keep)],
        "protocolProfileBehavior": {"followRedirects": False},
    }


def _described(told: Json) -> str:
    return str(told.get("description") or told["summary"])


def _url(path: str, parameters: list[Json]) -> Json:
    filled = IN_PATH.sub(r"{{\1}}", path)
    query = [
        {"key": one["name"], "value": "", "description": one.get("description") or "", "disabled": True}
        for one in parameters
        if one["in"] == "query"
    ]
    url: Json = {"raw": f"{{{{baseUrl}}}}{filled}", "host": ["{{baseUrl}}"], "path": filled.strip("/").split("/")}
    return url | ({"query": query} if query else {})


def _headers(told: Json) -> Iterator[Json]:
    for one in told.get("parameters", []):
        if one["in"] == "header":
            yield _header(one["name"], "", description=one.get("description") or "", disabled=True)


def _header(key: str, value: str, **more: Any) -> Json:
    return {"key": key, "value": value} | more


def _media_type(told: Json) -> str | None:
    return next(iter(told.get("requestBody", {}).get("content", ())), None)


def _body(told: Json, media_type: str) -> str:
    """Return the first of the examples that there are."""
    example = BODIES[next(iter(told["requestBody"]["content"][media_type]["examples"]))]
    if media_type == FORM:
        return urlencode(example)
    return example if isinstance(example, str) else json.dumps(example, indent=2)


def _keep(operation: Operation, document: Json) -> Iterator[str]:
    """Keep the id of what a request makes, where there is a path for it."""
    if operation.method != "post":
        return
    for path in document["paths"]:
        if found := re.fullmatch(re.escape(operation.path) + r"/{(\w+)}", path):
            yield f'if (pm.response.code < 300) pm.collectionVariables.set("{found[1]}", pm.response.json().id);'


def _test(statuses: list[int], *more: str) -> Json:
    check = f"pm.expect({statuses}).to.include(pm.response.code)"
    test = f'pm.test("The status is one that the document names", () => {check});'
    return {"listen": "test", "script": {"type": "text/javascript", "exec": [test, *more]}}


if __name__ == "__main__":
    sys.stdout.write(text())
