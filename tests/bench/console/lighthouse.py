"""What Lighthouse says of two screens of an admin: a page of tickets, and a job that has ended.

It has its preset for desktops, and opens its own tab in a browser whose profile is signed in.
"""

import asyncio
import contextlib
import os
import tempfile
from asyncio.subprocess import PIPE
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from playwright.async_api import async_playwright

from app.cli import node
from tests.bench.databases import Databases
from tests.bench.figures import Row, Target, row
from tests.browser import chromium
from tests.browser.browsers import sign_in
from tests.support import npm

ROUNDS, QUICK_ROUNDS = 3, 1
CATEGORIES = ("performance", "accessibility", "best-practices")
TARGET = Target("median", ">=", 95)
OPTIONS = (
    *("--preset=desktop", "--disable-storage-reset", "--output=json", "--quiet", "--no-enable-error-reporting"),
    f"--only-categories={','.join(CATEGORIES)}",
)


class Category(msgspec.Struct):
    score: float


class Request(msgspec.Struct):
    url: str


class Requests(msgspec.Struct):
    items: list[Request]


class NetworkRequests(msgspec.Struct):
    details: Requests


class Audits(msgspec.Struct, rename="kebab"):
    network_requests: NetworkRequests


class Result(msgspec.Struct):
    categories: dict[str, Category]
    audits: Audits

    def is_signed_in(self) -> bool:
        return any(request.url.endswith("/api/me") for request in self.audits.network_requests.details.items)


class Tools(NamedTuple):
    """Where the programs are."""

    chromium: str
    lighthouse: Path


def installed(folder: Path) -> Path:
    return npm.install(Path(__file__).with_name("lighthouse"), folder) / ".bin/lighthouse"


async def measure(databases: Databases, tools: Tools, url: str, job_id: str) -> list[Row]:
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    async with _signed_in(tools.chromium, url) as port:
        for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
            for screen, path in {"tickets": "/tickets", "a job": f"/jobs/{job_id}"}.items():
                result = await _run(tools.lighthouse, url + path, port)
                for name in CATEGORIES:
                    scores[screen, name].append(100 * result.categories[name].score)
    return [row(f"Lighthouse, {screen}", name, "", values, target=TARGET) for (screen, name), values in scores.items()]


@contextlib.asynccontextmanager
async def _signed_in(executable_path: str, url: str) -> AsyncIterator[int]:
    """Start a browser with a profile that is signed in; its debugging port lets others drive it."""
    with tempfile.TemporaryDirectory(prefix="bulkhead-bench-profile-") as profile:
        async with async_playwright() as playwright:
            context = await playwright.chromium.launch_persistent_context(
                profile,
                executable_path=executable_path,
                args=[*chromium.AS_ROOT, "--remote-debugging-port=0"],
                base_url=url,
            )
            await sign_in(context, "admin")
            yield _debugging_port(Path(profile))
            await context.close()


def _debugging_port(profile: Path) -> int:
    return int((profile / "DevToolsActivePort").read_text().split()[0])


async def _run(program: Path, url: str, port: int) -> Result:
    environ = os.environ | {"PATH": node.search_path()}
    running = await asyncio.create_subprocess_exec(program, url, f"--port={port}", *OPTIONS, env=environ, stdout=PIPE)
    said, _ = await running.communicate()
    assert running.returncode == 0, "Lighthouse failed; its reason is above"
    result = msgspec.json.decode(said, type=Result)
    assert result.is_signed_in(), "Lighthouse has seen no more than the sign-in"
    return result
