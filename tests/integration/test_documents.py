"""What there is to read of the sockets and to try the API with: it is as the code is, and their own tools take it."""

import re
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any, cast, get_args

import pytest

from app import asyncapi, postman
from app.cli import node
from app.jobs import events as jobs
from app.jobs.topic import JobTopic
from app.tickets import events as tickets
from app.tickets.topic import TicketTopic
from app.version import VERSION
from tests.support import npm, socket_contract
from tests.support.document import document
from tests.support.servers import REPOSITORY

SERVED = REPOSITORY / "app/web/public"
PARSER = Path(__file__).with_name("asyncapi")
PARSING_SECONDS = 60
NONE = cast(Any, None)


@pytest.mark.parametrize("module", [asyncapi, postman])
def test_the_file_that_the_console_serves_is_as_the_code_is(module: ModuleType) -> None:
    name = module.__name__.rpartition(".")[2]
    again = f"Write it anew: .venv/bin/python -m app.{name} > app/web/public/{name}.json"
    assert (SERVED / f"{name}.json").read_text() == module.text(), again


def test_every_event_is_in_the_document_of_the_sockets() -> None:
    told = {*get_args(jobs.Name), *get_args(tickets.Name), tickets.CHANGED, tickets.VIEWERS, tickets.TYPING}
    assert told == asyncapi.EVENTS.keys()
    topics = (JobTopic(NONE, NONE, NONE, NONE, NONE), TicketTopic(NONE, NONE, NONE, NONE))
    assert {event for topic in topics for event in topic.answers} == asyncapi.ASKS.keys()


def test_each_example_of_an_event_is_what_its_schema_says() -> None:
    for name in asyncapi.EVENTS:
        [example] = socket_contract.document()["components"]["messages"][asyncapi.key_of(name)]["examples"]
        socket_contract.check_event(name, example["payload"])


@pytest.mark.parametrize(("name", "payload"), [("jobs:progress", {}), ("jobs:nonsense", {}), ("tickets:typing", {})])
def test_the_contract_of_the_sockets_can_be_broken(name: str, payload: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=r"is not in the document|is a required property"):
        socket_contract.check_event(name, payload)
    with pytest.raises(AssertionError):
        socket_contract.check_ack("job:subscribe", {"ok": True})


def test_asyncapis_own_parser_has_nothing_to_say(tmp_path: Path) -> None:
    try:
        npm.install(PARSER, tmp_path / "parser")
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"AsyncAPI's parser could not be installed, so it did not read the document: {error}")
    said = subprocess.run(
        ["node", "check.js"],  # noqa: S607 - whichever there is
        cwd=tmp_path / "parser",
        input=asyncapi.text().encode(),
        env={"PATH": node.search_path()},
        capture_output=True,
        timeout=PARSING_SECONDS,
        check=False,
    )
    assert (said.returncode, said.stdout, said.stderr) == (0, b"", b"")


def test_the_collection_has_each_request_of_the_api_once() -> None:
    requests = [one["request"] for folder in postman.collection()["item"][1:] for one in folder["item"]]
    asked = [(one["method"].lower(), "/" + "/".join(one["url"]["path"])) for one in requests]
    told = [(method, path) for path, item in document()["paths"].items() for method in item]
    assert sorted(asked) == sorted((method, path.replace("{", "{{").replace("}", "}}")) for method, path in told)


def test_the_documents_and_the_changelog_are_of_one_version() -> None:
    versions = {
        document()["info"]["version"],
        asyncapi.document()["info"]["version"],
        postman.collection()["info"]["version"],
    }
    assert versions == {VERSION}
    [newest, *_] = re.findall(r"^## (\d\S+)$", (REPOSITORY / "app/CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest == VERSION
