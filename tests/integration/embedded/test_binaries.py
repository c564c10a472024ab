import os
import threading
from pathlib import Path

import pytest

from app.embedded import binaries, folders
from app.embedded.errors import EmbeddedError


@pytest.fixture
def bin_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(folder: Path, program: str, version: str) -> None:
    (folder / program).write_text(f"#!/bin/sh\necho '{version}'\n")
    (folder / program).chmod(0o755)


def test_servers_on_the_path_are_taken_where_no_wheel_runs(bin_dir: Path) -> None:
    install(bin_dir, "postgres", "postgres (PostgreSQL) 18.1 (Homebrew)")
    install(bin_dir, "redis-server", "Redis server v=7.2.4")
    assert binaries.on_path() == tuple(bin_dir / name for name in ("initdb", "postgres", "psql", "redis-server"))


def test_an_old_postgres_on_the_path_is_refused(bin_dir: Path) -> None:
    install(bin_dir, "postgres", "postgres (PostgreSQL) 15.18")
    install(bin_dir, "redis-server", "Redis server v=7.2.4")
    with pytest.raises(EmbeddedError, match="too old"):
        binaries.on_path()


def test_a_missing_server_is_named(bin_dir: Path) -> None:
    install(bin_dir, "postgres", "postgres (PostgreSQL) 18.1")
    with pytest.raises(EmbeddedError, match="no redis-server on the PATH"):
        binaries.on_path()


def test_two_at_once_fill_a_folder_once(tmp_path: Path) -> None:
    fills: list[Path] = []
    together = threading.Barrier(2)

    def fill(folder: Path) -> None:
        fills.append(folder)
        folder.mkdir()

    def publish() -> None:
        together.wait()
        folders.publish(tmp_path / "tree", fill)

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fills) == 1


def test_an_interrupted_filling_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    def interrupted(folder: Path) -> None:
        folder.mkdir()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folders.publish(tmp_path / "tree", interrupted)
    assert not (tmp_path / "tree").exists()
    folders.publish(tmp_path / "tree", Path.mkdir)
    assert (tmp_path / "tree").is_dir()


def test_what_is_published_is_readable_under_any_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        folders.publish(tmp_path / "parent" / "tree", Path.mkdir)
    finally:
        os.umask(before)
    assert (tmp_path / "parent" / "tree").stat().st_mode & 0o005
    assert (tmp_path / "parent").stat().st_mode & 0o005
