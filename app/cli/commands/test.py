from argparse import ArgumentParser, Namespace

from app.cli import handover


def add_arguments(_: ArgumentParser) -> None:
    """They are pytest's."""


def run(options: Namespace) -> int:
    handover.become("pytest", options.passed_on)
