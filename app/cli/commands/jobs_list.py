from argparse import ArgumentParser, ArgumentTypeError, Namespace
from itertools import islice
from typing import get_args

from app.cli import jobs
from app.client.models import Status

STATUSES = get_args(Status)
DEFAULT = 20


def add_arguments(parser: ArgumentParser) -> None:
    jobs.add_arguments(parser)
    parser.add_argument("--status", type=_statuses, default=[], metavar="S,S", help=", ".join(STATUSES))
    parser.add_argument("--type", metavar="T", help="such as bulk-delete")
    parser.add_argument("--limit", type=_count, default=DEFAULT, metavar="N", help="at most (default: %(default)s)")


def run(options: Namespace) -> int:
    with jobs.opened(options) as client:
        found = list(islice(client.jobs(status=options.status, type=options.type), options.limit))
    if found or options.json:
        jobs.show(found, options)
    else:
        print("There are no such jobs." if options.status or options.type else "There are no jobs yet.")
    return 0


def _statuses(text: str) -> list[str]:
    statuses = text.split(",")
    for status in statuses:
        if status not in STATUSES:
            raise ArgumentTypeError(f"{status!r} is none of {', '.join(STATUSES)}")
    return statuses


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise ArgumentTypeError("must be a whole number from 1")
    return int(text)
