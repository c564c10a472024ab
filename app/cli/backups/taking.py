"""A backup is taken of one snapshot, which pg_dump and the counts both see whatever goes on meanwhile."""

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple

import msgspec

from app.cli.backups import archive, facts
from app.cli.backups.manifest import Manifest
from app.cli.backups.tools import PSQL, Child, Tools
from app.cli.errors import CliError
from app.embedded import locks
from app.version import VERSION

PART: Final = ".bulkhead-part"  # at the end of the name, until it is whole
# With gzip, which every build of PostgreSQL reads. Who alters a table makes it give up, and not the others wait.
# Rows of partitions go under the name of their table, as the manifest counts them.
DUMP: Final = ("--format=custom", "--compress=gzip:4", "--lock-wait-timeout=10s", "--load-via-partition-root")
MIGRATES: Final = """
    select not pg_try_advisory_lock_shared(hashtextextended('bulkhead migrations', 0));
"""
# A month that went between the snapshot and pg_dump's own locks would be missed by that, or be missing in the dump.
BEGIN: Final = """
    begin isolation level repeatable read read only;
    lock table job_items, audit_log in access share mode;
    select pg_export_snapshot(), to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           split_part(current_setting('server_version'), ' ', 1), version_num
    from alembic_version;
"""
SNAPSHOT: Final = f"{facts.SESSION}{BEGIN}{facts.TABLES}\\echo\n"


class Snapshot(NamedTuple):
    """One moment of the database, which lasts as long as the session that it was taken in."""

    id: str
    taken_at: str
    postgres: str
    schema_revision: str
    session: Child

    def describe(self) -> Manifest:
        """Wait until all has been counted."""
        lines = list(iter(lambda: _line(self.session), ""))
        return msgspec.convert(
            {
                "takenAt": self.taken_at,
                "schemaRevision": self.schema_revision,
                "postgres": self.postgres,
                "tables": facts.read_tables(lines),
                "bulkhead": VERSION,
            },
            Manifest,
        )


@contextmanager
def incoming(file: Path) -> Iterator[IO[bytes]]:
    """Give a new file that only its owner may read, and that has the name `file` when the block ends well."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    _remove_leftovers(file.parent)
    part = part_of(file)
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as opened:
        if not locks.is_granted(opened.fileno(), fcntl.LOCK_EX):
            raise CliError(f"another backup writes {file}: wait for its end, or give another name")
        try:
            opened.truncate()
            yield opened
            if file.exists():
                raise CliError(f"{file} has come into being meanwhile")
            part.rename(file)
        finally:
            part.unlink(missing_ok=True)


def part_of(file: Path) -> Path:
    """Return where a backup is until it is whole."""
    return file.with_name(f".{file.name}{PART}")


def take(tools: Tools, file: IO[bytes]) -> None:
    """Write a backup into an empty file."""
    facts.require_schema(tools)
    if tools.sql(MIGRATES).strip() == "t":
        raise CliError("the database is being migrated: wait for its end, and try again")
    with _snapshot(tools) as snapshot:
        with tools.running(tools.client("pg_dump", *DUMP, f"--snapshot={snapshot.id}")) as pg_dump:
            dump_sum = archive.write_dump(file, _pieces(pg_dump))
        archive.write_rest(file, snapshot.describe(), dump_sum)
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def _snapshot(tools: Tools) -> Iterator[Snapshot]:
    with tools.running(tools.client("psql", *PSQL), stdin=subprocess.PIPE) as session:
        assert session.stdin is not None  # noqa: S101 - it is a pipe
        session.stdin.write(SNAPSHOT.encode())
        session.stdin.flush()
        snapshot_id, taken_at, postgres, revision = _line(session).split("|")
        yield Snapshot(snapshot_id, taken_at, postgres, revision, session)
        session.stdin.close()  # which ends the session


def _line(session: Child) -> str:
    assert session.stdout is not None  # noqa: S101 - it is a pipe
    line = session.stdout.readline().decode()
    if not line:
        raise EOFError
    return line.rstrip("\n")


def _pieces(child: Child) -> Iterator[bytes]:
    assert child.stdout is not None  # noqa: S101 - it is a pipe
    return iter(lambda: child.stdout.read(archive.PIECE), b"")  # type: ignore[union-attr]


def _remove_leftovers(folder: Path) -> None:
    """Remove what backups that were killed have left."""
    for part in folder.glob(f".*{PART}"):
        if not locks.is_held(part):
            part.unlink(missing_ok=True)
