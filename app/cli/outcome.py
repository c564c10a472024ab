"""What a command has to tell, for people and for programs.

With --json stdout has one JSON object when the command did what it was asked, and nothing when it did not. All else,
progress and errors, is for people: it goes to stderr then, in words, and the exit code is the same as without.
"""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any, NamedTuple

STDOUT, STDERR = 1, 2


class Outcome(NamedTuple):
    """The same for programs and for people."""

    data: dict[str, Any]
    text: str
    code: int = 0


def add_argument(parser: ArgumentParser) -> None:
    parser.add_argument("--json", dest="as_json", action="store_true", help="for programs: one JSON object")


def tell(run: Callable[[Namespace], Outcome | int], options: Namespace) -> int:
    """Run a command and print its outcome, unless it has printed what it has to tell; return its exit code."""
    if not getattr(options, "as_json", False):
        outcome = run(options)
        if isinstance(outcome, int):
            return outcome
        print(outcome.text)
        return outcome.code
    with _stdout_as_stderr():
        outcome = run(options)
    if isinstance(outcome, int):
        return outcome
    print(json.dumps(outcome.data, indent=2))
    return outcome.code


@contextmanager
def _stdout_as_stderr() -> Iterator[None]:
    """Send what is printed in the block to stderr, and what the programs write that are started in it."""
    sys.stdout.flush()
    kept = os.dup(STDOUT)
    os.dup2(STDERR, STDOUT)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        os.dup2(kept, STDOUT)
        os.close(kept)
