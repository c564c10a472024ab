"""Schemathesis against our own OpenAPI document, as every role.

Locally, SCHEMA_FUZZ_EXAMPLES=500 asks for more than there is time for in every run.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from app import openapi
from app.accounts import tokens
from app.accounts.models import User
from tests.support.lending import a_database
from tests.support.people import People, add_people
from tests.support.servers import REPOSITORY, Servers, settings_for
from tests.support.system import System
from tests.support.workbench import Workbench

EXAMPLES = os.environ.get("SCHEMA_FUZZ_EXAMPLES")
# All boundary values take a quarter of a minute a role. In every run there are the right ones, as who gets past every
# guard, and a few of any kind as everybody.
BOUNDARIES = ("--phases", "coverage", "--mode", "positive")
ANYTHING = ("--max-examples", EXAMPLES) if EXAMPLES else ("--phases", "fuzzing,stateful", "--max-examples", "2")
# Not what comes of what another made: one caller may not see all that the one before may.
SOMETHING = ("--phases", "examples,coverage,fuzzing" if EXAMPLES else "fuzzing", "--max-examples", EXAMPLES or "6")

STAYS = (
    "create function stays() returns trigger language plpgsql as 'begin return null; end'",
    "create trigger stays before update on users for each row execute function stays()",
)
CONFIG = Path(__file__).with_name("schemathesis.toml")
CALLERS = Path(__file__).with_name("fuzz_callers.py")
# Few variables, as all are looked through for a proxy at each request; and Hypothesis keeps its tables of Unicode.
ENVIRON = {
    "PATH": os.environ["PATH"],
    "SCHEMATHESIS_HOOKS": str(CALLERS),
    "HYPOTHESIS_STORAGE_DIRECTORY": str(REPOSITORY / ".hypothesis"),
}


class Target(NamedTuple):
    """An API for all of them: each answer is to be as the document says, whatever others did before."""

    url: str
    document: Path
    jwt_secret: str
    people: People


@pytest.fixture(scope="module")
async def target(
    servers: Servers, template: str, password_hash: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Target]:
    """Nobody's rights change meanwhile: an admin may well find the route that would take its own."""
    folder = tmp_path_factory.mktemp("fuzz")
    document = folder / "openapi.json"
    document.write_bytes(msgspec.json.encode(openapi.document()))
    async with a_database(servers, template) as lent:
        settings = settings_for(lent.url, servers.redis_url)
        bench = Workbench(lent.kept.pools, settings, await add_people(lent.kept.engine, password_hash))
        for user in bench.people:
            await bench.submit(await bench.tickets(5), user)
        for statement in STAYS:
            await bench.execute(statement)
        system = System(settings, folder, LOG_LEVEL="warning")
        try:
            await system.is_up(system.start("tests.support.quick_hashes"))
            yield Target(system.url, document, settings.jwt_secret, bench.people)
        finally:
            system.stop()


async def schemathesis(target: Target, callers: Sequence[User | None], *options: str) -> str:
    """Let each request come from the next of the callers; return what it says of what is wrong."""
    issued = (tokens.issue(user.id, target.jwt_secret, 3600) if user else "" for user in callers)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", str(target.document)),
        *("--url", target.url, "--no-shrink", *options),
        cwd=target.document.parent,
        env=ENVIRON | {"TOKENS": ",".join(issued)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    return told.decode() if process.returncode else ""


@pytest.mark.parametrize("extent", [BOUNDARIES, ANYTHING], ids=["boundary values", "anything"])
async def test_an_admin_is_answered_as_the_document_says(target: Target, extent: Sequence[str]) -> None:
    said = await schemathesis(target, [target.people.admin], *extent)
    assert not said, said


async def test_all_others_are_answered_as_the_document_says(target: Target) -> None:
    """In turn; who may call what at all is another test's matter."""
    said = await schemathesis(target, [target.people.agent, target.people.requester, None], *SOMETHING)
    assert not said, said
