"""What an operator does beside starting and stopping, in a stack that runs."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.cli import how_many
from app.cli.local import client
from tests.e2e.cli.conftest import Stack, ask, until

ADMIN = "carol"
PASSWORD = "a password of 1000 trees"
TICKETS = f"""
    with added as (
        insert into tickets (title, requester_id, tags)
        select 'x', id, '{{scaled}}' from users, generate_series(1, 3000) where username = '{ADMIN}' returning id
    )
    select count(*) from added
"""
DONE = """
    select succeeded, failed, (select count(*) from job_items where job_id = jobs.id),
           (select count(*) from tickets where deleted_by_job = jobs.id)
    from jobs where id = '{}'
"""


@pytest.fixture
def api(running: Stack) -> Iterator[httpx.Client]:
    """The API, for an admin that `user create` has made."""
    created = ("user", "create", ADMIN, "--email", "carol@example.com", "--role", "admin")
    running.run(*created, typed=f"{PASSWORD}\n")  # by the test before, perhaps
    with httpx.Client(base_url=f"http://127.0.0.1:{running.port}/api") as api:
        login = api.post("/login", json={"username": ADMIN, "password": PASSWORD}).json()
        api.headers["Authorization"] = f"Bearer {login['access_token']}"
        yield api


def names_of(stack: Stack) -> list[str]:
    return [process.name for process in client.processes(stack.local_dir) if process.is_running]


def test_workers_come_and_go_in_the_middle_of_a_job_and_nothing_is_lost(running: Stack, api: httpx.Client) -> None:
    asyncio.run(ask(running, TICKETS))
    running.succeed("scale", "worker=2")
    assert names_of(running) == ["postgres", "redis", "api", "worker", "worker-2"]
    wanted = {"type": "bulk-delete", "payload": {"filter": {"tags": ["scaled"]}}, "maxItemsPerSecond": 1000}
    job = api.post("/jobs", json=wanted).json()
    until(lambda: api.get(f"/jobs/{job['id']}").json()["processed"] > 0, "the job has begun")

    assert json.loads(running.succeed("scale", "worker=1", "--json"))["worker"] == 1
    assert names_of(running) == ["postgres", "redis", "api", "worker"]
    until(lambda: api.get(f"/jobs/{job['id']}").json()["status"] == "completed", "the job has ended")
    assert asyncio.run(ask(running, DONE.format(job["id"]))) == [3000, 0, 3000, 3000]


def test_numbers_hold_for_later_starts_and_two_who_change_them_are_kept_apart(running: Stack) -> None:
    with how_many.alone(running.local_dir):
        refused = running.run("scale", "worker=3")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "wait for the end of that, and try again" in refused.stderr

    running.succeed("scale", "api=2")
    running.succeed("down")
    running.succeed("up", "--local")
    found = {setting["name"]: setting for setting in json.loads(running.succeed("config", "--json"))["settings"]}
    assert (found["API_PROCESSES"]["value"], found["API_PROCESSES"]["source"]) == ("2", "scale")
    assert httpx.get(f"http://127.0.0.1:{running.port}/api/health").status_code == httpx.codes.OK
    assert "1 API process" in running.succeed("scale", "api=1")


def test_psql_does_what_it_is_told_and_stops_at_what_fails(running: Stack) -> None:
    assert "bulkhead" in running.succeed("shell", "-c", "select current_database()")
    failed = running.run("shell", typed="select 41 + 1; select nothing; select 7 * 7;")
    assert failed.returncode == 3
    assert "42" in failed.stdout
    assert "49" not in failed.stdout
    assert 'column "nothing" does not exist' in failed.stderr


def test_the_console_opens_in_the_browser_and_where_there_is_none_its_address_is_told(
    running: Stack, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{running.port}"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    assert running.succeed("open", BROWSER=str(browser)) == f"{url}\n"
    assert (tmp_path / "opened").read_text() == f"{url}\n"
    assert running.succeed("open", BROWSER="", DISPLAY="", WAYLAND_DISPLAY="").endswith(f"The console: {url}\n")


def test_programs_are_told_in_json_and_people_on_stderr(running: Stack) -> None:
    done = running.run("up", "--local", "--json")
    assert json.loads(done.stdout) == {"apiUrl": f"http://127.0.0.1:{running.port}"}
    assert "Everything is up already." in done.stderr
    assert json.loads(running.succeed("migrate", "--json"))["revision"]
