"""What `build` decides, and what it leaves, with an npm that does as it is told."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.e2e.cli.conftest import Stack
from tests.support import repository

NPM = """#!{python}
import json, os, pathlib, sys, time
with open("{calls}", "a") as calls:
    print(json.dumps([sys.argv[1:], os.environ.get("JWT_SECRET")]), file=calls)
print("chatter")
if sys.argv[1] != "run":
    sys.exit(0)
pathlib.Path("dist").mkdir()
pathlib.Path("dist/index.html").write_text(pathlib.Path("src/page.ts").read_text())
sys.exit("page.ts is wrong" if "wrong" in pathlib.Path("src/page.ts").read_text() else 0)
"""


STEPS = ["view", "ci", "run"]


class Console:
    """The sources of a console in a repository of their own, and the Node.js that builds it."""

    def __init__(self, folder: Path) -> None:
        self.repository = folder
        self.web = folder / "app" / "web"
        self.built = self.web / "dist"
        self._calls = folder / "calls"
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.install("node", "#!/bin/sh\necho v22.12.0\n")
        self.install("npm", NPM.format(python=sys.executable, calls=self._calls))
        (self.web / "src").mkdir(parents=True)
        (self.web / "package-lock.json").write_text("{}")
        (self.web / "src" / "other.ts").touch()
        self.write("the first page")

    @property
    def environ(self) -> dict[str, str]:
        return os.environ | {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "JWT_SECRET": "a secret of thirty-two bytes, or more",
        }

    def install(self, program: str, text: str) -> None:
        (self.bin / program).write_text(text)
        (self.bin / program).chmod(0o755)

    def write(self, page: str) -> None:
        (self.web / "src" / "page.ts").write_text(page)

    def start(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "app.cli", "build"]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.repository, env=self.environ, stdout=pipe, stderr=pipe, text=True)

    def build(self) -> tuple[int | None, str, str]:
        with self.start() as building:
            out, err = building.communicate(timeout=60)
        return building.returncode, out, err

    def page(self) -> str:
        return (self.built / "index.html").read_text()

    def left(self) -> list[str]:
        return sorted(path.name for path in self.web.iterdir())

    def calls(self) -> list[str]:
        """The commands that npm was given; none of them has seen a secret."""
        lines = self._calls.read_text().splitlines() if self._calls.exists() else []
        assert all(secret is None for _, secret in map(json.loads, lines))
        return [words[0] for words, _ in map(json.loads, lines)]


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(repository.beside(tmp_path / "repository"))


def test_what_is_missing_is_built_of_the_locked_packages_and_npm_is_not_heard(console: Console) -> None:
    code, out, err = console.build()
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "Building the console; this happens once, and may take a minute ...",
        "Built: ./manage.sh restart lets the API serve it.",
    ]
    assert console.page() == "the first page"
    assert console.calls() == STEPS
    assert console.left() == ["dist", "package-lock.json", "src"]


def test_what_is_fresh_stays_whatever_the_clock_says(console: Console) -> None:
    console.build()
    for path in console.web.rglob("*"):
        os.utime(path, (0, 0))
    (console.web / "node_modules").mkdir()
    (console.web / "node_modules" / "installed-by-hand.js").touch()
    assert console.build() == (0, "Built already, of these very sources.\n", "")
    assert console.calls() == STEPS


@pytest.mark.parametrize("change", ["edited", "added", "renamed", "configured", "locked", "built by hand", "emptied"])
def test_what_is_stale_is_built_anew(console: Console, change: str) -> None:
    console.build()
    match change:
        case "edited":
            console.write("the second page")
        case "added":
            (console.web / "src" / "more.ts").touch()
        case "renamed":
            (console.web / "src" / "other.ts").rename(console.web / "src" / "another.ts")
        case "configured":
            (console.web / ".npmrc").write_text("x=y")
        case "locked":
            (console.web / "package-lock.json").write_text("{ }")
        case "built by hand":
            (console.built / ".built-from").unlink()
        case "emptied":
            (console.built / "index.html").unlink()
    assert console.build()[0] == 0
    assert console.calls() == STEPS * 2


def test_a_build_that_fails_says_why_and_leaves_the_one_before(console: Console) -> None:
    console.build()
    console.write("something wrong")
    code, _, err = console.build()
    assert code == 1
    assert err.startswith("bulkhead: npm run failed, and its last words were:\n")
    assert err.endswith("  chatter\n  page.ts is wrong\n")
    assert console.page() == "the first page"
    assert console.left() == ["dist", "package-lock.json", "src"]


def test_two_at_once_build_once(console: Console) -> None:
    with console.start() as first, console.start() as second:
        said = sorted(building.communicate(timeout=60)[0].splitlines()[-1] for building in (first, second))
    assert said == ["Built already, of these very sources.", "Built: ./manage.sh restart lets the API serve it."]
    assert console.calls() == STEPS


def test_without_sources_there_is_nothing_to_build(console: Console) -> None:
    (console.web / "package-lock.json").unlink()
    code, out, err = console.build()
    assert (code, out) == (1, "")
    assert "no console to build" in err


def test_a_start_builds_what_the_api_then_serves(stack: Stack) -> None:
    console = Console(stack.repository)
    said = stack.succeed("up", "--local", PATH=f"{console.bin}:{stack.environ['PATH']}")
    assert "Building the console; this happens once" in said
    assert f"  Console {stack.status()['apiUrl']}\n" in said
    assert httpx.get(f"{stack.status()['apiUrl']}/tickets").text == "the first page"
