"""What commands say of backups, to people and to programs."""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from app.cli.backups.archive import Backup

KNOWN: Final = ("tickets", "users", "jobs")  # what people count
UNITS: Final = ("kB", "MB", "GB", "TB")

Tell = Callable[[str], None]


def teller(*, as_json: bool) -> Tell:
    """Return what tells of each step: beside the output where that is for programs."""
    stream = sys.stderr if as_json else sys.stdout
    return lambda step: print(step, file=stream, flush=True)


def show(report: Mapping[str, Any], text: str, *, as_json: bool) -> None:
    print(json.dumps(report, indent=2) if as_json else text)


def as_json(backup: Backup) -> dict[str, Any]:
    described: dict[str, Any] = msgspec.to_builtins(backup.manifest)
    return {"file": str(backup.file), "bytes": backup.file.stat().st_size, "rows": backup.manifest.rows} | described


def contents(counts: Mapping[str, int]) -> str:
    """Say how many of what there are."""
    known = ", ".join(_number_of(name, counts.get(name, 0)) for name in KNOWN)
    return f"{known}; {_number_of('rows', sum(counts.values()))} in {_number_of('tables', len(counts))}"


def contents_of(backup: Backup) -> str:
    return contents({name: table.rows for name, table in backup.manifest.tables.items()})


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def size(count: int) -> str:
    value, unit = count / 1000, 0
    while value >= 1000 and unit < len(UNITS) - 1:  # noqa: PLR2004 - of one unit in the next
        value, unit = value / 1000, unit + 1
    return f"{value:,.1f} {UNITS[unit]}"


def _number_of(things: str, count: int) -> str:
    return f"{count:,} {things.removesuffix('s') if count == 1 else things}"
