from argparse import ArgumentParser, Namespace

from app.cli import handover


def add_arguments(_: ArgumentParser) -> None:
    """They are those of tests/chaos."""


def run(options: Namespace) -> int:
    handover.become("tests.chaos", options.passed_on)
