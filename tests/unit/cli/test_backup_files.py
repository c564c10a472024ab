import re
from pathlib import Path

import pytest

from app.cli.backups import files, taking
from app.cli.errors import CliError


def test_a_name_is_meant_where_it_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(files.CALLED_FROM, str(tmp_path))
    assert files.to_write("monday.tar") == files.given("monday.tar") == tmp_path / "monday.tar"
    assert files.given("/mnt/monday.tar") == Path("/mnt/monday.tar")


def test_a_folder_gets_a_file_with_the_time_in_its_name(tmp_path: Path) -> None:
    file = files.to_write(str(tmp_path))
    assert file.parent == tmp_path
    assert re.fullmatch(r"bulkhead-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.tar", file.name)


def test_without_a_name_it_goes_where_only_its_owner_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "FOLDER", tmp_path / "backups")
    file = files.to_write(None)
    assert file.parent == tmp_path / "backups"
    assert not file.parent.exists()  # a backup that is refused leaves nothing
    with taking.incoming(file):
        assert file.parent.stat().st_mode & 0o777 == 0o700


def test_a_file_that_is_there_stays_and_a_folder_that_is_not_is_not_made(tmp_path: Path) -> None:
    (tmp_path / "monday.tar").touch()
    with pytest.raises(CliError, match=r"monday\.tar is there already"):
        files.to_write(str(tmp_path / "monday.tar"))
    with pytest.raises(CliError, match=r"there is no folder .*: make it first"):
        files.to_write(str(tmp_path / "nowhere" / "monday.tar"))
