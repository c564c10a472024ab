"""What a process writes: for programs one JSON object a line, for people on a terminal something readable."""

import json
import os
import pty
import subprocess
import sys

import pytest

from tests.support.servers import REPOSITORY

COLOUR = "\x1b["
PROGRAM = """
import logging
import structlog
from app import logs

logs.configure("info", for_people={for_people})
log = structlog.get_logger("app.access")
log.info("request", method="GET", path="/api/approvals/secret", status=200)
log.debug("quiet")
try:
    int("x")
except ValueError:
    log.exception("failed")
logging.getLogger("library").warning("hello %s", "there")
"""


def written(*, for_people: bool, on_terminal: bool) -> str:
    controller, terminal = pty.openpty()
    command = [sys.executable, "-c", PROGRAM.format(for_people=for_people)]
    done = subprocess.run(
        command, cwd=REPOSITORY, stdout=terminal if on_terminal else subprocess.PIPE, check=True, text=True
    )
    os.close(terminal)
    said: str = os.read(controller, 65_536).decode() if on_terminal else done.stdout
    os.close(controller)
    return said


def test_programs_get_one_json_object_a_line() -> None:
    lines = [json.loads(line) for line in written(for_people=False, on_terminal=False).splitlines()]
    assert [line["event"] for line in lines] == ["request", "failed", "hello there"]
    assert lines[0].items() >= {"level": "info", "logger": "app.access", "path": "/api/approvals/-"}.items()
    assert "ValueError" in lines[1]["exception"]
    assert all(line["timestamp"].endswith("Z") for line in lines)


@pytest.mark.parametrize(("for_people", "on_terminal"), [(True, False), (False, True)])
def test_people_get_it_readable_and_in_colour_on_a_terminal(for_people: bool, on_terminal: bool) -> None:
    said = written(for_people=for_people, on_terminal=on_terminal)
    assert (COLOUR in said) is on_terminal
    assert "request" in said
    assert not said.startswith("{")
    assert "ValueError" in said
    assert "secret" not in said
