import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from app.accounts.schemas import LoginRequest
from app.errors import FieldError, InvalidRequest
from app.http import bodies
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.registry import AnyJobRequest
from app.tickets.schemas import CreateTicket, PatchTicket, ReplaceTicket

TICKET_ID = "01980000-0000-7000-8000-000000000001"
DEEP = b"[" * 100_000
EVERY_BODY = [AnyJobRequest, CreateTicket, LoginRequest, PatchTicket, ReplaceTicket]


class Figures(Struct):
    whole: int = 0
    real: float = 0


def errors_of(body: bytes, wanted: Any) -> Sequence[FieldError]:
    with pytest.raises(InvalidRequest) as refused:
        bodies.decode(body, wanted)
    return refused.value.errors


def path_of(body: bytes, wanted: Any) -> str:
    [error] = errors_of(body, wanted)
    assert error.message
    return error.path


def job(**fields: object) -> bytes:
    return json.dumps({"type": "bulk-delete", "payload": {"ticketIds": [TICKET_ID]}} | fields).encode()


def test_a_body_becomes_what_was_wanted() -> None:
    assert bodies.decode(b'{"title": "Printer on fire"}', CreateTicket) == CreateTicket("Printer on fire")
    read = bodies.decode(job(reason="spring clean"), AnyJobRequest)
    assert isinstance(read, BulkDelete)
    assert (read.type, read.reason, read.payload.ticket_ids) == ("bulk-delete", "spring clean", [UUID(TICKET_ID)])


def test_the_order_of_fields_does_not_matter() -> None:
    body = f'{{"payload": {{"ticketIds": ["{TICKET_ID}"]}}, "type": "bulk-delete"}}'.encode()
    assert bodies.decode(body, AnyJobRequest) == bodies.decode(job(), AnyJobRequest)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b" \n", id="blank"),
        pytest.param(b"title=x", id="a form"),
        pytest.param(b"{'title': 'x'}", id="single quotes"),
        pytest.param(b'{"title": "x",}', id="a comma too many"),
        pytest.param(b'{"title": "x"', id="cut off"),
        pytest.param(b'{"title": "x"} x', id="something behind"),
        pytest.param(b'{"title": "a\nb"}', id="a bare line break"),
        pytest.param(b'{"title": NaN}', id="NaN"),
        pytest.param(b"NaN", id="bare NaN"),
        pytest.param(b"Infinity", id="infinity"),
        pytest.param(b'\xef\xbb\xbf{"title": "x"}', id="a byte order mark"),
        pytest.param('{"title": "x"}'.encode("utf-16"), id="utf-16"),
        pytest.param(b'{"title": "\xff"}', id="bytes that are not utf-8"),
        pytest.param(b'{"title": "\xed\xa0\x80"}', id="a surrogate in utf-8"),
        pytest.param(b'{"\xff": "x"}', id="a name that is not utf-8"),
        pytest.param(b'{"title": "\\ud800"}', id="a lone high surrogate"),
        pytest.param(b'{"title": "\\udc00"}', id="a lone low surrogate"),
        pytest.param(b'{"title": "\\ud800x"}', id="a surrogate before a letter"),
        pytest.param(b'{"title": "\\ud800\\u0041"}', id="half a pair"),
        pytest.param(b'{"\\ud800": "x"}', id="a surrogate in a name"),
    ],
)
def test_what_is_not_json_is_refused_as_a_whole(body: bytes) -> None:
    assert path_of(body, CreateTicket) == "$"


@pytest.mark.parametrize("wanted", EVERY_BODY)
@pytest.mark.parametrize("body", [b"null", b"[]", b'"x"', b"5", b"true"])
def test_what_is_no_object_is_refused_as_a_whole(body: bytes, wanted: Any) -> None:
    assert path_of(body, wanted) == "$"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param(b'{"title": 5}', "$.title", id="a number"),
        pytest.param(b'{"title": null}', "$.title", id="null"),
        pytest.param(b'{"title": ["x"]}', "$.title", id="a list"),
        pytest.param(b'{"title": ""}', "$.title", id="too short"),
        pytest.param(b'{"title": "' + b"x" * 256 + b'"}', "$.title", id="too long"),
        pytest.param(b'{"title": "a\\u0000b"}', "$.title", id="nul"),
        pytest.param(b'{"title": "\\u0000"}', "$.title", id="nothing but nul"),
        pytest.param(b'{"title": "a\\n\\u0000"}', "$.title", id="nul behind a line break"),
        pytest.param(b'{"title": "x", "description": "\\u0000"}', "$.description", id="nul in a description"),
        pytest.param(b'{"title": "x", "status": "new"}', "$.status", id="no such status"),
        pytest.param(b'{"title": "x", "priority": 1}', "$.priority", id="a number for a word"),
        pytest.param(b'{"title": ' + b"9" * 5000 + b"}", "$.title", id="a number of 5000 digits"),
        pytest.param(b'{"title": 1e999}', "$.title", id="a number past all floats"),
        pytest.param(b'{"title": ' + DEEP, "$.title", id="100,000 brackets"),
        pytest.param(b"{}", "$", id="missing"),
        pytest.param(b'{"title": "x", "colour": "red"}', "$", id="unknown"),
        pytest.param(b'{"title": "x", "Title": "x"}', "$", id="unknown but for its case"),
    ],
)
def test_a_bad_ticket_is_refused_where_it_is_bad(body: bytes, path: str) -> None:
    assert path_of(body, CreateTicket) == path


def test_a_title_may_be_anything_else_that_postgres_takes() -> None:
    title = "a\nb\t\x01 é 🔥 \ufeff\u202e"
    assert bodies.decode(json.dumps({"title": title}).encode(), CreateTicket).title == title


