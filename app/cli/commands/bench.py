from argparse import ArgumentParser, Namespace

from app.cli import handover


def add_arguments(_: ArgumentParser) -> None:
    """They are those of tests/bench."""


def run(options: Namespace) -> int:
    handover.become("tests.bench", options.passed_on)
