import re
import signal
import stat
from os import kill
from pathlib import Path

import httpx
import pytest

from app.cli.local import client, places
from app.embedded import layout
from tests.e2e.cli.conftest import FirstStart, Stack, ask, until

KNOWN_TICKETS = "select reltuples from pg_class where relname = 'tickets'"  # what the planner knows of
DELETE_FIVE = """
    update tickets set deleted_at = now() where id in (select id from tickets where deleted_at is null limit 5)
"""
NAMES = ["postgres", "redis", "api", "worker"]
LOOKS_INTO_PROC = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc")


async def log_in(stack: Stack, username: str, password: str) -> int:
    login = {"username": username, "password": password}
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"http://127.0.0.1:{stack.port}/api/login", json=login)
    return answer.status_code


def test_two_who_start_at_once_share_one_stack(first_start: FirstStart, running: Stack) -> None:
    assert first_start.codes == [0, 0], first_start.said
    assert all(f"  Console http://127.0.0.1:{running.port}\n" in out for out, _ in first_start.said)
    assert {process["state"] for process in running.status()["processes"]} == {"running"}


def test_a_start_builds_what_the_api_then_serves(first_start: FirstStart, running: Stack) -> None:
    assert sum("Building the console; this happens once" in out for out, _ in first_start.said) == 1
    assert httpx.get(f"{running.status()['apiUrl']}/tickets").text == "the first page"


def test_status_shows_every_process_up_and_where_the_api_is(running: Stack) -> None:
    found = running.status()
    assert [(process["name"], process["state"]) for process in found["processes"]] == [
        (name, "running") for name in NAMES
    ]
    assert found["apiUrl"] == f"http://127.0.0.1:{running.port}"
    assert found["REDIS_URL"].startswith("unix:///")
    assert found["DATABASE_URL"] == layout.database_url(running.local_dir)
    assert httpx.get(f"{found['apiUrl']}/api/health").status_code == httpx.codes.OK
    assert found["apiUrl"] in running.succeed("status")


def test_status_knows_where_the_api_is_even_when_asked_with_another_port(running: Stack) -> None:
    assert f"http://127.0.0.1:{running.port}" in running.succeed("status", PORT="4000")


def test_doctor_finds_a_stack_well_that_has_just_started(running: Stack) -> None:
    checks = (
        "port",
        "api",
        "postgres",
        "postgres-settings",
        "migrations",
        "redis",
        "clock",
        "queue",
        "workers",
        "feed",
    )
    until(lambda: running.run("doctor", *checks).returncode == 0, "all is well")
    said = running.succeed("doctor", *checks)
    assert "All is well." in said
    assert "its loop last turned" in said


def test_up_again_says_so_and_changes_nothing(running: Stack) -> None:
    before = running.pids()
    assert "Everything is up already." in running.succeed("up", "--local")
    assert running.pids() == before


@pytest.mark.parametrize("name", ["worker", "redis"])
def test_a_process_that_is_killed_is_back_with_another_pid(running: Stack, name: str) -> None:
    before = running.pids()[name]
    kill(before, signal.SIGKILL)

    def is_back() -> bool:
        [process] = [process for process in client.processes(running.local_dir) if process.name == name]
        return process.is_running and process.pid != before

    until(is_back, f"{name} runs again")


async def test_seed_adds_only_what_is_missing_and_lets_the_planner_know_of_all_there_is(running: Stack) -> None:
    [others] = await ask(running, "select count(*) from tickets")  # what other tests left, deleted
    first = running.succeed("seed", "--tickets", "30")
    assert "Added 3 users and 30 tickets." in first
    password = re.search(r"the password (\S+)", first)
    assert password is not None
    assert await log_in(running, "agent@example.com", password[1]) == httpx.codes.OK
    assert await ask(running, KNOWN_TICKETS) == [others + 30]

    assert "there already" in running.succeed("seed", "--tickets", "30", SEED_PASSWORD="another one")

    await ask(running, DELETE_FIVE)
    assert "Added 0 users and 17 tickets." in running.succeed("seed", "--tickets", "42")
    assert await ask(running, "select count(*), count(deleted_at) from tickets") == [others + 47, others + 5]
    assert await ask(running, KNOWN_TICKETS) == [others + 47]


async def test_a_user_who_is_created_can_log_in_and_nobody_can_have_the_same_name_or_e_mail(running: Stack) -> None:
    password = "a password of 1000 trees"
    added = running.run(
        "user", "create", "Grace", "--email", "grace@example.com", "--role", "admin", typed=f"{password}\n"
    )
    assert (added.returncode, added.stdout, added.stderr) == (0, "Added Grace as admin.\n", "")
    assert await log_in(running, "grace", password) == await log_in(running, "grace@example.com", password) == 200

    for name, email in (("GRACE", "other@example.com"), ("other", "Grace@Example.com")):
        again = running.run("user", "create", name, "--email", email, "--role", "agent", typed=f"{password}\n")
        assert again.returncode == 1
        assert again.stderr == f"bulkhead: there is a user already with the name {name} or the e-mail {email}\n"


def test_migrate_can_be_run_again(running: Stack) -> None:
    assert "newest schema" in running.succeed("migrate")


def test_logs_are_those_of_the_processes(running: Stack) -> None:
    assert "worker_started" in running.succeed("logs", "worker")
    assert all(f"{name}.log" in running.succeed("logs", "-n", "1") for name in NAMES)
    refused = running.run("logs", "mail")
    assert refused.returncode == 1
    assert "there is no log of 'mail'; there is: api, postgres, redis, supervisord, worker" in refused.stderr


def test_a_port_that_is_taken_is_one_line_that_names_it(running: Stack, stack: Stack) -> None:
    done = stack.run("up", "--local", PORT=str(running.port))
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(f"bulkhead: PORT {running.port} on 127.0.0.1 is taken by another program")
    assert done.stdout == ""


def test_secrets_are_in_no_configuration_and_files_are_not_for_others(running: Stack) -> None:
    secret = (running.local_dir / "jwt_secret").read_text()
    configuration = running.local_dir / places.CONFIG
    assert secret not in configuration.read_text()
    for path in (configuration, running.local_dir / "jwt_secret", layout.log_file(running.local_dir, "api").parent):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@LOOKS_INTO_PROC
def test_secrets_are_on_no_command_line_and_the_servers_have_not_heard_them(running: Stack) -> None:
    secret = (running.local_dir / "jwt_secret").read_text().encode()
    pids = running.pids()
    for pid in pids.values():
        assert secret not in Path(f"/proc/{pid}/cmdline").read_bytes()
    assert secret in Path(f"/proc/{pids['api']}/environ").read_bytes()
    assert secret not in Path(f"/proc/{pids['postgres']}/environ").read_bytes()
