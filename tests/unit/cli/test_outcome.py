import json
import subprocess
import sys
from argparse import Namespace

import pytest

from app.cli import outcome
from app.cli.errors import CliError
from app.cli.outcome import Outcome

PLAIN, FOR_PROGRAMS = Namespace(as_json=False), Namespace(as_json=True)


def work(_: Namespace) -> Outcome:
    sys.stdout.write("Working ...\n")
    subprocess.run([sys.executable, "-c", "print('of another program')"], check=True)
    return Outcome({"done": 7}, "Seven are done.", code=3)


def fail(_: Namespace) -> Outcome:
    sys.stdout.write("Working ...\n")
    raise CliError("it cannot be")


def test_people_get_words_on_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    assert outcome.tell(work, PLAIN) == 3
    printed = capfd.readouterr()
    assert sorted(printed.out.splitlines()) == ["Seven are done.", "Working ...", "of another program"]
    assert printed.err == ""


def test_programs_get_one_object_on_stdout_and_all_else_is_on_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    assert outcome.tell(work, FOR_PROGRAMS) == 3
    printed = capfd.readouterr()
    assert json.loads(printed.out) == {"done": 7}
    assert sorted(printed.err.splitlines()) == ["Working ...", "of another program"]


def test_a_failure_leaves_stdout_empty_for_programs(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CliError):
        outcome.tell(fail, FOR_PROGRAMS)
    sys.stdout.write("back\n")
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("back\n", "Working ...\n")


@pytest.mark.parametrize("options", [PLAIN, Namespace()])
def test_a_command_may_print_by_itself(options: Namespace, capfd: pytest.CaptureFixture[str]) -> None:
    assert outcome.tell(lambda _: 5, options) == 5
    assert capfd.readouterr() == ("", "")
