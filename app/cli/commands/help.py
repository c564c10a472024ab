import sys
from argparse import ArgumentParser, Namespace

from app.cli import catalog

BAD_USAGE = 2


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("command", nargs="?", help="what to explain; everything if left out")


def run(options: Namespace) -> int:
    if options.command is None:
        print(catalog.overview())
        return 0
    entry = catalog.find(options.command)
    if entry is None:
        sys.stderr.write(catalog.refusal(options.command))
        return BAD_USAGE
    print(f"{entry.call}\n\n{entry.summary}." if entry.passes_on else catalog.parser(entry).format_help())
    return 0
