"""What is in a database: counts and checksums of its tables."""

from typing import Final

from app.cli.backups.manifest import Table
from app.cli.backups.tools import Tools
from app.cli.errors import CliError

# How a row is written as text must not depend on the server's settings, and how long it may take neither.
SESSION: Final = """
    set timezone = 'UTC';
    set datestyle = 'ISO, YMD';
    set intervalstyle = 'postgres';
    set extra_float_digits = 1;
    set bytea_output = 'hex';
    set statement_timeout = 0;
    set idle_in_transaction_session_timeout = 0;
    set transaction_timeout = 0;
"""
# psql runs what a query returns: a statement for each table.
TABLES: Final = r"""
    select format(
        $$ select %L, count(*), coalesce(sum(cast(substr(sha256(convert_to(t::text, 'UTF8')), 1, 8) as bigint)), 0)
           from %s as t $$, relname, oid::regclass)
    from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
    order by relname
    \gexec
"""
COUNTS: Final = r"""
    select format('select %L, count(*) from %s', relname, oid::regclass)
    from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
    order by relname
    \gexec
"""
REVISION: Final = r"""
    select 'select version_num from alembic_version' where to_regclass('public.alembic_version') is not null
    \gexec
"""


def tables(tools: Tools, database: str) -> dict[str, Table]:
    """Count all rows of a database, and sum their hashes."""
    return read_tables(tools.sql(f"{SESSION}{TABLES}", database=database).splitlines())


def read_tables(lines: list[str]) -> dict[str, Table]:
    rows = (line.split("|") for line in lines)
    return {name: Table(int(count), checksum) for name, count, checksum in rows}


def counts(tools: Tools) -> dict[str, int]:
    """Count the rows of each table."""
    rows = (line.split("|") for line in tools.sql(f"{SESSION}{COUNTS}").splitlines())
    return {name: int(count) for name, count in rows}


def require_schema(tools: Tools) -> None:
    if not tools.sql(REVISION).strip():
        raise CliError("the database has no schema, and so nothing to back up: ./manage.sh migrate makes one")


def differing(expected: dict[str, Table], found: dict[str, Table]) -> list[str]:
    """Return the tables that are not the same in both."""
    return sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
