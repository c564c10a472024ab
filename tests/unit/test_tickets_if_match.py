import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tickets.controller import versions_of


@pytest.mark.parametrize("header", [None, "*", " * "])
def test_every_version_is_let_through(header: str | None) -> None:
    assert versions_of(header) is None


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        ('"3"', {3}),
        ("3", {3}),
        ('W/"3"', {3}),  # what a proxy that compresses makes of an ETag
        (' "3" ', {3}),
        ('"3", "4"', {3, 4}),
        ('"3","3"', {3}),
        ('W/"3" ,"4",5', {3, 4, 5}),
        ('"3", garbage', {3}),
        ('"3",', {3}),
        ('"999999999"', {999_999_999}),
        ('"0"', {0}),
    ],
)
def test_the_versions_that_are_named_are_let_through(header: str, versions: set[int]) -> None:
    assert versions_of(header) == frozenset(versions)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="empty"),
        pytest.param(" ", id="blank"),
        pytest.param('""', id="an empty tag"),
        pytest.param(",,", id="commas"),
        pytest.param("W/", id="nothing weak"),
        pytest.param('"abc"', id="a word"),
        pytest.param('"-3"', id="below zero"),
        pytest.param('"+3"', id="a sign"),
        pytest.param('"3.0"', id="a fraction"),
        pytest.param('"1_0"', id="an underscore"),
        pytest.param('"0x3"', id="hexadecimal"),
        pytest.param('"1e3"', id="an exponent"),
        pytest.param('"٣"', id="an arabic digit"),
        pytest.param('"\uff13"', id="a wide digit"),
        pytest.param('"³"', id="a raised digit"),
        pytest.param('"1000000000"', id="past the column"),
        pytest.param('"' + "9" * 5000 + '"', id="5000 digits"),
        pytest.param('"*"', id="a star in quotes"),
        pytest.param("\x00", id="nul"),
    ],
)
def test_no_version_is_let_through_by_what_is_none(header: str) -> None:
    assert versions_of(header) == frozenset()


@given(st.text())
def test_any_header_is_read_without_complaint_and_only_a_star_lets_everything_through(header: str) -> None:
    versions = versions_of(header)
    assert (versions is None) is (header.strip() == "*")
    assert all(0 <= version < 2**31 for version in versions or ())
