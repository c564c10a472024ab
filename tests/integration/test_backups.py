"""Backups of real databases, with real programs of PostgreSQL; only what runs beside the server is a fake."""

import asyncio
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from app.cli.backups import archive, facts, fitness, reading, restoring, taking, tools
from app.cli.backups.archive import Backup
from app.cli.backups.manifest import Manifest, Table
from app.cli.backups.restoring import Databases
from app.cli.backups.services import LocalServices
from app.cli.backups.tools import PSQL, Tools
from app.cli.commands import restore
from app.cli.commands.restore import Restore
from app.cli.errors import CliError
from tests.support import backups
from tests.support.servers import Servers, execute, migrate

PEOPLE_AND_TICKETS = """
    with added as (
        insert into users (username, email, password_hash, role) values ('ada', 'ada@example.com', 'x', 'admin')
        returning id
    ),
    session as (
        insert into sessions (user_id, secret_hash, expires_at)
        select id, 'x', now() + interval '1 day' from added
    ),
    job as (
        insert into jobs (type, requested_by, status, total, revision)
        select 'bulk-delete', id, status, 10, 7 from added, (values ('paused'), ('canceled')) as of(status)
    )
    insert into tickets (title, description, requester_id)
    select 'Ticket ' || number, E'of\\tmany\\nlines', id from added, generate_series(1, 20) as number
"""
ONE_MORE = "insert into tickets (title, requester_id) select 'One more', id from users"
OLDER = "0022"
LEFT = "select datname from pg_database where datname like :'name' || '%' order by 1"


class FakeServices:
    """An API and a worker that run, or fail when they are told to."""

    def __init__(self, failing: str = "") -> None:
        self.failing = failing
        self.runs = ["api", "worker"]
        self.did: list[str] = []

    def lend_server(self, until: object) -> None:
        """It runs."""

    def wanted(self) -> list[str]:
        return list(self.runs)

    def stop(self, names: list[str]) -> None:
        self._do("stop")
        self.runs = []

    def start(self, names: list[str]) -> None:
        self._do("start")
        self.runs = list(names)

    def migrate(self, database: str) -> None:
        self._do("migrate")

    def _do(self, what: str) -> None:
        self.did.append(what)
        if what == self.failing:
            self.failing = ""
            raise CliError(f"it did not {what}")


def programs_for(servers: Servers, database: str, folder: Path) -> Tools:
    environ = {
        "PATH": os.environ["PATH"],
        "LOCAL_DIR": str(folder / "local"),
        "DATABASE_URL": servers.database(database),
        "REDIS_URL": servers.redis_url,
        "JWT_SECRET": "a secret of thirty-two bytes, or more",
    }
    return tools.find(environ, in_docker=False)


@contextmanager
def a_copy(servers: Servers, template: str, folder: Path) -> Iterator[Tools]:
    name = f"test_{uuid4().hex}"
    asyncio.run(execute(servers.database("postgres"), f"create database {name} template {template} strategy file_copy"))
    found = programs_for(servers, name, folder)
    yield found
    for suffix in ("", "_restoring", "_before_restore", "_verifying"):
        restoring.drop(found, f"{name}{suffix}")


@pytest.fixture(scope="module")
def prepared(servers: Servers, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tools]:
    """What all tests have copies of."""
    with a_copy(servers, template, tmp_path_factory.mktemp("prepared")) as found:
        found.sql(PEOPLE_AND_TICKETS)
        yield found


@pytest.fixture(scope="module")
def backup(prepared: Tools, tmp_path_factory: pytest.TempPathFactory) -> Backup:
    return take(prepared, tmp_path_factory.mktemp("backup") / "backup.tar")


@pytest.fixture
def programs(servers: Servers, prepared: Tools, tmp_path: Path) -> Iterator[Tools]:
    with a_copy(servers, prepared.database, tmp_path) as found:
        yield found


def take(programs: Tools, file: Path) -> Backup:
    with taking.incoming(file) as part:
        taking.take(programs, part)
    return archive.read(file)


def restored(programs: Tools, backup: Backup, services: FakeServices) -> list[str]:
    said: list[str] = []
    restore.carry_out(Restore(backup, programs, Databases(programs), services, services.wanted(), said.append))
    return said


def left(programs: Tools) -> list[str]:
    names = programs.sql(LEFT, name=programs.database).split()
    return [name.removeprefix(programs.database) for name in names]


