import pytest

from app import phones


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("+49 30 1234567", "+49301234567"),
        ("+49301234567", "+49301234567"),
        ("  +1 (415) 555-2671 ", "+14155552671"),
        ("+44\N{NO-BREAK SPACE}20\N{NO-BREAK SPACE}7946\N{NO-BREAK SPACE}0958", "+442079460958"),
        ("+39 06 1234 5678", "+390612345678"),
    ],
)
def test_a_number_is_kept_in_e_164(text: str, kept: str) -> None:
    assert phones.parsed(text) == kept
    assert phones.parsed(kept) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "ada",
        "030 1234567",
        "0049 30 1234567",
        "tel:+49301234567",
        "tel:301234567;phone-context=+49",
        "+49 30 1234567 ext. 5",
        "+999 1234567",
        "+49 30",
        "+49" + "1" * 30,
        "+" + "1" * 100_000,
    ],
)
def test_what_cannot_be_dialled_from_everywhere_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"with its country's code, such as \+49 30 1234567"):
        phones.parsed(text)
