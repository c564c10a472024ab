import base64
import string
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.database import COUNT_LIMIT
from app.errors import InvalidRequest
from app.paging import Cursors, Pagination

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
        cursors.read(cursor, scope)
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
    assert CURSORS.read(cursor, scope) == position
    assert Cursors(SECRET).read(cursor, scope) == position


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


@pytest.mark.parametrize("body", ["020", "+20", " 20", "2_0"])
def test_a_position_that_we_would_not_write_is_refused_even_when_it_is_signed(body: str) -> None:
    raw = body.encode()
    assert is_refused(base64.urlsafe_b64encode(CURSORS._mac(raw, SCOPE) + raw).decode().rstrip("="))
