from typing import Any
from uuid import UUID

import msgspec
import pytest

from app.http import bodies
from app.jobs.idempotency import fingerprint_of
from app.jobs.operations.registry import AnyJobRequest

ONE, TWO = "01980000-0000-7000-8000-000000000001", "01980000-0000-7000-8000-000000000002"


def fingerprint(payload: dict[str, Any], **more: Any) -> bytes:
    body = msgspec.json.encode({"type": "bulk-update", "payload": {"status": "closed"} | payload} | more)
    return fingerprint_of(bodies.decode(body, AnyJobRequest))


SAME = {
    "ids": ({"ticketIds": [ONE, TWO]}, {"ticketIds": [TWO, ONE]}),
    "how ids are spelled": ({"ticketIds": [ONE]}, {"ticketIds": [UUID(ONE).hex.upper()]}),
    "exceptions": (
        {"filter": {"status": "open"}, "excludeIds": [ONE, TWO]},
        {"filter": {"status": "open"}, "excludeIds": [TWO, ONE]},
    ),
    "a filter's values": (
        {"filter": {"status": ["open", "closed"], "tags": ["b", "a"]}},
        {"filter": {"tags": ["a", "b"], "status": ["closed", "open"]}},
    ),
    "tags": ({"ticketIds": [ONE], "addTags": ["a", "b"]}, {"ticketIds": [ONE], "addTags": ["b", "a"]}),
}
OTHER = {
    "another id": ({"ticketIds": [ONE]}, {"ticketIds": [TWO]}),
    "an id more": ({"ticketIds": [ONE]}, {"ticketIds": [ONE, TWO]}),
    "an id twice, which is answered": ({"ticketIds": [ONE, TWO]}, {"ticketIds": [ONE, TWO, TWO]}),
    "another exception": (
        {"filter": {}, "all": True, "excludeIds": [ONE]},
        {"filter": {}, "all": True, "excludeIds": [TWO]},
    ),
    "another tag": ({"ticketIds": [ONE], "addTags": ["a"]}, {"ticketIds": [ONE], "addTags": ["b"]}),
    "tags of another use": ({"ticketIds": [ONE], "addTags": ["a"]}, {"ticketIds": [ONE], "removeTags": ["a"]}),
    "another filter": ({"filter": {"tags": ["a"]}}, {"filter": {"text": "a"}}),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=list(SAME))
def test_the_order_of_what_is_listed_means_nothing(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=list(OTHER))
def test_what_means_something_else_is_another_request(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_so_is_what_is_asked_for_in_another_way() -> None:
    ids = {"ticketIds": [ONE]}
    ways = [fingerprint(ids), fingerprint(ids, reason="Spam"), fingerprint(ids, priority="high")]
    assert len(set(ways)) == len(ways)
