"""Schemathesis against our own OpenAPI document, as every role.

Locally, SCHEMA_FUZZ_EXAMPLES=500 asks for more than there is time for in every run.
"""

import asyncio
import os
import sys
from pathlib import Path

import msgspec
import pytest

from app.accounts import tokens
from app.accounts.models import User
from app.settings import Settings
from tests.support.contract import document_of_the_app
from tests.support.people import People
from tests.support.system import System
from tests.support.workbench import Workbench

EXAMPLES = os.environ.get("SCHEMA_FUZZ_EXAMPLES")
# All boundary values take a quarter of a minute a role. In every run there are the right ones, as who gets past every
# guard, and a few of any kind as everybody.
BOUNDARIES = ("--phases", "coverage", "--mode", "positive")
ANYTHING = ("--phases", "fuzzing,stateful", "--max-examples", "2")
SOMETHING = ("--phases", "fuzzing", "--max-examples", "2")


def extents_for(role: str) -> list[tuple[str, ...]]:
    if EXAMPLES:
        return [("--max-examples", EXAMPLES)]
    return [BOUNDARIES, ANYTHING] if role == "admin" else [SOMETHING]


STAYS = (
    "create function stays() returns trigger language plpgsql as 'begin return null; end'",
    "create trigger stays before update on users for each row execute function stays()",
)
CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "openapi.json"
    path.write_bytes(msgspec.json.encode(document_of_the_app()))
    return path


async def schemathesis(system: System, document: Path, role: str, *options: str) -> str:
    """Return what it says of what is wrong."""
    said = ""
    for extent in extents_for(role):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", str(document)),
            *("--url", system.url, "--no-shrink", *extent, *options),
            cwd=document.parent,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await process.communicate()
        said += told.decode() if process.returncode else ""
    return said


@pytest.mark.parametrize("role", ["admin", "agent", "requester"])
async def test_every_answer_is_as_the_document_says(
    system: System, bench: Workbench, people: People, settings: Settings, document: Path, role: str
) -> None:
    """Nobody's rights change meanwhile: it may well find the route that would take its own."""
    await system.start_api()
    user: User = getattr(people, role)
    await bench.submit(await bench.tickets(5), user)
    for statement in STAYS:
        await bench.execute(statement)
    token = tokens.issue(user.id, settings.jwt_secret, 3600)
    said = await schemathesis(system, document, role, "--header", f"Authorization: Bearer {token}")
    assert not said, said


async def test_a_stranger_is_answered_as_the_document_says(system: System, document: Path) -> None:
    await system.start_api()
    said = await schemathesis(system, document, "stranger")
    assert not said, said
