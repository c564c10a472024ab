"""What backup and restore do with a whole stack, and what they refuse."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from app.cli.backups import archive
from app.cli.backups.manifest import Table
from app.cli.environment import REPOSITORY
from tests.e2e.cli.conftest import Stack, ask, made, read_until
from tests.support import backups
from tests.support.waiting import until

PASSWORD = "a password of 1000 trees"
TICKETS = 1_500
FACTS = """
    select status, total, succeeded, failed,
           (select count(*) from job_items), (select count(distinct ticket_id) from job_items),
           (select count(*) from tickets), (select count(*) from tickets where deleted_by_job = jobs.id)
    from jobs
"""

UNFINISHED = "select count(*) from pg_database where datname like '%restoring'"


@pytest.fixture(scope="module")
def served() -> Iterator[Stack]:
    with made() as stack:
        stack.environ["SEED_PASSWORD"] = PASSWORD
        stack.environ["CHUNK_SIZE"] = "50"
        stack.succeed("up", "--local")
        yield stack


@pytest.fixture
def up(served: Stack) -> Stack:
    """Everything runs, whatever the tests before did to it."""
    if served.run("status").returncode:
        served.succeed("up", "--local")
    return served


@pytest.fixture(scope="module")
def backup(served: Stack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if served.run("status").returncode:
        served.succeed("up", "--local")
    file = tmp_path_factory.mktemp("backups") / "backup.tar"
    served.succeed("backup", str(file))
    return file


@asynccontextmanager
async def logged_in(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{stack.port}/api", timeout=30) as client:
        answer = await client.post("/login", json={"username": "admin", "password": PASSWORD})
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


async def post_slow_job(client: httpx.AsyncClient) -> str:
    """Begin to delete all tickets, at a rate that takes long; return the job's id when some are gone."""
    body = {"type": "bulk-delete", "payload": {"filter": {}, "all": True}, "maxItemsPerSecond": 50}
    job_id: str = (await client.post("/jobs", json=body)).json()["id"]

    async def has_begun() -> Any:
        return (await client.get(f"/jobs/{job_id}")).json()["processed"]

    await until(has_begun)
    return job_id


async def end_of(client: httpx.AsyncClient, job_id: str) -> None:
    async def has_ended() -> bool:
        return bool((await client.get(f"/jobs/{job_id}")).json()["finishedAt"])

    await until(has_ended, seconds=60)


async def test_a_backup_in_the_middle_of_a_job_brings_all_back_after_a_reset_and_the_job_ends_exact(
    up: Stack, tmp_path: Path
) -> None:
    up.succeed("seed", "--tickets", str(TICKETS))
    async with logged_in(up) as client:
        job_id = await post_slow_job(client)
    file = str(tmp_path / "all.tar")
    taken = json.loads(up.succeed("backup", file, "--json"))
    assert 0 < taken["tables"]["job_items"]["rows"] < TICKETS
    assert taken["tables"]["tickets"]["rows"] == TICKETS
    up.succeed("reset", "--yes")

    verified = json.loads(up.succeed("backup", "verify", file, "--json"))
    assert verified["tables"] == taken["tables"]
    restored = json.loads(up.succeed("restore", file, "--yes", "--json"))
    assert restored["tables"] == taken["tables"]
    assert restored["started"] == []
    assert up.run("status").returncode == 3

    up.succeed("up", "--local")
    await ask(up, "update jobs set max_items_per_second = null returning id")
    async with logged_in(up) as client:
        await end_of(client, job_id)
    assert await ask(up, FACTS) == ["completed", TICKETS, TICKETS, 0, TICKETS, TICKETS, TICKETS, TICKETS]


async def test_a_restore_cleans_up_after_one_that_was_killed_and_starts_again_what_ran(up: Stack, backup: Path) -> None:
    with up.start("restore", str(backup), "--yes") as killed:
        read_until(killed, "Restoring beside")
        killed.kill()
    before = up.pids()
    await ask(up, "create table after_it as select 1 as one")

    said = up.succeed("restore", str(backup), "--yes")
    assert "in the place of the database bulkhead" in said
    assert "Started   api, worker" in said
    after = up.pids()
    assert {name: after[name] for name in before} == before
    assert before.keys() == {"postgres", "redis", "supervisord"}
    assert up.run("status").returncode == 0
    assert await ask(up, "select to_regclass('after_it')") == [None]
    assert await ask(up, UNFINISHED) == [0]


