"""The command line as the nursery forks it, with what its commands about jobs import."""

import sys

from app.cli import __main__ as cli
from app.cli import following, operators

FORKED_WITH = (following, operators)


def main() -> None:
    sys.exit(cli.main(sys.argv[1:]))
