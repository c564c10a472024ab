import msgspec
import pytest

from app.errors import InvalidRequest
from app.http import forms


class Wanted(msgspec.Struct, frozen=True):
    name: str
    note: str = ""


def paths(body: bytes) -> list[str]:
    with pytest.raises(InvalidRequest) as refused:
        forms.read(body, Wanted, InvalidRequest)
    return [error.path for error in refused.value.errors]


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b"name=ada", Wanted("ada")),
        (b"name=a+b%26c%3Dd&note=%C3%A9", Wanted("a b&c=d", "\N{LATIN SMALL LETTER E WITH ACUTE}")),
        ("name=\N{LATIN SMALL LETTER E WITH ACUTE}".encode(), Wanted("\N{LATIN SMALL LETTER E WITH ACUTE}")),
        (b"name=true&other=1&other=2", Wanted("true")),
        (b"name=1&note=", Wanted("1")),
    ],
)
def test_a_form_is_text_by_name_and_what_else_is_in_it_does_not_matter(body: bytes, read: Wanted) -> None:
    assert forms.read(body, Wanted, InvalidRequest) == read


@pytest.mark.parametrize("body", [b"", b"name", b"name=", b"Name=ada", b"\xff\xfe", b'{"name": "ada"}'])
def test_what_is_missing_is_said(body: bytes) -> None:
    assert paths(body) == ["form"]


def test_a_field_that_is_there_twice_is_refused() -> None:
    assert paths(b"name=ada&name=grace") == ["form.name"]
