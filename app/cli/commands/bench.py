import os
import sys
from argparse import ArgumentParser, Namespace

from app.cli.environment import REPOSITORY


def add_arguments(_: ArgumentParser) -> None:
    """They are those of the benchmarks."""


def run(options: Namespace) -> int:
    os.chdir(REPOSITORY)
    os.execv(sys.executable, [sys.executable, "-m", "tests.bench", *options.passed_on])  # noqa: S606 - this venv's
