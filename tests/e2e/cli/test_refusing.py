import json
import os
import subprocess
from pathlib import Path

import pytest

from app.cli.environment import REPOSITORY
from tests.e2e.cli.conftest import Stack


def one_line(done: "subprocess.CompletedProcess[str]") -> str:
    """What a refusal says: nothing on stdout, one line on stderr, exit 1."""
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    return line


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "http", "PORT must be a whole number"),
        ("CHUNK_SIZE", "0", "CHUNK_SIZE must be a whole number"),
        ("DATABASE_URL", "mysql://db", "DATABASE_URL must be"),
        ("REDIS_PORT", "many", "REDIS_PORT must be a whole number"),
        ("APP_ENV", "production", "JWT_SECRET is not set"),
        ("HOST", "192.0.2.1", "HOST 192.0.2.1 is no address of this machine"),
    ],
)
def test_a_bad_setting_is_one_line_that_names_it(stack: Stack, name: str, value: str, said: str) -> None:
    assert said in one_line(stack.run("up", "--local", **{name: value}))


@pytest.mark.parametrize("command", ["seed", "migrate"])
def test_a_database_that_does_not_run_is_one_line(stack: Stack, command: str) -> None:
    assert "PostgreSQL is not running here" in one_line(stack.run(command))
    nobody_there = {"DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1"}
    said = one_line(stack.run(command, **nobody_there))
    assert "the database does not answer" in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("demo", "--tickets", "7"), "./manage.sh demo: error: unrecognized arguments: --tickets 7"),
        (("chaos", "--minutes", "many"), "argument --minutes: must be a whole number from 1"),
    ],
)
def test_programs_that_are_commands_refuse_what_they_do_not_understand(
    stack: Stack, words: tuple[str, ...], said: str
) -> None:
    refused = stack.run(*words)
    assert (refused.returncode, said in refused.stderr) == (2, True)


@pytest.mark.parametrize("service", [(), ("worker",)])
def test_where_nothing_has_run_yet_no_log_is_missed(stack: Stack, service: tuple[str, ...]) -> None:
    assert "nothing has been written yet: ./manage.sh up starts" in one_line(stack.run("logs", *service))


@pytest.mark.parametrize(
    ("environ", "setting"),
    [
        ({"DB_HOST": "Postgres.invalid"}, "DB_HOST"),
        ({"DATABASE_URL": "postgresql://u:secret@postgres.invalid/x"}, "DATABASE_URL"),
        ({"DB_HOST": "localhost", "DATABASE_URL": "postgresql://u:secret@postgres.invalid/x"}, "DATABASE_URL"),
    ],
)
def test_a_database_host_that_does_not_exist_is_named_with_its_setting(
    stack: Stack, environ: dict[str, str], setting: str
) -> None:
    said = one_line(stack.run("migrate", **environ))
    assert f"the database does not answer at postgres.invalid, the host in {setting}: " in said


def test_doctor_works_when_nothing_else_does_and_says_how_to_start_it(stack: Stack) -> None:
    done = stack.run("doctor", "--json", "postgres", "redis", "queue", "api", "settings")
    assert (done.returncode, done.stderr) == (1, "")
    found = {one["check"]: one for one in json.loads(done.stdout)["checks"]}
    assert {name: one["status"] for name, one in found.items()} == {
        "settings": "ok",
        "api": "fail",
        "postgres": "fail",
        "redis": "fail",
        "queue": "skip",
    }
    assert all("./manage.sh up" in one["todo"] for one in found.values() if one["status"] == "fail")
    assert not stack.local_dir.exists()


def test_doctor_names_no_secret_of_servers_that_are_away_and_what_they_are_called(stack: Stack) -> None:
    away = {"DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/x", "REDIS_URL": "redis://:secret@127.0.0.1:1"}
    done = stack.run("doctor", "postgres", "redis", "settings", CHUNK_SIZE="0", **away)
    assert (done.returncode, done.stderr) == (1, "")
    assert "fail  settings  CHUNK_SIZE must be a whole number" in done.stdout
    assert "at 127.0.0.1, the host in DATABASE_URL" in done.stdout
    assert "or correct REDIS_URL" in done.stdout
    assert "secret" not in done.stdout