async def test_a_restore_that_fails_and_one_that_is_interrupted_leave_all_running_as_it_was(
    up: Stack, backup: Path, tmp_path: Path
) -> None:
    taken = archive.read(backup)
    changed: dict[str, Any] = {
        "tables": taken.manifest.tables | {"users": Table(taken.manifest.tables["users"].rows, "1")}
    }
    with taken.dump() as dump:
        wrong = backups.write(
            tmp_path / "wrong.tar", msgspec.structs.replace(taken.manifest, **changed), dump.read(taken.dump_bytes)
        )
    await ask(up, "create table mark as select 42 as answer")
    failed = up.run("restore", str(wrong), "--yes")
    assert failed.returncode == 1
    assert "what was restored is not what was backed up: users" in failed.stderr
    assert "the database is as it was, and what ran runs again" in failed.stderr

    with up.start("restore", str(backup), "--yes") as interrupted:
        read_until(interrupted, "Restoring beside")
        interrupted.send_signal(signal.SIGINT)
        _, said = interrupted.communicate(timeout=60)
    assert (interrupted.returncode, said) == (130, "")
    assert up.run("status").returncode == 0
    assert await ask(up, "select answer from mark") == [42]
    assert await ask(up, UNFINISHED) == [0]
    await ask(up, "drop table mark")


def test_others_wait_while_a_restore_asks_and_what_is_no_yes_changes_nothing(up: Stack, backup: Path) -> None:
    terminal, theirs = os.openpty()
    before = up.pids()
    with subprocess.Popen(
        [sys.executable, "-m", "app.cli", "restore", str(backup)],
        cwd=up.repository,
        env=up.environ,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as asking:
        read_until(asking, "Type yes")
        for words, said in (
            (("backup", str(backup.with_name("second.tar"))), "another backup or restore is under way"),
            (("restore", str(backup), "--yes"), "another backup or restore is under way"),
            (("down",), "a restore is under way"),
            (("up", "--local"), "a restore is under way"),
        ):
            refused = up.run(*words)
            assert (refused.returncode, said in refused.stderr) == (1, True), refused
        os.write(terminal, b"no\n")
        _, complained = asking.communicate(timeout=60)
    os.close(terminal)
    os.close(theirs)
    assert (asking.returncode, complained) == (1, "bulkhead: nothing was changed\n")
    assert up.pids() == before


def test_a_restore_wants_somebody_to_say_yes_and_says_what_would_go(up: Stack, backup: Path) -> None:
    done = up.run("restore", str(backup))
    assert done.returncode == 1
    assert "add --yes" in done.stderr
    assert "Goes " in done.stdout


def one_line(done: "subprocess.CompletedProcess[str]") -> str:
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    return line


def test_backup_says_in_one_line_what_keeps_it(stack: Stack, tmp_path: Path) -> None:
    assert "PostgreSQL is not running here" in one_line(stack.run("backup", str(tmp_path)))
    (tmp_path / "there.tar").touch()
    assert "there.tar is there already" in one_line(stack.run("backup", str(tmp_path / "there.tar")))
    assert "there is no folder" in one_line(stack.run("backup", str(tmp_path / "no" / "folder.tar")))
    assert [path.name for path in tmp_path.iterdir() if "tar" in path.name] == ["there.tar"]


@pytest.mark.parametrize("command", [("backup", "verify"), ("restore",)])
def test_what_is_no_whole_backup_is_refused_in_one_line(stack: Stack, tmp_path: Path, command: tuple[str, ...]) -> None:
    assert "there is no file" in one_line(stack.run(*command, str(tmp_path / "none.tar")))
    whole = backups.write(tmp_path / "whole.tar", backups.manifest()).read_bytes()
    (tmp_path / "part.tar").write_bytes(whole[:1000])
    assert "is not a whole backup" in one_line(stack.run(*command, str(tmp_path / "part.tar")))
    (tmp_path / "bad.tar").write_bytes(whole.replace(b"or so", b"or no"))
    done = stack.run(*command, str(tmp_path / "bad.tar"))
    assert done.returncode == 1
    assert done.stderr.endswith("bad.tar is broken: what is in it is not what was written\n")


def test_a_backup_of_a_newer_schema_is_refused_before_anything_stops(stack: Stack, tmp_path: Path) -> None:
    newer = backups.write(tmp_path / "newer.tar", backups.manifest(revision="9999"))
    assert "newer.tar has the schema 9999, which is newer" in one_line(stack.run("restore", str(newer), "--yes"))


def test_manage_sh_takes_a_file_from_where_one_stands(stack: Stack, tmp_path: Path) -> None:
    command = [str(REPOSITORY / "manage.sh"), "backup", "verify", "none.tar"]
    done = subprocess.run(command, cwd=tmp_path, env=stack.environ, capture_output=True, text=True, check=False)
    assert one_line(done) == f"bulkhead: there is no file {tmp_path / 'none.tar'}"
