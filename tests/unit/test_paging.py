import base64
import string
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType

from app.database import COUNT_LIMIT
from app.errors import InvalidRequest
from app.http.paging import Cursors, Pagination, Part
from app.lists import PagedQuery
from app.tickets.models import Place

SECRET = "k" * 32
JOB_ID = UUID("01980000-0000-7000-8000-000000000001")
SCOPE = [JOB_ID, "failed", None]
CURSORS = Cursors(SECRET)
ALPHABET = string.ascii_letters + string.digits + "-_"

positions = st.integers(0, 2**31 - 1)
words = st.none() | st.text(max_size=32)
scopes = st.tuples(st.uuids(), words, words).map(list)


def is_refused(cursor: str, scope: object = SCOPE, cursors: Cursors = CURSORS) -> bool:
    """Raise whatever `read` raises but `InvalidRequest` at the cursor."""
    try:
        cursors.read(cursor, int, scope)
    except InvalidRequest as refused:
        return [error.path for error in refused.errors] == ["query.cursor"]
    return False


@pytest.mark.parametrize(
    ("limit", "total", "pages"), [(20, 0, 0), (20, 1, 1), (20, 20, 1), (20, 21, 2), (1, 7, 7), (100, 10_000, 100)]
)
def test_there_are_as_many_pages_as_it_takes(limit: int, total: int, pages: int) -> None:
    wanted = Pagination(page=3, limit=limit, total=total, total_pages=pages, total_is_exact=True)
    assert Pagination.of(3, limit, total) == wanted


@given(st.integers(1, 100), st.integers(0, COUNT_LIMIT))
def test_the_last_page_has_something_on_it_and_nothing_is_left_out(limit: int, total: int) -> None:
    pages = Pagination.of(1, limit, total).total_pages
    assert (pages - 1) * limit < total <= pages * limit or total == pages == 0


@given(positions, scopes)
def test_a_cursor_gives_back_its_position(position: int, scope: list[object]) -> None:
    cursor = CURSORS.write(position, scope)
    assert CURSORS.read(cursor, int, scope) == position
    assert Cursors(SECRET).read(cursor, int, scope) == position


@given(positions)
def test_a_cursor_fits_into_a_query(position: int) -> None:
    cursor = CURSORS.write(position, SCOPE)
    assert set(cursor) <= set(ALPHABET)
    assert len(cursor) <= 100


@given(positions, scopes, scopes)
def test_a_cursor_is_refused_in_another_scope(position: int, scope: list[object], other: list[object]) -> None:
    assume(scope != other)
    assert is_refused(CURSORS.write(position, scope), other)


@pytest.mark.parametrize(
    "other",
    [
        [JOB_ID, "failed", ""],
        [JOB_ID, None, "failed"],
        [JOB_ID, "succeeded", None],
        [UUID(int=JOB_ID.int + 1), "failed", None],
        [JOB_ID, "failed"],
        [],
    ],
)
def test_a_cursor_of_this_list_is_none_of_another(other: list[object]) -> None:
    assert is_refused(CURSORS.write(20, SCOPE), other)


@given(positions, st.text(max_size=64))
def test_a_cursor_is_refused_under_another_secret(position: int, other: str) -> None:
    assume(other != SECRET)
    assert is_refused(CURSORS.write(position, SCOPE), cursors=Cursors(other))


@pytest.mark.parametrize("position", [0, 7, 20, 123, 4567])
def test_a_cursor_with_any_one_character_changed_is_refused(position: int) -> None:
    cursor = CURSORS.write(position, SCOPE)
    for at, right in enumerate(cursor):
        for wrong in ALPHABET + "+/= .~é\0":
            if wrong != right:
                assert is_refused(cursor[:at] + wrong + cursor[at + 1 :]), f"{wrong!r} at {at}"


def test_a_cursor_with_any_character_added_is_refused() -> None:
    cursor = CURSORS.write(20, SCOPE)
    for at in range(len(cursor) + 1):
        for added in ALPHABET + "+/= \n":
            assert is_refused(cursor[:at] + added + cursor[at:]), f"{added!r} at {at}"


def test_a_part_of_a_cursor_is_refused() -> None:
    cursor = CURSORS.write(1000, SCOPE)
    for at in range(len(cursor)):
        assert is_refused(cursor[:at])
        assert is_refused(cursor[at + 1 :])
        assert is_refused(cursor[:at] + cursor[at + 1 :])


@given(st.text(max_size=200))
def test_any_text_is_refused(text: str) -> None:
    assume(text != CURSORS.write(0, SCOPE))
    assert is_refused(text)


@given(st.binary(max_size=64))
def test_any_bytes_in_base64_are_refused(raw: bytes) -> None:
    assert is_refused(base64.urlsafe_b64encode(raw).decode().rstrip("="))


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("", id="empty"),
        pytest.param("=", id="padding"),
        pytest.param("====", id="much padding"),
        pytest.param("é", id="not ascii"),
        pytest.param("\ud800", id="a lone surrogate"),
        pytest.param("٣" * 24, id="other digits"),
        pytest.param("A" * 1_000_000, id="huge"),
        pytest.param("20", id="a bare position"),
    ],
)
def test_what_is_no_cursor_at_all_is_refused(cursor: str) -> None:
    assert is_refused(cursor)


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_position_may_be_anything_that_orders_a_list(moment: datetime, id_: UUID) -> None:
    cursor = CURSORS.write(Place(moment, id_), SCOPE)
    assert CURSORS.read(cursor, Place, SCOPE) == (moment, id_)
    assert len(cursor) <= 100


class Query(PagedQuery, frozen=True, kw_only=True):
    status: str | UnsetType = UNSET


def test_a_list_goes_on_where_it_stopped() -> None:
    first = CURSORS.part_of(Query(limit=3), [1, 2, 3, 4], int)
    assert first.items == [1, 2, 3]
    assert first.next_cursor is not None
    assert CURSORS.start_of(Query(limit=7, cursor=first.next_cursor), int) == 3
    assert CURSORS.part_of(Query(limit=3), [4, 5], int) == Part([4, 5], None)
    assert CURSORS.part_of(Query(), [], int) == Part([], None)


def test_a_list_does_not_go_on_as_another_one() -> None:
    cursor = CURSORS.part_of(Query(limit=1, status="open"), [1, 2], int).next_cursor or ""
    assert CURSORS.start_of(Query(cursor=cursor, status="open"), int) == 1
    for other, scope in ((Query(cursor=cursor), None), (Query(cursor=cursor, status="open"), JOB_ID)):
        with pytest.raises(InvalidRequest):
            CURSORS.start_of(other, int, scope)
