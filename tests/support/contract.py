"""Holds each answer of the API against what its OpenAPI document says of that route."""

import re
from typing import Any
from uuid import uuid4

import httpx
from jsonschema_rs import Draft202012Validator

from tests.support.document import document


def filled(path: str) -> str:
    """Return a path of the document with ids that nothing has."""
    return re.sub(r"{\w+}", lambda _: str(uuid4()), path)


def _parameters(item: tuple[str, Any]) -> int:
    return item[0].count("{")


class Contract:
    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._paths = [
            (re.compile(re.sub(r"\{[^}]+\}", r"[^/]+", path)), operations)
            for path, operations in sorted(document["paths"].items(), key=_parameters)  # concrete ones match first
        ]
        self._validators: dict[int, Draft202012Validator] = {}

    @classmethod
    def of_the_app(cls) -> "Contract":
        return cls(document())

    async def check(self, response: httpx.Response) -> None:
        """Fail when a status, a media type or a body is not as the document says."""
        operation = self._operation(response.request)
        if operation is None:
            return
        await response.aread()
        declared = operation["responses"].get(str(response.status_code))
        where = f"{response.request.method} {response.request.url.path} -> {response.status_code}"
        assert declared is not None, f"{where} is not in the document: {response.text[:300]}"
        if not response.content and not declared.get("content"):
            return
        media_type = response.headers["content-type"].partition(";")[0]
        assert media_type in declared["content"], f"{where} has {media_type}, declared are {list(declared['content'])}"
        if media_type.endswith("ndjson") or not media_type.endswith("json"):
            return  # a file: its own tests look into it
        self._validator(declared["content"][media_type]["schema"]).validate(response.json())

    def _validator(self, schema: dict[str, Any]) -> Draft202012Validator:
        found = self._validators.get(id(schema))  # the document has it as long as this is there
        if found is None:
            whole = {**schema, "components": self._document["components"]}
            found = self._validators[id(schema)] = Draft202012Validator(whole, validate_formats=True)
        return found

    def _operation(self, request: httpx.Request) -> dict[str, Any] | None:
        for pattern, operations in self._paths:
            if pattern.fullmatch(request.url.path):
                found: dict[str, Any] | None = operations.get(request.method.lower())
                return found
        return None
