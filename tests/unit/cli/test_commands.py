import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import __main__ as cli
from app.cli import catalog
from app.cli.catalog import ENTRIES, Entry

REPOSITORY = Path(__file__).parents[3]
NAMED = [entry for entry in ENTRIES if entry.name]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name or "none")
def test_every_command_is_there_and_explains_itself(entry: Entry) -> None:
    assert entry.summary in catalog.parser(entry).format_help()
    assert callable(catalog.load(entry).run)


@pytest.mark.parametrize("entry", NAMED, ids=lambda entry: entry.name)
def test_the_help_has_an_example_of_every_command_and_the_example_parses(entry: Entry) -> None:
    assert f"{catalog.PROGRAM} {entry.example}" in catalog.overview()
    name, *arguments = entry.example.split()
    assert name == entry.name
    cli.parse(entry, arguments)


@pytest.mark.parametrize("words", [["help"], ["-h"], ["--help"]])
def test_help_is_a_command_and_a_flag(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 0
    assert capsys.readouterr().out == f"{catalog.overview()}\n"


@pytest.mark.parametrize("words", [["launch"], [" "], ["--up"], ["help", "launch"]])
def test_an_unknown_command_prints_the_help_and_exits_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(catalog.overview())
    assert repr(words[-1]) in said.err


@pytest.mark.parametrize(
    "words",
    [["up", "--remote"], ["down", "now"], ["seed", "--tickets", "-1"], ["seed", "--tickets", "many"], ["logs", "-n"]],
)
def test_wrong_arguments_exit_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    assert f"usage: ./manage.sh {words[0]}" in capsys.readouterr().err


def test_what_follows_test_is_left_to_pytest() -> None:
    entry = catalog.find("test")
    assert entry is not None
    assert cli.parse(entry, ["-k", "a or b", "--help"]).passed_on == ["-k", "a or b", "--help"]


def test_the_help_needs_nothing_but_the_standard_library() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            "import sys; sys.path.append('.'); from app.cli.__main__ import main; main(['help'])",
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{catalog.overview()}\n"
