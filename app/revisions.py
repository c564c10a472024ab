"""Which schema this code is made for, and which one a database has."""

from pathlib import Path
from typing import Final, Literal

from sqlalchemy import text

from app.outages import sqlstate_of
from app.reads import Reader, Statement

VERSIONS: Final = Path(__file__).parents[1] / "migrations" / "versions"
UNDEFINED_TABLE: Final = "42P01"

State = Literal["ok", "behind", "newer"]

_AT: Final = Statement(text("select version_num from alembic_version"))


def head() -> str:
    """Return the newest revision that this code knows: their ids grow, and begin the names of their files."""
    return max(file.name.partition("_")[0] for file in VERSIONS.glob("*_*.py"))


async def at(reader: Reader) -> str | None:
    """Return the revision that a database is at; None where nothing was ever migrated."""
    try:
        rows = await reader.fetch(_AT)
    except Exception as error:
        if sqlstate_of(error) != UNDEFINED_TABLE:
            raise
        return None
    return str(rows[0][0]) if rows else None


def state_of(revision: str | None, newest: str) -> State:
    """Tell whether a database is at the newest revision, or behind, or beyond it: newer code has migrated it."""
    if revision is None or revision < newest:
        return "behind"
    return "ok" if revision == newest else "newer"
