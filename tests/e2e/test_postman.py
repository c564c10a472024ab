"""The Postman collection, run against the API as a process by newman, which is what Postman has for that."""

import asyncio
import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from app.cli import node
from tests.e2e.shared_system import SharedSystem
from tests.support import npm
from tests.support.people import PASSWORD
from tests.support.servers import REPOSITORY

COLLECTION = REPOSITORY / "app/web/public/postman.json"
RUN_SECONDS = 120


@pytest.fixture
def newman(tmp_path: Path) -> Path:
    try:
        return npm.install(Path(__file__).with_name("newman"), tmp_path / "newman") / "newman/bin/newman.js"
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"newman could not be installed, so nobody ran the Postman collection: {error}")


async def run(newman: Path, **variables: str) -> Any:
    """Return what newman reports of a run."""
    options = [part for name, value in variables.items() for part in ("--env-var", f"{name}={value}")]
    report_to = ("--reporters", "json", "--reporter-json-export", "/dev/stdout")
    process = await asyncio.create_subprocess_exec(
        *("node", str(newman), "run", str(COLLECTION), *report_to, *options),
        env={"PATH": node.search_path()},
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(RUN_SECONDS):
        report, _ = await process.communicate()
    return json.loads(report)["run"]


async def test_each_request_of_the_collection_is_answered_as_the_document_says(
    shared: SharedSystem, newman: Path
) -> None:
    ran = await run(newman, baseUrl=shared.system.url, username="admin", password=PASSWORD)
    failures = [f"{one['source']['name']}: {one['error']['message']}" for one in ran["failures"]]
    assert failures == []
    statuses = Counter(one["response"]["code"] // 100 for one in ran["executions"])
    assert statuses.total() > 110
    assert statuses[2] > 60, "most requests are about what one before them has made"