def test_a_backup_says_what_is_in_it_and_can_be_read_back(programs: Tools, backup: Backup) -> None:
    assert backup.file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in backup.file.parent.glob("*backup*")] == ["backup.tar"]
    assert backup.manifest.schema_revision == fitness.head()
    assert backup.manifest.postgres_major == 18
    assert backup.manifest.tables == facts.tables(programs, programs.database)
    assert {name: table.rows for name, table in backup.manifest.tables.items()} == facts.counts(programs)
    assert backup.manifest.tables["tickets"].rows == 20
    assert [name for name in backup.manifest.tables if name.startswith("job_items")] == ["job_items"]  # not its months
    reading.verify(programs, backup)
    restoring.verify(programs, backup)
    assert left(programs) == [""]


def test_counts_and_dump_are_of_one_moment_whatever_goes_on(programs: Tools, tmp_path: Path) -> None:
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            programs.sql(ONE_MORE)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backup = take(programs, tmp_path / "backup.tar")
    finally:
        over.set()
        writer.join()
    programs.sql(ONE_MORE)
    restoring.verify(programs, backup)
    assert facts.counts(programs)["tickets"] > backup.manifest.tables["tickets"].rows >= 20


@pytest.mark.parametrize("change", ["title = 'Another'", "description = description || ' '", "tags = array['a']"])
def test_a_checksum_notices_one_row_that_is_another(programs: Tools, change: str) -> None:
    before = facts.tables(programs, programs.database)
    programs.sql(f"update tickets set {change} where number = 7")
    assert "tickets" in facts.differing(before, facts.tables(programs, programs.database))


def test_a_dump_with_fewer_rows_than_the_manifest_says_is_of_no_use(programs: Tools, backup: Backup) -> None:
    with pytest.raises(CliError, match="of the 21 rows of tickets it has 20"):
        reading.verify(programs, with_tables(backup, tickets=Table(21, "0")))


def test_what_cannot_be_backed_up_leaves_no_file(programs: Tools, tmp_path: Path) -> None:
    with pytest.raises(CliError, match="has no schema"):
        take(programs._replace(database="postgres"), tmp_path / "backup.tar")
    lock = "select 'taken' from pg_advisory_lock(hashtextextended('bulkhead migrations', 0));\n"
    with programs.running(programs.client("psql", *PSQL), stdin=subprocess.PIPE) as migrating:
        assert migrating.stdin is not None and migrating.stdout is not None  # noqa: PT018 - both are pipes
        migrating.stdin.write(lock.encode())
        migrating.stdin.flush()
        assert migrating.stdout.readline() == b"taken\n"
        with pytest.raises(CliError, match="is being migrated"):
            take(programs, tmp_path / "backup.tar")
    assert not list(tmp_path.glob("*backup*"))


def test_what_a_backup_that_was_killed_has_left_goes_with_the_next_one(programs: Tools, tmp_path: Path) -> None:
    (tmp_path / f".sunday.tar{taking.PART}").write_text("half of it")
    with taking.incoming(tmp_path / "monday.tar"):
        assert [path.name for path in tmp_path.glob(".*")] == [f".monday.tar{taking.PART}"]
        with pytest.raises(CliError, match="another backup writes"), taking.incoming(tmp_path / "monday.tar"):
            pass


def test_a_restore_brings_back_what_was_and_keeps_what_is(programs: Tools, backup: Backup) -> None:
    programs.sql("update tickets set title = 'Spoilt'; delete from jobs")
    services = FakeServices()
    said = restored(programs, backup, services)
    assert services.did == ["stop", "migrate", "start"]
    assert said[0] == "Stopping the API and the workers ..."
    assert left(programs) == ["", "_before_restore"]
    assert programs.sql("select count(*) from tickets where title = 'Spoilt'") == "0\n"
    found = facts.tables(programs, programs.database)
    assert facts.differing(backup.manifest.tables, found) == ["jobs", "sessions"]

    restored(programs, backup, services)
    kept = facts.tables(programs, f"{programs.database}_before_restore")
    assert facts.differing(found, kept) == []
    assert left(programs) == ["", "_before_restore"]


def test_after_a_restore_what_is_told_of_a_job_is_newer_than_all_before_and_sessions_are_over(
    programs: Tools, backup: Backup
) -> None:
    programs.sql("update jobs set revision = 5000 where status = 'paused'")
    restored(programs, backup, FakeServices())
    rows = programs.sql("select status, revision from jobs order by 1").split()
    assert rows == ["canceled|7", "paused|1000007"]
    assert programs.sql("select count(*) from sessions") == "0\n"


