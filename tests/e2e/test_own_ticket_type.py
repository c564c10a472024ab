"""The type of ticket that README shows, in a copy of the program."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from arq.connections import ArqRedis

from app.settings import Settings
from tests.support.people import People
from tests.support.servers import REPOSITORY
from tests.support.system import System
from tests.support.waiting import until

HEADING = "## A ticket type of your own"
TICKET = {"type": "laptop", "fields": {"model": "16 inch", "memoryGb": 64}}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Add the module as it stands, and its name where README says."""
    folder = tmp_path / "program"
    folder.mkdir()
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    for package in ("app", "worker", "migrations"):
        shutil.copytree(REPOSITORY / package, folder / package, ignore=shutil.ignore_patterns("web", "__pycache__"))
    section = (REPOSITORY / "README.md").read_text().partition(HEADING)[2].partition("\n## ")[0]
    [code] = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    types = folder / "app/tickets/types"
    (types / "laptop.py").write_text(code)
    registry = types / "registry.py"
    named, times = re.subn(r"\bcable, optics\b|\bcable, general, optics\b", r"laptop, \g<0>", registry.read_text())
    assert times == 2
    registry.write_text(named)
    return folder


@pytest.fixture
def system(program: Path, settings: Settings, redis: ArqRedis, people: People, tmp_path: Path) -> Iterator[System]:
    system = System(settings, tmp_path, PYTHONPATH=str(program))
    yield system
    system.stop()


async def laptops(admin: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    answer = await admin.get("/api/tickets", params={"type": "laptop", **query})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["tickets"]
    return found


async def test_the_ticket_type_that_the_readme_shows_works_as_it_stands(
    system: System, admin: httpx.AsyncClient
) -> None:
    types = {each["type"]: each for each in (await admin.get("/api/ticket-types")).json()["ticketTypes"]}
    assert types["laptop"]["schema"]["properties"]["model"]["enum"] == ["13 inch", "16 inch"]
    refused = await admin.post("/api/tickets", json=TICKET | {"fields": {"model": "17 inch"}})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "$.fields.model")
    created = (await admin.post("/api/tickets", json=TICKET)).json()
    assert (created["title"], created["status"]) == ("Laptop: 16 inch, 64 GB", "pending_approval")
    assert [each["id"] for each in await laptops(admin, **{"fields.memoryGb": 64})] == [created["id"]]
    assert not await laptops(admin, **{"fields.memoryGb": 16})

    path = f"/api/tickets/{created['id']}"
    early = await admin.patch(path, json={"status": "fulfilled"})
    assert (early.status_code, early.json()["code"]) == (409, "transition_not_allowed")
    for status in ("approved", "in_progress", "fulfilled"):
        moved = await admin.patch(path, json={"status": status})
        assert moved.status_code == 200, moved.text

    system.start_worker()
    job = {"type": "bulk-update", "payload": {"filter": {"type": "laptop"}, "status": "closed"}}
    posted = await admin.post("/api/jobs", json=job)
    assert posted.status_code == 202, posted.text

    async def is_closed() -> bool:
        return [each["status"] for each in await laptops(admin)] == ["closed"]

    await until(is_closed, seconds=30)
