import hashlib
import subprocess
import tarfile
from pathlib import Path

import pytest

from app.cli.backups import archive, reading
from app.cli.errors import CliError
from tests.support import backups
from tests.support.backups import DUMP


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return backups.write(tmp_path / "backup.tar", backups.manifest(), DUMP[:700], DUMP[700:])


def test_what_was_written_is_read(file: Path) -> None:
    backup = archive.read(file)
    assert backup.manifest == backups.manifest()
    assert backup.dump_sum == hashlib.sha256(DUMP).hexdigest()
    with backup.dump() as dump:
        assert dump.read(backup.dump_bytes) == DUMP
    archive.check_dump(backup)


def test_it_can_be_taken_apart_and_checked_with_what_every_system_has(file: Path) -> None:
    subprocess.run(["/bin/tar", "-xf", file], cwd=file.parent, check=True)
    assert (file.parent / "dump.pgdump").read_bytes() == DUMP
    done = subprocess.run(
        ["/usr/bin/sha256sum", "-c", "SHA256SUMS"], cwd=file.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout == "dump.pgdump: OK\nmanifest.json: OK\n"


@pytest.mark.parametrize("size", [0, 511, 512, 513])
def test_a_dump_may_have_any_size(tmp_path: Path, size: int) -> None:
    backup = archive.read(backups.write(tmp_path / "backup.tar", backups.manifest(), bytes(size)))
    assert backup.dump_bytes == size
    archive.check_dump(backup)


def test_a_dump_may_be_larger_than_the_oldest_tar_files_allow() -> None:
    header = archive._header(archive.DUMP, 9 * 1024**3)
    assert len(header) == tarfile.BLOCKSIZE
    assert tarfile.TarInfo.frombuf(header, "utf-8", "strict").size == 9 * 1024**3


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.7])
def test_a_file_that_was_cut_off_is_refused(file: Path, share: float) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(CliError, match="is not a whole backup"):
        archive.read(file)


def test_something_else_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("notes\n" * 1000)
    with pytest.raises(CliError, match="is not a whole backup"):
        archive.read(other)
    with tarfile.open(other, "w") as tar:
        tar.add(__file__)
    with pytest.raises(CliError, match="is not a whole backup"):
        archive.read(other)
    with pytest.raises(CliError, match="there is no file"):
        archive.read(tmp_path)


def test_a_byte_that_has_changed_is_noticed_wherever_it_is(file: Path) -> None:
    whole = file.read_bytes()
    for place, said in ((whole.index(b"or so"), "is broken"), (whole.index(b'"rows": 3') + 8, "not as it was written")):
        file.write_bytes(whole[:place] + b"4" + whole[place + 1 :])
        with pytest.raises(CliError, match=said):
            archive.check_dump(archive.read(file))


def test_a_backup_of_a_newer_bulkhead_is_refused_as_such(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.backups.manifest.FORMAT", 0)
    with pytest.raises(CliError, match="made by a newer Bulkhead: update this one first"):
        archive.read(file)


def test_rows_are_counted_by_table_whatever_is_in_them() -> None:
    script = rb"""--
SET statement_timeout = 0;
COPY public.tickets (id, title) FROM stdin;
1	COPY public.users (id) FROM stdin;
2	\\.
\.
COPY public.users (id) FROM stdin;
\.
COPY other.things (id) FROM stdin;
1
\.
"""
    counted = reading.count_rows(script.splitlines(keepends=True))
    assert {name: count for name, count in counted.items() if name} == {"tickets": 2, "users": 0}
