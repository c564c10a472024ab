from pathlib import Path

import pytest

from app.cli import removal, sizes


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (48_200_000, "48 MB"), (1_234_567_890, "1.2 GB")]
)
def test_sizes_are_for_people(size: int, text: str) -> None:
    assert sizes.in_words(size) == text


def test_a_link_is_neither_followed_nor_counted_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("x" * 100_000)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    assert sizes.of([tmp_path / "link", tmp_path / "none"]) == "0 B"
    for name in ("link", "folder", "none"):
        removal.delete(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept" / "file").exists()
