"""Whether this Bulkhead and its server can do with a backup: both may be newer than it, never older."""

from alembic.config import Config
from alembic.script import ScriptDirectory

from app.cli.backups.archive import Backup
from app.cli.backups.tools import Tools
from app.cli.environment import REPOSITORY
from app.cli.errors import CliError


def require_known_schema(backup: Backup) -> None:
    known = {script.revision for script in _migrations().walk_revisions()}
    revision = backup.manifest.schema_revision
    if revision not in known:
        raise CliError(
            f"{backup.file} has the schema {revision}, which is newer than this Bulkhead, whose newest is {head()}: "
            "update Bulkhead first"
        )


def require_server_as_new(backup: Backup, tools: Tools) -> None:
    here = int(tools.sql("show server_version_num")) // 10_000
    if here < backup.manifest.postgres_major:
        raise CliError(
            f"{backup.file} is of PostgreSQL {backup.manifest.postgres_major}, and the server here is "
            f"PostgreSQL {here}: update that first"
        )


def head() -> str:
    """Return the newest schema there is."""
    return _migrations().get_current_head() or ""


def _migrations() -> ScriptDirectory:
    return ScriptDirectory.from_config(Config(toml_file=REPOSITORY / "pyproject.toml"))
