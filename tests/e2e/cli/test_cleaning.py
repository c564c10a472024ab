"""What `clean` deletes, and what not, in a repository of the test's own."""

import json
from pathlib import Path

import pytest

from tests.e2e.cli.conftest import Stack
from tests.e2e.cli.test_refusing import one_line

MADE = (
    "app/web/dist/index.html",
    "app/web/node_modules/x/y.js",
    ".mypy_cache/x",
    "app/web/__pycache__/x.pyc",
    ".venv/bin/x",
)


@pytest.fixture
def repository(stack: Stack) -> Path:
    """With all that is made in one, and a stack that once was."""
    for name in (*MADE, ".env", ".venv/requirements.lock", "app/web/src/page.ts", "backups/monday.tar"):
        path = stack.repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x" * 100_000)
    (stack.local_dir / "postgres").mkdir(parents=True)
    (stack.local_dir / "supervisord.conf").touch()
    return stack.repository


def made_in(repository: Path) -> list[str]:
    return [name for name in MADE if (repository / name).exists()]


def test_clean_deletes_what_was_made_and_leaves_what_was_written(stack: Stack, repository: Path) -> None:
    assert "add --yes" in one_line(stack.run("clean"))
    assert made_in(repository) == list(MADE)

    deleted = json.loads(stack.succeed("clean", "--yes", "--json"))["deleted"]
    assert [each["what"].split(" in ")[0] for each in deleted] == [
        "the data",
        "the built console, and the packages that it is built with",
        "the caches of Python and of the tests",
        "the packages, servers and Node.js",
    ]
    assert all(each["size"].endswith("kB") for each in deleted[1:])
    assert made_in(repository) == []
    assert not stack.local_dir.exists()
    assert (repository / ".env").exists()
    assert (repository / "backups/monday.tar").exists()
    assert (repository / "app/web/src/page.ts").exists()
    assert (repository / "app/cli/commands/clean.py").exists()  # behind a link
    assert "nothing to delete" in stack.succeed("clean", "--yes", PYTHONDONTWRITEBYTECODE="1")


def test_a_virtual_environment_of_ones_own_stays(stack: Stack, repository: Path) -> None:
    (repository / ".venv" / "requirements.lock").unlink()
    assert ".env, backups/ and the code are as they were." in stack.succeed("clean", "--yes")
    assert made_in(repository) == [".venv/bin/x"]


def test_clean_does_not_touch_somebodys_database(stack: Stack, repository: Path) -> None:
    assert "not ours to delete" in one_line(stack.run("clean", "--yes", DATABASE_URL="postgresql://db/x"))
    assert made_in(repository) == list(MADE)


def test_two_who_clean_at_once_both_find_it_clean_in_the_end(stack: Stack, repository: Path) -> None:
    with stack.start("clean", "--yes") as first, stack.start("clean", "--yes") as second:
        said = [cleaning.communicate(timeout=60) for cleaning in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], said
    assert made_in(repository) == []