def test_doctor_knows_its_checks_by_name(stack: Stack) -> None:
    done = stack.run("doctor", "postgress")
    assert done.returncode == 2
    assert "there is no check 'postgress'; did you mean 'postgres'?" in done.stderr


def test_a_user_is_created_where_a_database_runs_and_no_password_is_asked_for_before(stack: Stack) -> None:
    words = ("user", "create", "ada", "--email", "ada@example.com", "--role", "admin")
    assert "PostgreSQL is not running here" in one_line(stack.run(*words))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("scale", "worker=2"), "nothing is running, and so there is nothing to scale: ./manage.sh up comes first"),
        (("open",), "nothing is running, and so there is no console to open: ./manage.sh up comes first"),
        (("shell",), "PostgreSQL is not running here"),
        (("user", "list"), "PostgreSQL is not running here"),
        (("user", "password", "ada"), "PostgreSQL is not running here"),
    ],
)
def test_where_nothing_runs_a_command_says_what_comes_first(stack: Stack, words: tuple[str, ...], said: str) -> None:
    assert said in one_line(stack.run(*words))
    assert not stack.local_dir.exists()


def test_where_there_is_no_psql_it_is_said_what_to_install(stack: Stack) -> None:
    said = one_line(stack.run("shell", DATABASE_URL="postgresql://u:secret@db/x", PATH="/nonexistent"))
    assert "apt install postgresql-client" in said
    assert "secret" not in said


def test_psql_is_given_the_password_out_of_sight(stack: Stack, tmp_path: Path) -> None:
    psql = tmp_path / "psql"
    psql.write_text('#!/bin/sh\necho "$@ / $PGPASSWORD"\n')
    psql.chmod(0o755)
    said = stack.succeed("shell", "-c", "select 1", DATABASE_URL="postgresql://u:s%20cret@db/x", PATH=str(tmp_path))
    assert said == "postgresql://u@db/x -v ON_ERROR_STOP=1 -c select 1 / s cret\n"


def test_mistakes_in_settings_stand_beside_them(stack: Stack) -> None:
    done = stack.run("config", PORT="http", JOB_LANES="0", JWT_SECRET="hunter2")
    assert (done.returncode, done.stderr) == (1, "")
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line}
    assert lines["PORT"].endswith("<- wrong: must be a whole number from 1 to 65535.")
    assert "wrong" in lines["JOB_LANES"]
    assert "wrong" in lines["JWT_SECRET"]
    assert "hunter2" not in done.stdout
    assert not stack.local_dir.exists()


def test_production_gets_no_samples(stack: Stack) -> None:
    assert "APP_ENV is production" in one_line(stack.run("seed", APP_ENV="production"))


def test_reset_wants_somebody_to_say_yes(stack: Stack) -> None:
    (stack.local_dir / "demo").mkdir(parents=True)
    (stack.local_dir / "demo" / "supervisord.conf").touch()
    assert "add --yes" in one_line(stack.run("reset"))
    assert (stack.local_dir / "demo" / "supervisord.conf").exists()


def test_reset_does_not_touch_somebodys_database(stack: Stack) -> None:
    assert "not ours to delete" in one_line(stack.run("reset", "--yes", DATABASE_URL="postgresql://db/x"))


def test_manage_sh_hands_over_from_anywhere_and_passes_the_code_on(stack: Stack) -> None:
    done = subprocess.run(
        [REPOSITORY / "manage.sh", "launch"], cwd="/", env=stack.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "./manage.sh: there is no command 'launch'\nTry ./manage.sh help\n"


def test_manage_sh_says_what_is_wrong_with_a_python(stack: Stack) -> None:
    done = subprocess.run(
        [REPOSITORY / "manage.sh", "help"],
        env=os.environ | {"PYTHON": "/nonexistent/python"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "manage.sh: PYTHON is '/nonexistent/python', which is no Python 3.11 or newer.\n"
