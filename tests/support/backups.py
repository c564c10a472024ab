"""Backups whose dump is none, for what looks at the file alone."""

from datetime import UTC, datetime
from pathlib import Path

from app.cli.backups import archive
from app.cli.backups.manifest import Manifest, Table

DUMP = b"PGDMP, or so it says" * 100


def manifest(*, revision: str = "0001", tables: dict[str, Table] | None = None) -> Manifest:
    return Manifest(
        taken_at=datetime(2026, 11, 28, 7, 30, tzinfo=UTC),
        schema_revision=revision,
        postgres="18.4",
        tables=tables or {"tickets": Table(3, "17")},
        bulkhead="0.1.0",
    )


def write(file: Path, described: Manifest, *pieces: bytes) -> Path:
    with file.open("w+b") as opened:
        dump_sum = archive.write_dump(opened, pieces or (DUMP,))
        archive.write_rest(opened, described, dump_sum)
    return file