@pytest.mark.parametrize("missing", ["title", "description", "status"])
def test_to_replace_a_ticket_takes_every_field(missing: str) -> None:
    whole = {"title": "x", "description": "", "status": "open", "priority": "low"}
    [error] = errors_of(json.dumps({name: whole[name] for name in whole if name != missing}).encode(), ReplaceTicket)
    assert (error.path, missing in error.message) == ("$", True)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param(job(type="bulk-destroy"), "$.type", id="unknown type"),
        pytest.param(job(type="Bulk-Delete"), "$.type", id="type in another case"),
        pytest.param(job(type=5), "$.type", id="a number for a type"),
        pytest.param(job(type=None), "$.type", id="null for a type"),
        pytest.param(b'{"payload": {"ticketIds": ["%s"]}}' % TICKET_ID.encode(), "$", id="no type"),
        pytest.param(b'{"type": "bulk-delete"}', "$", id="no payload"),
        pytest.param(job(payload={}), "$.payload", id="no ids"),
        pytest.param(job(payload=[TICKET_ID]), "$.payload", id="a list for a payload"),
        pytest.param(job(payload={"ticketIds": []}), "$.payload.ticketIds", id="an empty list of ids"),
        pytest.param(job(payload={"ticketIds": TICKET_ID}), "$.payload.ticketIds", id="one id and no list"),
        pytest.param(
            job(payload={"ticketIds": [TICKET_ID, "x"]}), "$.payload.ticketIds[1]", id="an id that is no uuid"
        ),
        pytest.param(job(payload={"ticketIds": [TICKET_ID, 5]}), "$.payload.ticketIds[1]", id="a number for an id"),
        pytest.param(job(payload={"ticketIds": [None]}), "$.payload.ticketIds[0]", id="null for an id"),
        pytest.param(job(payload={"ticketIds": [""]}), "$.payload.ticketIds[0]", id="an empty id"),
        pytest.param(job(payload={"ticketIds": [TICKET_ID + "0"]}), "$.payload.ticketIds[0]", id="an id too long"),
        pytest.param(job(payload={"ticketIds": [TICKET_ID], "all": True}), "$.payload", id="unknown in the payload"),
        pytest.param(job(payload={"ticket_ids": [TICKET_ID]}), "$.payload", id="snake case"),
        pytest.param(job(dryRun=True), "$", id="unknown beside the payload"),
        pytest.param(job(reason=""), "$.reason", id="an empty reason"),
        pytest.param(job(reason="x" * 501), "$.reason", id="a reason too long"),
        pytest.param(job(reason="\0"), "$.reason", id="nul in a reason"),
        pytest.param(b'{"payload": ' + DEEP, "$", id="100,000 brackets for a payload"),
        pytest.param(b'{"payload": {"ticketIds": ' + DEEP, "$", id="100,000 brackets for ids"),
    ],
)
def test_a_bad_job_is_refused_where_it_is_bad(body: bytes, path: str) -> None:
    assert path_of(body, AnyJobRequest) == path


@pytest.mark.parametrize("wanted", EVERY_BODY)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(DEEP, id="brackets"),
        pytest.param(b'{"a":' * 100_000, id="braces"),
        pytest.param(b'{"type":' + DEEP, id="a type"),
        pytest.param(b'{"payload":' + DEEP, id="a payload before its type"),
        pytest.param(b'{"payload":' + DEEP + b"]" * 100_000 + b',"type":"other"}', id="a payload that is closed again"),
    ],
)
def test_a_body_as_deep_as_a_well_is_refused(body: bytes, wanted: Any) -> None:
    assert path_of(body, wanted).startswith("$")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b'{"whole": "1"}', "$.whole"),
        (b'{"whole": 1.5}', "$.whole"),
        (b'{"whole": true}', "$.whole"),
        (b'{"whole": 1e999}', "$.whole"),
        (b'{"whole": ' + b"9" * 5000 + b"}", "$.whole"),
        (b'{"real": 1e999}', "$.real"),
        (b'{"real": ' + b"9" * 5000 + b"}", "$.real"),
        (b'{"real": NaN}', "$"),
        (b'{"real": -Infinity}', "$"),
    ],
    ids=lambda given: given if isinstance(given, str) else given[:20].decode(),
)
def test_figures_are_read_strictly(body: bytes, path: str) -> None:
    assert path_of(body, Figures) == path


@pytest.mark.parametrize(
    ("body", "wanted", "error"),
    [
        pytest.param(
            job(type="x - at `y`"),
            AnyJobRequest,
            FieldError("$.type", "There is no such value: 'x - at `y`'"),
            id="in a value",
        ),
        pytest.param(
            b'{"a - at `b": 1}',
            CreateTicket,
            FieldError("$", "Object contains unknown field `a - at `b`"),
            id="in a name",
        ),
    ],
)
def test_the_path_is_ours_whatever_the_client_writes(body: bytes, wanted: Any, error: FieldError) -> None:
    assert list(errors_of(body, wanted)) == [error]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from(["type", "payload", "reason", "ticketIds", "title", "status", "username", "password"])


@given(st.dictionaries(names, json_values | st.dictionaries(names, json_values)), st.sampled_from(EVERY_BODY))
def test_any_object_is_taken_or_refused_and_nothing_else_happens(value: dict[str, Any], wanted: Any) -> None:
    try:
        bodies.decode(json.dumps(value).encode(), wanted)
    except InvalidRequest as refused:
        assert all(error.path.startswith("$") for error in refused.errors)  # noqa: PT017 - both ways are fine


@given(st.binary(), st.sampled_from(EVERY_BODY))
def test_any_bytes_are_refused(body: bytes, wanted: Any) -> None:
    if body.strip() != b"{}":
        assert path_of(body, wanted) == "$"
