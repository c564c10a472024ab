from pathlib import Path

import pytest

from app.cli import console
from app.cli.errors import CliError


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(console, "WEB", tmp_path)
    monkeypatch.setattr(console, "BUILT", tmp_path / "dist")
    return tmp_path


def test_a_start_without_sources_says_nothing(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    console.ensure(print)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("is_built", "kept"), [(False, "all else works without"), (True, "the one that was built before stays")]
)
@pytest.mark.parametrize("error", [CliError("no npm"), PermissionError("no npm")])
def test_a_start_goes_on_when_the_console_cannot_be_built(
    web: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    is_built: bool,
    kept: str,
) -> None:
    def fail(_: object) -> None:
        raise error

    (web / "package-lock.json").touch()
    if is_built:
        (web / "dist").mkdir()
        (web / "dist" / "index.html").touch()
    monkeypatch.setattr(console, "build", fail)
    console.ensure(print)
    assert capsys.readouterr().err == (
        f"bulkhead: the console was not built, and {kept}; ./manage.sh build tries again: no npm\n"
    )
