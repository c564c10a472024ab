"""Whether a backup is what was written, and can be read."""

from collections import Counter
from collections.abc import Iterable

from app.cli.backups import archive
from app.cli.backups.archive import Backup
from app.cli.backups.tools import Tools
from app.cli.errors import CliError


def verify(tools: Tools, backup: Backup) -> None:
    """Read it as a restore would; `CliError` unless all is there that the manifest counts."""
    archive.check_dump(backup)
    command = tools.program("pg_restore", "--data-only", "--file=-")
    with backup.dump() as dump, tools.running(command, stdin=dump) as child:
        assert child.stdout is not None  # noqa: S101 - it is a pipe
        found = count_rows(child.stdout)
    for name, table in backup.manifest.tables.items():
        if found.get(name) != table.rows:
            raise CliError(f"{backup.file} is of no use: of the {table.rows:,} rows of {name} it has {found[name]:,}")


def count_rows(script: Iterable[bytes]) -> Counter[str]:
    """Count the rows that pg_restore's script copies into each table."""
    found: Counter[str] = Counter()
    table = None
    for line in script:
        if table is None:
            table = _table_in(line)
            found[table or ""] += 0
        elif line == b"\\.\n":
            table = None
        else:
            found[table] += 1
    return found


def _table_in(line: bytes) -> str | None:
    if not line.startswith(b"COPY public.") or not line.endswith(b" FROM stdin;\n"):
        return None
    return line.removeprefix(b"COPY public.").split()[0].strip(b'"').decode()
