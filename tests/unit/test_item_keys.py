import msgspec
import pytest

from app.inventory.models import CableGauge, CableLength, ItemKey


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("100", "100 ft"),
        ("100 ft", "100 ft"),
        ("100FT", "100 ft"),
        ("100.0ft", "100 ft"),
        ("10.50 m", "10.5 m"),
        ("0.5M", "0.5 m"),
        ("0.05", "0.05 ft"),
        ("99999.99 m", "99999.99 m"),
    ],
)
def test_a_length_is_kept_in_one_way(written: str, kept: str) -> None:
    assert msgspec.convert(written, CableLength) == written
    assert ItemKey.of("Cat6", "23AWG", written) == ("Cat6", "23AWG", kept)
    assert ItemKey.of("Cat6", "23AWG", kept).cable_length == kept
    assert len(kept) <= 16


@pytest.mark.parametrize(
    "written",
    ["", "0", "0.0", "00", "-1", "+1", "1e3", "100 cm", "100  ft", "100 ", "ft", "100 ft\n", "1.234", "٣ ft", "100000"],
)
def test_what_is_no_length_is_refused(written: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(written, CableLength)


@pytest.mark.parametrize("written", ["", " ", " 23AWG", "23AWG ", "23\nAWG", "23AWG\n", "23\x00AWG", "x" * 33])
def test_a_gauge_is_one_line_of_something(written: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(written, CableGauge)
