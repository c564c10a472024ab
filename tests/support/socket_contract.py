"""Holds what sockets are told against the AsyncAPI document."""

import functools
from typing import Any

from jsonschema import Draft202012Validator

from app import asyncapi

Json = dict[str, Any]


@functools.cache
def document() -> Json:
    """Return the AsyncAPI document, to be read only."""
    return asyncapi.document()


def check_event(name: str, payload: object) -> None:
    """Fail when an event is not as the document says."""
    message = document()["components"]["messages"].get(asyncapi.key_of(name))
    assert message is not None, f"{name} is not in the document"
    _validator(message["payload"]["$ref"]).validate(payload)


def check_ack(name: str, ack: object) -> None:
    """Fail when the answer to an event is not one of those that the document names; unknown events have none."""
    operation = document()["operations"].get(asyncapi.key_of(name), {"reply": {"messages": []}})
    names = [message["$ref"].rpartition("/")[2] for message in operation["reply"]["messages"]] or ["Refusal"]
    references = [document()["components"]["messages"][name]["payload"]["$ref"] for name in names]
    assert any(_validator(reference).is_valid(ack) for reference in references), f"{name}: {ack}"


@functools.cache
def _validator(reference: str) -> Draft202012Validator:
    schema = {"$ref": reference, "components": document()["components"]}
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
