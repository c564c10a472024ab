from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, convert

from app.audit.queries import AuditQuery
from app.errors import InvalidRequest
from app.http import query
from app.jobs.queries import ExportQuery, ItemQuery, JobQuery
from app.tickets.filters import TicketFilter, TicketQuery
from app.tickets.types.fields import SoughtFields

ID = UUID("01980000-0000-7000-8000-000000000001")
EVERY_QUERY = [AuditQuery, ExportQuery, ItemQuery, JobQuery, TicketQuery]


def read(text: str, wanted: Any = TicketQuery) -> Any:
    return query.read(text, wanted)


def wrong_in(text: str, wanted: Any = TicketQuery) -> str:
    with pytest.raises(InvalidRequest) as refused:
        read(text, wanted)
    [error] = refused.value.errors
    assert error.message
    return error.path


def test_what_is_not_asked_for_is_as_the_struct_says() -> None:
    assert read("") == TicketQuery(page=1, limit=20, cursor=UNSET)
    assert read("", ExportQuery).format == "csv"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("page=3&limit=100", TicketQuery(page=3, limit=100)),
        ("status=open", TicketQuery(status="open")),
        ("status=open&status=closed", TicketQuery(status=["open", "closed"])),
        (f"assigneeId={ID}", TicketQuery(assignee_id=str(ID))),
        ("assigneeId=none&assigneeId=me", TicketQuery(assignee_id=["none", "me"])),
        (f"contactId={ID}&contactId={ID}", TicketQuery(contact_id=[ID, ID])),
        ("deleted=true", TicketQuery(deleted=True)),
        ("type=cable", TicketQuery(type="cable")),
        (
            "fields.cableLength=100&fields.quantity=2",
            TicketQuery(fields=convert({"cableLength": "100", "quantity": 2}, SoughtFields)),
        ),
        ("text=5", TicketQuery(text="5")),
        ("tags=true&tags=1", TicketQuery(tags=["true", "1"])),
        ("text=a%20b%2B%C3%A9", TicketQuery(text="a b+é")),
        ("createdAfter=2026-01-01T00:00:00Z", TicketQuery(created_after=datetime(2026, 1, 1, tzinfo=UTC))),
    ],
)
def test_parameters_are_read_as_what_they_are(text: str, wanted: TicketQuery) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("page=0", "query.page"),
        ("type=request", "query.type"),
        ("fields={}", "query.fields"),
        ("fields.colour=red", "query.fields.colour"),
        ("fields.quantity=two", "query.fields.quantity"),
        ("fields.cableType=Cat6&fields.cableType=Cat5e", "query.fields.cableType"),
        ("page=1.5", "query.page"),
        ("page=x", "query.page"),
        ("page=", "query.page"),
        ("page=1&page=2", "query.page"),
        ("page=" + "9" * 5000, "query.page"),
        ("limit=101", "query.limit"),
        ("status=new", "query.status"),
        ("status=open&status=new", "query.status[1]"),
        ("assigneeId=you", "query.assigneeId"),
        ("assigneeId=me%0A", "query.assigneeId"),
        ("assigneeId=none&assigneeId=x", "query.assigneeId[1]"),
        ("requesterId=none", "query.requesterId"),
        ("deleted=maybe", "query.deleted"),
        ("deleted=null", "query.deleted"),
        ("text=", "query.text"),
        ("text=a%00b", "query.text"),
        ("createdAfter=yesterday", "query.createdAfter"),
        ("createdAfter=1.5", "query.createdAfter"),
        ("createdAfter=2026-01-01T00:00:00", "query.createdAfter"),
        ("cursor=0", "query.cursor"),
        ("colour=red", "query.colour"),
        ("assignee_id=x", "query.assignee_id"),
        ("page=2&cursor=" + "A" * 30, "query"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(text: str, path: str) -> None:
    assert wrong_in(text) == path


def test_who_misspells_a_parameter_is_told_which_there_are() -> None:
    with pytest.raises(InvalidRequest) as refused:
        read("staus=open", JobQuery)
    assert refused.value.errors[0].message == (
        "No such parameter; there are: cursor, limit, page, requestedBy, scheduled, status, type"
    )


@pytest.mark.parametrize("wanted", EVERY_QUERY)
@given(text=st.text(max_size=100))
def test_any_text_is_read_or_refused_and_nothing_else_happens(wanted: Any, text: str) -> None:
    try:
        read(text, wanted)
    except InvalidRequest as refused:
        assert all(error.path.startswith("query") for error in refused.errors)  # noqa: PT017 - both ways are fine


def test_a_query_is_a_filter_with_a_part_of_the_list() -> None:
    assert isinstance(read("status=open"), TicketFilter)
