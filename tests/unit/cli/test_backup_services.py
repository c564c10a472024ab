"""What a restore asks of Docker; that the programs in a container do it is in tests/integration/test_backups.py."""

import json
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.cli import health
from app.cli.backups import services, tools
from app.cli.environment import Environ
from app.cli.errors import CliError

DOCKER = """#!/bin/sh
echo "$@" >> '{folder}/calls'
case "$*" in *" ps "*) cat '{folder}/ps' ;; esac
"""


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environ:
    (tmp_path / "docker").write_text(DOCKER.format(folder=tmp_path))
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(health, "is_good", lambda _: True)
    return {"PATH": os.environ["PATH"], "LOCAL_DIR": str(tmp_path / "local")}


def running(tmp_path: Path, *names: str) -> None:
    rows = [{"Service": name, "State": "running", "ExitCode": 0} for name in names]
    (tmp_path / "ps").write_text(json.dumps(rows))


def calls(tmp_path: Path) -> Sequence[str]:
    lines = (tmp_path / "calls").read_text().splitlines()
    return [line.removeprefix("compose ") for line in lines if " ps " not in line]


def test_containers_that_ran_are_stopped_and_started_again(tmp_path: Path, environ: Environ) -> None:
    running(tmp_path, "postgres", "worker", "worker", "api", "proxy")
    served = services.of(environ, in_docker=True)
    with ExitStack() as until_the_end:
        ran = served.wanted()
        served.lend_server(until_the_end)
        served.stop(ran)
        served.migrate("bulkhead_restoring")
        served.start(ran)
    assert ran == ["api", "worker"]
    assert calls(tmp_path) == [
        "stop api worker",
        "run --rm --env DB_NAME=bulkhead_restoring migrate",
        "start api worker",
    ]


def test_what_a_restore_that_was_killed_has_stopped_is_there_to_run(tmp_path: Path, environ: Environ) -> None:
    running(tmp_path, "postgres", "redis")
    stopped = [{"Service": name, "State": "exited", "ExitCode": 0} for name in ("api", "worker")]
    (tmp_path / "ps").write_text(json.dumps(json.loads((tmp_path / "ps").read_text()) + stopped))
    assert services.of(environ, in_docker=True).wanted() == ["api", "worker"]


def test_where_nothing_runs_the_server_is_lent_and_nothing_else_is_started(tmp_path: Path, environ: Environ) -> None:
    running(tmp_path)
    served = services.of(environ, in_docker=True)
    with ExitStack() as until_the_end:
        ran = served.wanted()
        served.lend_server(until_the_end)
        served.stop(ran)
        served.start(ran)
    assert calls(tmp_path) == ["up --detach --wait postgres", "stop postgres"]


def test_a_password_is_in_no_command(environ: Environ) -> None:
    found = tools.Tools((), "/bin/", "postgresql://ada@db/tickets", "tickets", {"PGPASSWORD": "secret"})
    assert found.client("pg_dump", "--format=custom", database="others") == [
        "/bin/pg_dump",
        "--no-password",
        "--format=custom",
        "--dbname=postgresql://ada@db/others",
    ]
    contained = tools.find(environ, in_docker=True)
    assert contained.client("psql") == [
        *("docker", "compose", "exec", "-T", "postgres"),
        *("psql", "--no-password", "--username=bulkhead", "--dbname=bulkhead"),
    ]


def test_a_version_that_is_missing_is_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "INSTALLED", f"{tmp_path}/{{major}}")
    elsewhere = {"DATABASE_URL": "postgresql://db/x", "REDIS_URL": "redis://db", "LOCAL_DIR": str(tmp_path / "local")}
    with pytest.raises(CliError, match="apt install postgresql-client-99"):
        tools.offline(elsewhere, 99, in_docker=False)
    (tmp_path / "99").mkdir()
    (tmp_path / "99" / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 99.1 (Debian 99.1-1)'\n")
    (tmp_path / "99" / "pg_dump").chmod(0o755)
    assert tools.offline(elsewhere, 99, in_docker=False).program("pg_restore") == [f"{tmp_path}/99/pg_restore"]
