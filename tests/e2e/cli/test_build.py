"""What `build` decides, and what it leaves, with an npm that does as it is told."""

import os
from pathlib import Path

import pytest

from tests.e2e.cli.consoles import Console
from tests.support import repository

STEPS = ["view", "ci", "run"]


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
