import os
import sys
from argparse import ArgumentParser, Namespace

from app.cli.environment import REPOSITORY


def add_arguments(_: ArgumentParser) -> None:
    """They are pytest's."""


def run(options: Namespace) -> int:
    os.chdir(REPOSITORY)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *options.passed_on])  # noqa: S606 - pytest, of this venv
