"""What a backup says of itself."""

from datetime import datetime
from typing import Final

import msgspec

from app.cli.errors import CliError

FORMAT: Final = 1


class Table(msgspec.Struct, frozen=True):
    """How many rows there are, and a sum of their hashes that does not depend on their order."""

    rows: int
    checksum: str


class Manifest(msgspec.Struct, frozen=True, rename="camel"):
    """All of it is as in the one snapshot that was dumped."""

    taken_at: datetime
    schema_revision: str
    postgres: str
    tables: dict[str, Table]
    bulkhead: str
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def postgres_major(self) -> int:
        return int(self.postgres.partition(".")[0])


class _AnyFormat(msgspec.Struct):
    format: int


def encode(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def decode(text: bytes, name: str) -> Manifest:
    """Read the manifest of a backup of that name; `CliError` for one of a format to come, and for what is none."""
    try:
        if msgspec.json.decode(text, type=_AnyFormat).format > FORMAT:
            raise CliError(f"{name} was made by a newer Bulkhead: update this one first")
        return msgspec.json.decode(text, type=Manifest)
    except msgspec.MsgspecError as error:
        raise CliError(f"{name} is no backup of ours: its manifest cannot be read") from error
