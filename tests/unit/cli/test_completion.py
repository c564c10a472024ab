import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import catalog, completion

REPOSITORY = Path(__file__).parents[3]
ASK = (
    'eval "$SCRIPT"; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _bulkhead; echo "${{COMPREPLY[*]}}"'
)
WITHOUT_PACKAGES = (
    "import sys; sys.path.append('.'); from app.cli.__main__ import main; sys.exit(main(['completion', 'bash']))"
)


def said(*command: str, **environ: str) -> str:
    done = subprocess.run(command, cwd=REPOSITORY, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def script() -> str:
    return completion.script("bash")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("sta", "start status"),
        ("user ", "create list disable enable role password"),
        ("user role ada a", "agent admin"),
        ("up --", "--json --local --help"),
        ("seed --tickets 5 --j", "--json"),
        ("help use", "user"),
        ("completion ", "bash zsh --help"),
        ("no-such-command ", ""),
    ],
)
def test_bash_completes_commands_flags_and_choices(script: str, typed: str, words: str) -> None:
    quoted = " ".join(f"'{word}'" for word in ["./manage.sh", *typed.split(" ")])
    assert said("bash", "-c", ASK.format(words=quoted), SCRIPT=script) == f"{words}\n"


def test_every_command_is_in_the_table(script: str) -> None:
    assert all(f'"{name}" | "{name} "*)' in script for name in catalog.BY_NAME if name)


def test_without_any_package_there_are_all_commands_still() -> None:
    printed = said(sys.executable, "-I", "-S", "-c", WITHOUT_PACKAGES)
    assert '"user") words="create list disable enable role password"' in printed
    assert '"seed" | "seed "*) words="--help"' in printed


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh here")
def test_zsh_can_read_its_script() -> None:
    said("zsh", "-n", "-c", completion.script("zsh"))