@pytest.mark.parametrize("failing", ["stop", "fill", "migrate", "start"])
def test_a_restore_that_fails_leaves_all_as_it_was(programs: Tools, backup: Backup, failing: str) -> None:
    programs.sql(ONE_MORE)
    before = facts.tables(programs, programs.database)
    services = FakeServices(failing)
    if failing == "fill":
        backup = with_tables(backup, tickets=Table(20, "1"))
    with pytest.raises(CliError, match="the database is as it was, and what ran runs again") as error:
        restored(programs, backup, services)
    assert ("not what was backed up: tickets" if failing == "fill" else f"it did not {failing}") in str(error.value)
    assert services.runs == ["api", "worker"]
    assert left(programs) == [""]
    assert facts.tables(programs, programs.database) == before


def test_a_backup_of_an_older_schema_is_brought_to_the_newest(
    servers: Servers, programs: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = f"{programs.database}_verifying"  # which is dropped in the end
    asyncio.run(execute(servers.database("postgres"), f"create database {older}"))
    migrate(servers.database(older), OLDER)
    backup = take(programs._replace(database=older), tmp_path / "older.tar")
    assert backup.manifest.schema_revision == OLDER
    services = FakeServices()
    real = LocalServices(programs.variables | {"DATABASE_URL": servers.database(programs.database)})
    monkeypatch.setattr(services, "migrate", real.migrate)
    restored(programs, backup, services)
    assert programs.sql("select version_num from alembic_version").strip() == fitness.head() != OLDER


def test_a_restore_that_is_interrupted_puts_all_back(programs: Tools, backup: Backup) -> None:
    class Interrupted(FakeServices):
        def migrate(self, database: str) -> None:
            raise KeyboardInterrupt

    services = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        restored(programs, backup, services)
    assert services.runs == ["api", "worker"]
    assert left(programs) == [""]


def test_what_a_restore_that_was_killed_has_left_goes_with_the_next_one(programs: Tools, backup: Backup) -> None:
    restoring.create(programs, f"{programs.database}_restoring")
    programs.sql("create table tickets (half int)", database=f"{programs.database}_restoring")
    restored(programs, backup, FakeServices())
    assert left(programs) == ["", "_before_restore"]


def test_a_database_that_others_use_is_not_taken_from_them(
    programs: Tools, backup: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "LEAVE_SECONDS", 0)
    services = FakeServices()
    monkeypatch.setitem(programs.variables, "PGAPPNAME", "somebody's report")
    with programs.running(programs.client("psql", *PSQL), stdin=subprocess.PIPE) as report:
        assert report.stdin is not None and report.stdout is not None  # noqa: PT018 - both are pipes
        report.stdin.write(b"select 'there';\n")
        report.stdin.flush()
        assert report.stdout.readline() == b"there\n"
        with pytest.raises(CliError, match="stop these, and try again: somebody's report"):
            restored(programs, backup, services)
    assert services.did == ["stop", "start"]


def test_a_server_older_than_the_backups_is_refused(programs: Tools, backup: Backup) -> None:
    fitness.require_server_as_new(backup, programs)
    newer = msgspec.structs.replace(backup.manifest, postgres="99.1")
    with pytest.raises(CliError, match="is of PostgreSQL 99, and the server here is PostgreSQL 18: update that first"):
        fitness.require_server_as_new(backup._replace(manifest=newer), programs)


def test_a_schema_nobody_knows_here_is_refused() -> None:
    unknown = Backup(Path("monday.tar"), backups.manifest(revision="9999"), 0, 0, "")
    with pytest.raises(
        CliError, match=r"monday\.tar has the schema 9999, which is newer than .*: update Bulkhead first"
    ):
        fitness.require_known_schema(unknown)
    fitness.require_known_schema(unknown._replace(manifest=backups.manifest(revision="0001")))


def test_a_container_has_the_programs_of_its_server(
    programs: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `docker compose exec -T postgres` that does it here."""
    place = programs.url.partition("host=")[2].partition("&")[0].replace("%2F", "/")
    (tmp_path / "docker").write_text(
        f'#!/bin/sh\nshift 4\nprogram=$1\nshift\nexec "{programs.folder}$program" "--host={place}" "$@"\n'
    )
    (tmp_path / "docker").chmod(0o755)
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "LOCAL_DIR": str(tmp_path / "local")}
    monkeypatch.setenv("PATH", environ["PATH"])
    contained = tools.find(environ, in_docker=True)._replace(database=programs.database)
    backup = take(contained, tmp_path / "backup.tar")
    reading.verify(contained, backup)
    restored(contained, backup, FakeServices())
    assert left(programs) == ["", "_before_restore"]


def with_tables(backup: Backup, **tables: Table) -> Backup:
    changed: dict[str, Any] = {"tables": backup.manifest.tables | tables}
    manifest: Manifest = msgspec.structs.replace(backup.manifest, **changed)
    return backup._replace(manifest=manifest)
