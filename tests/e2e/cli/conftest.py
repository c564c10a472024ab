import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import pytest

from app.cli import environment, ports
from app.cli.local import client, places, supervisor
from app.cli.local import stack as stacks
from app.embedded import layout
from app.settings import Settings
from tests.e2e.cli.consoles import Console
from tests.integration.embedded.probes import lives
from tests.support import repository

DEADLINE_SECONDS = 30.0
COMMAND_SECONDS = 90.0


class Stack:
    """The command line, with a local folder and a port that no other test has."""

    def __init__(self, local_dir: Path) -> None:
        self.local_dir = local_dir
        self.repository = repository.beside(local_dir.parent / "repository")
        self.port = ports.any_free("127.0.0.1")
        unset = {name.upper() for name in Settings.__struct_fields__}.union(*environment.NAMED_BY.values())
        unset.add("PYTHONDONTWRITEBYTECODE")  # or each process would compile this repository anew
        own = {
            "LOCAL_DIR": str(local_dir),
            "PORT": str(self.port),
            "PATH": f"{_no_docker(local_dir.parent)}:{os.environ['PATH']}",
        }
        self.environ = os.environ | dict.fromkeys(unset, "") | own  # empty, so that no .env has a say

    def run(self, *words: str, typed: str = "", **environ: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *words],
            cwd=self.repository,
            env=self.environ | environ,
            input=typed,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )

    def succeed(self, *words: str, typed: str = "", **environ: str) -> str:
        done = self.run(*words, typed=typed, **environ)
        assert done.returncode == 0, f"{words} exited {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """A command that goes on in the background, and may be interrupted."""
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", *words],
            cwd=self.repository,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return found

    def pids(self) -> dict[str, int]:
        """Of everything that runs, the supervisor included."""
        supervisor = int((self.local_dir / places.LOCK).read_text())
        found = {process.name: process.pid for process in client.processes(self.local_dir) if process.pid}
        return found | {"supervisord": supervisor}


@contextmanager
def made() -> Iterator[Stack]:
    """A folder that any user may enter, unlike tmp_path; whatever still runs in it at the end is stopped."""
    outside = Path(tempfile.mkdtemp(prefix="bulkhead-cli-"))
    outside.chmod(0o755)
    stack = Stack(outside / "local")
    left = [*layout.data_folders(stack.local_dir), outside]
    try:
        yield stack
    finally:
        supervisor.stop(stack.local_dir)
        for path in left:
            shutil.rmtree(path, ignore_errors=True)


def _no_docker(folder: Path) -> Path:
    """A `docker` without an engine: what runs in a real one is not the tests' to stop."""
    docker = folder / "bin" / "docker"
    docker.parent.mkdir()
    docker.write_text("#!/bin/sh\nexit 1\n")
    docker.chmod(0o755)
    return docker.parent


@pytest.fixture
def stack() -> Iterator[Stack]:
    """Nothing runs yet."""
    with made() as stack:
        yield stack


class FirstStart(NamedTuple):
    """A stack that two started at once, in an empty folder; the console was not built before."""

    stack: Stack
    codes: list[int]
    said: list[tuple[str, str]]


@pytest.fixture(scope="session")
def first_start() -> Iterator[FirstStart]:
    with made() as stack:
        stack.environ["PATH"] = f"{Console(stack.repository).bin}:{stack.environ['PATH']}"
        with stack.start("up", "--local") as first, stack.start("up", "--local") as second:
            said = [up.communicate(timeout=COMMAND_SECONDS) for up in (first, second)]
        yield FirstStart(stack, [first.returncode, second.returncode], said)


@pytest.fixture
def running(first_start: FirstStart) -> Stack:
    """Everything is up, whatever the tests before did to it: they share it."""
    if not stacks.is_up(first_start.stack.local_dir):
        first_start.stack.succeed("up", "--local")
    return first_start.stack


async def ask(stack: Stack, statement: str) -> list[Any]:
    """Return the first row that a statement gives."""
    connection = await asyncpg.connect(layout.database_url(stack.local_dir))
    try:
        return list(await connection.fetchrow(statement) or ())
    finally:
        await connection.close()


def read_until(command: "subprocess.Popen[str]", text: str) -> None:
    """Wait for a line that a command prints."""
    assert command.stdout is not None
    lines = []
    for line in command.stdout:
        lines.append(line)
        if text in line:
            return
    pytest.fail(f"{text!r} was never printed, but: {''.join(lines)}")


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.02)


def all_ended(pids: dict[str, int]) -> bool:
    return not any(lives(pid) for pid in pids.values())
