import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import __main__ as cli
from app.cli import catalog
from app.cli.catalog import ENTRIES, Entry

REPOSITORY = Path(__file__).parents[3]
MODULES = [entry for entry in ENTRIES if not entry.program]
WITHOUT_PACKAGES = "import sys; sys.path.append('.'); from app.cli.__main__ import main; sys.exit(main({words!r}))"
IN_CONTAINERS = ("doctor", "migrate", "seed", *(entry.name.replace(" ", "_") for entry in catalog.group_of("user")))
# What pyproject.toml lists as `local`, which the image does not have.
WITHOUT_LOCAL = "import sys; sys.modules.update(dict.fromkeys(['aiohttp', 'rich', 'supervisor'])); import {modules}"


def python(code: str, *flags: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *flags, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("entry", MODULES, ids=lambda entry: entry.name or "none")
def test_every_command_is_there_and_explains_itself(entry: Entry) -> None:
    said = " ".join(catalog.parser(entry).format_help().split())
    assert entry.summary.partition(",")[0] in said
    assert entry.example in said
    assert callable(catalog.load(entry).run)


@pytest.mark.parametrize("entry", [entry for entry in MODULES if entry.example], ids=lambda entry: entry.name)
def test_the_help_has_an_example_of_every_command_with_arguments_and_it_parses(entry: Entry) -> None:
    assert f"{catalog.PROGRAM} {entry.name} {entry.example}" in catalog.overview()
    found, arguments = catalog.find([*entry.name.split(), *shlex.split(entry.example)])
    assert found is entry
    catalog.parser(entry).parse_args(arguments)


def test_names_and_aliases_are_unique_and_a_command_that_is_also_a_group_says_so() -> None:
    assert len(catalog.BY_NAME) == sum(1 + len(entry.aliases) for entry in ENTRIES)
    for name in [name for name in catalog.BY_NAME if name and catalog.group_of(name)]:
        said = " ".join(catalog.parser(catalog.BY_NAME[name]).format_help().split())
        assert all(f"./manage.sh {entry.name}" in said for entry in catalog.group_of(name))


@pytest.mark.parametrize(("alias", "name"), [("start", "up"), ("stop", "down"), ("ps", "status")])
def test_words_that_people_expect_are_aliases_and_the_help_says_so(alias: str, name: str) -> None:
    entry, arguments = catalog.find([alias, "--json"])
    assert entry is catalog.BY_NAME[name]
    assert arguments == ["--json"]
    assert f"(also: {alias})" in catalog.overview()


@pytest.mark.parametrize("words", [["help"], ["-h"], ["--help"], ["help", "help"]])
def test_help_is_a_command_and_a_flag(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 0
    assert capsys.readouterr().out == f"{catalog.overview()}\n"


@pytest.mark.parametrize("words", [["help", "user"], ["user", "--help"], ["user", "-h"]])
def test_a_group_of_commands_has_help_of_its_own(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 0
    said = capsys.readouterr().out
    assert "user create    Add a user, such as" in said
    assert "./manage.sh seed" not in said


@pytest.mark.parametrize("words", [["help", "user", "create"], ["help", "seed"], ["help", "stop"]])
def test_a_command_has_help_of_its_own(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 0
    entry, _ = catalog.find(words[1:])
    assert entry is not None
    assert f"usage: ./manage.sh {entry.name} " in capsys.readouterr().out


@pytest.mark.parametrize("name", ["test", "chaos", "bench", "demo"])
def test_the_help_of_another_program_says_whose_arguments_it_takes(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["help", name]) == 0
    assert f"./manage.sh {name} --help lists them" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["launch"], "there is no command 'launch'\nTry ./manage.sh help\n"),
        (["stauts", "--json"], "there is no command 'stauts'; did you mean 'status'?\nTry ./manage.sh help\n"),
        (["sopt"], "there is no command 'sopt'; did you mean 'stop'?\nTry ./manage.sh help\n"),
        (["help", "sead"], "there is no command 'sead'; did you mean 'seed'?\nTry ./manage.sh help\n"),
        (["create"], "there is no command 'create'; did you mean 'user create'?\nTry ./manage.sh help\n"),
        (
            ["users", "create", "ada"],
            "there is no command 'users'; did you mean 'user create'?\nTry ./manage.sh help\n",
        ),
        (
            ["user", "craete"],
            "there is no command 'user craete'; did you mean 'user create'?\nTry ./manage.sh help user\n",
        ),
        (["user"], "there is no command 'user'\nTry ./manage.sh help user\n"),
        (["--up"], "there is no command '--up'; did you mean 'up'?\nTry ./manage.sh help\n"),
        ([""], "there is no command ''\nTry ./manage.sh help\n"),
        ([" "], "there is no command ' '\nTry ./manage.sh help\n"),
    ],
)
def test_an_unknown_command_is_named_with_the_one_that_was_meant_and_where_help_is(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"./manage.sh: {said}"


@pytest.mark.parametrize(
    "words",
    [
        ["up", "--remote"],
        ["down", "now"],
        ["seed", "--tickets", "-1"],
        ["seed", "--tickets", "many"],
        ["logs", "-n"],
        ["user", "create"],
        ["user", "create", "ada", "--role", "admin"],
        ["user", "create", "ada", "--email", "ada@example.com", "--role", "king"],
        ["user", "role", "ada", "king"],
        ["user", "disable"],
        ["scale"],
        ["scale", "worker"],
        ["scale", "worker=0"],
        ["scale", "worker=65"],
        ["scale", "worker=+4"],
        ["scale", "api=17"],
        ["scale", "postgres=2"],
        ["completion", "fish"],
        ["logs", "--json"],
    ],
)
def test_wrong_arguments_exit_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    entry, _ = catalog.find(words)
    assert entry is not None
    assert f"usage: ./manage.sh {entry.name}" in capsys.readouterr().err


class Became(Exception):
    """Nothing comes back from an exec."""


def test_what_follows_test_is_left_to_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    def become(*into: object) -> None:
        raise Became(*into)

    monkeypatch.setattr(cli, "become", become)
    with pytest.raises(Became) as became:
        cli.main(["test", "-k", "a or b", "--help"])
    assert became.value.args == ("pytest", ["-k", "a or b", "--help"])


@pytest.mark.parametrize(("words", "code"), [(["help"], 0), (["help", "user"], 0), (["stauts"], 2)])
def test_help_and_refusals_need_nothing_but_the_standard_library(words: list[str], code: int) -> None:
    done = python(WITHOUT_PACKAGES.format(words=words), "-I", "-S")
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_help_that_nobody_reads_to_its_end_says_nothing_of_it() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "help"], cwd=REPOSITORY, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_what_runs_in_a_container_needs_no_package_that_the_image_lacks() -> None:
    modules = ", ".join(f"app.cli.commands.{name}" for name in IN_CONTAINERS)
    assert python(WITHOUT_LOCAL.format(modules=modules)).stderr == ""
