"""A restore makes a database beside the one there is; they change places when all is well."""

from typing import Final

from app.cli.backups import facts
from app.cli.backups.archive import Backup
from app.cli.backups.tools import Tools
from app.cli.errors import CliError
from app.embedded import waiting

MAINTENANCE: Final = "postgres"  # the database to be in when another one is made, renamed or dropped
LEAVE_SECONDS: Final = 10.0

# With the encoding and the locale of the one there is.
CREATE: Final = r"""
    with provider(letter, name, setting) as (
        values ('b', 'builtin', ' builtin_locale %L'), ('i', 'icu', ' icu_locale %L'), ('c', 'libc', '')
    )
    select format('create database %I template template0 encoding %L locale_provider %s lc_collate %L lc_ctype %L',
                  :'new', pg_encoding_to_char(encoding), name, datcollate, datctype) || format(setting, datlocale)
    from pg_database join provider on letter = cast(datlocprovider as text) where datname = :'old'
    \gexec
"""
DROP: Final = """
    drop database if exists :"name" with (force);
"""
# Both names change or none does.
RENAME: Final = """
    begin;
    alter database :"first" rename to :"second";
    alter database :"third" rename to :"first";
    commit;
"""
USERS: Final = """
    select distinct coalesce(nullif(application_name, ''), 'a client without a name')
           || coalesce(' at ' || host(client_addr), '')
    from pg_stat_activity where datname = :'name' and backend_type = 'client backend' order by 1;
"""
SIZE: Final = """
    select pg_database_size(:'name');
"""
EXISTS: Final = """
    select count(*) from pg_database where datname = :'name';
"""
# Clients take of two events of a job the one with the higher number: what is told from now on must be newer than all
# that was told before, of a future that is gone. And who has logged out since must not be logged in again.
SETTLE: Final = """
    update jobs set revision = revision + 1000000 where status in ('queued', 'running', 'paused');
    delete from sessions;
    analyze;
"""


class Databases:
    """The one there is, and those that a restore has beside it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.current = tools.database
        self.coming = f"{tools.database}_restoring"
        self.before = f"{tools.database}_before_restore"

    def fill(self, backup: Backup) -> None:
        """Make the coming one of a backup; `CliError` unless it is the very same."""
        create(self._tools, self.coming)
        fill(self._tools, backup, self.coming)

    def settle(self) -> None:
        """Prepare the coming one for clients that have seen what came after the backup."""
        self._tools.sql(SETTLE, database=self.coming)

    def swap(self) -> None:
        """Let the coming one take the name of the current one, which is kept under another."""
        self.require_no_user()
        drop(self._tools, self.before)
        self._maintain(RENAME, first=self.current, second=self.before, third=self.coming)

    def swap_back(self) -> None:
        """Undo a swap, if it has come to that."""
        if self._exists(self.coming):
            return
        self.require_no_user()
        self._maintain(RENAME, first=self.current, second=self.coming, third=self.before)

    def drop_coming(self) -> None:
        drop(self._tools, self.coming)

    def require_no_user(self) -> None:
        """Raise `CliError` while anybody is connected: those who end need a moment."""
        if not waiting.until(lambda: not self._users(), LEAVE_SECONDS):
            users = ", ".join(self._users())
            raise CliError(f"the database is still in use, and stays as it is: stop these, and try again: {users}")

    def size(self, name: str) -> int:
        return int(self._maintain(SIZE, name=name))

    def has_before(self) -> bool:
        return self._exists(self.before)

    def _exists(self, name: str) -> bool:
        return self._maintain(EXISTS, name=name).strip() == "1"

    def _users(self) -> list[str]:
        return self._maintain(USERS, name=self.current).splitlines()

    def _maintain(self, script: str, **names: str) -> str:
        return self._tools.sql(script, database=MAINTENANCE, **names)


def create(tools: Tools, name: str) -> None:
    """Make an empty database, instead of one that a restore which was killed may have left."""
    drop(tools, name)
    tools.sql(CREATE, database=MAINTENANCE, new=name, old=tools.database)


def drop(tools: Tools, name: str) -> None:
    tools.sql(DROP, database=MAINTENANCE, name=name)


def fill(tools: Tools, backup: Backup, database: str) -> None:
    """Fill an empty database, and compare each table with what was counted when the backup was taken."""
    command = tools.client("pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", database=database)
    with backup.dump() as dump, tools.running(command, stdin=dump):
        pass
    differing = facts.differing(backup.manifest.tables, facts.tables(tools, database))
    if differing:
        raise CliError(f"what was restored is not what was backed up: {', '.join(differing)}")


def verify(tools: Tools, backup: Backup) -> None:
    """Restore a backup into a database that is dropped then; `CliError` unless all is as it was."""
    name = f"{tools.database}_verifying"
    try:
        create(tools, name)
        fill(tools, backup, name)
    finally:
        drop(tools, name)
