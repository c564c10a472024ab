import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import settings
from app.cli import compose, environment, how_many, operators, target
from app.cli.commands import reset
from app.cli.environment import REPOSITORY
from app.cli.errors import CliError
from app.cli.processes import Process

API = {"Service": "api", "State": "running", "ExitCode": 0}
MIGRATE = {"Service": "migrate", "State": "exited", "ExitCode": 0}

DOCKER = """#!/bin/sh
echo "$@" >> '{folder}/calls'
case "$*" in
    "compose version" | info) exit {engine} ;;
    "compose ps --all --format json") cat '{folder}/ps' ;;
    "compose ps --all --quiet") echo 0123456789ab ;;
    "compose up "*) test -n "$JWT_SECRET" ;;
    "compose exec "*) echo "typed: $(cat)" >> '{folder}/calls'; echo '{{"user": "ada"}}' ;;
    "compose down "*) ;;
    "system df --verbose") printf 'bulkhead_postgres  1  48.2MB\nother_x  0  1GB\nbulkhead_redis  1  12kB\n' ;;
    "image ls "*) printf 'bulkhead-api\t301MB\nredis\t100MB\n' ;;
    *) exit 7 ;;
esac
"""


class Docker:
    """A `docker` that says what it is told to, and notes what it was asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.has_engine(True)

    def has_engine(self, answers: bool) -> None:
        file = self._folder / "docker"
        file.write_text(DOCKER.format(folder=self._folder, engine=0 if answers else 1))
        file.chmod(0o755)

    def runs(self, text: str) -> None:
        (self._folder / "ps").write_text(text)

    @property
    def calls(self) -> list[str]:
        return (self._folder / "calls").read_text().splitlines()


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Docker:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return Docker(tmp_path)


@pytest.fixture
def environ(docker: Docker, tmp_path: Path) -> environment.Environ:
    return {"PATH": os.environ["PATH"], "LOCAL_DIR": str(tmp_path / "local")}


def test_containers_are_meant_where_an_engine_answers(docker: Docker, environ: environment.Environ) -> None:
    assert target.is_docker(environ)
    assert docker.calls == ["compose version", "info"]
    docker.has_engine(False)
    assert not target.is_docker(environ)


def test_asking_for_local_processes_asks_no_engine(docker: Docker, environ: environment.Environ) -> None:
    assert not target.is_docker(environ, local=True)
    assert not target.is_docker(environ | {"DATABASE_URL": "postgresql://db/x"})
    with pytest.raises(FileNotFoundError):
        assert docker.calls == []


def test_no_docker_at_all_is_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert not compose.engine_answers()


@pytest.mark.parametrize("text", [json.dumps([API, MIGRATE]), f"{json.dumps(API)}\n{json.dumps(MIGRATE)}\n"])
def test_both_shapes_of_ps_are_read_and_a_migration_that_is_done_is_no_process(
    docker: Docker, environ: environment.Environ, text: str
) -> None:
    docker.runs(text)
    assert compose.processes(environ) == [Process("api", "running")]


def test_a_migration_that_failed_is_shown(docker: Docker, environ: environment.Environ) -> None:
    docker.runs(json.dumps(MIGRATE | {"ExitCode": 1}))
    assert compose.processes(environ) == [Process("migrate", "exited")]


def test_no_containers_are_no_processes(docker: Docker, environ: environment.Environ) -> None:
    docker.runs("")
    assert compose.processes(environ) == []


def test_compose_is_given_a_secret_when_nobody_set_one(docker: Docker, environ: environment.Environ) -> None:
    compose.run(environ, "up", "--detach")
    assert len((environment.local_dir(environ) / "jwt_secret").read_text()) == 64


def test_a_compose_command_that_fails_is_one_line(docker: Docker, environ: environment.Environ) -> None:
    with pytest.raises(CliError, match="docker compose stop failed"):
        compose.run(environ, "stop")


def test_settings_are_checked_before_anything_is_started(docker: Docker, environ: environment.Environ) -> None:
    assert compose.api_url(environ) == "http://127.0.0.1:3001"
    with pytest.raises(CliError, match="CHUNK_SIZE must be"):
        compose.api_url(environ | {"CHUNK_SIZE": "0"})
    with pytest.raises(CliError, match="JWT_SECRET must have at least"):
        compose.api_url(environ | {"JWT_SECRET": "short"})


def test_a_token_for_commands_is_signed_in_the_container_and_what_is_piped_in_is_not_for_it(
    docker: Docker, environ: environment.Environ
) -> None:
    access = operators.access(environ, "ada")
    assert access.url == "http://127.0.0.1:3001"
    assert callable(access.token)
    access.token()
    assert docker.calls[-2:] == ["compose exec -T api python -m app.cli.operators ada", "typed: "]


def test_a_command_in_the_container_is_given_what_was_typed_and_answers(
    docker: Docker, environ: environment.Environ
) -> None:
    answer = compose.ask_api(environ, "user", "create", "ada", typed="a long password\n")
    assert answer == {"user": "ada"}
    assert docker.calls == ["compose exec -T api python -m app.cli user create ada --json", "typed: a long password"]


def test_a_shell_is_one_in_the_container_of_postgres(docker: Docker, environ: environment.Environ) -> None:
    words = [sys.executable, "-m", "app.cli", "shell", "-c", "select 1"]
    unset = dict.fromkeys([*settings.NAMES, "COMPOSE_FILE"], "")
    subprocess.run(words, cwd=REPOSITORY, env=os.environ | unset | environ, input="", text=True, check=True)
    psql = "psql --username=bulkhead --dbname=bulkhead -v ON_ERROR_STOP=1 -c select 1"
    assert docker.calls[2:] == [f"compose exec -T postgres {psql}", "typed: "]


def test_what_goes_with_the_containers_is_told_with_its_size_and_goes(
    docker: Docker, environ: environment.Environ
) -> None:
    environment.local_dir(environ).mkdir()
    how_many.write(environment.local_dir(environ), {"worker": 4})
    assert reset.containers(environ, with_images=False).size == "48.2MB + 12kB"
    doomed = reset.containers(environ, with_images=True)
    assert doomed.size == "48.2MB + 12kB + 301MB"
    doomed.delete()
    assert docker.calls[-1] == "compose down --volumes --remove-orphans --rmi local"
    assert how_many.read(environment.local_dir(environ)) == {}


def test_the_numbers_that_were_asked_for_hold_for_later_starts_too(
    docker: Docker, environ: environment.Environ
) -> None:
    environment.local_dir(environ).mkdir()
    how_many.write(environment.local_dir(environ), {"worker": 4, "api": 2})
    compose.scale(environ)
    assert docker.calls == ["compose up --detach --no-recreate --scale worker=4 --scale api=2"]
    how_many.forget(environment.local_dir(environ))
    compose.scale(environ)
    assert docker.calls[1:] == ["compose up --detach --no-recreate"]
