"""What manage.sh calls: `python -m app.cli COMMAND`; nothing outside the standard library until a command is known."""

import argparse
import os
import sys
from collections.abc import Sequence

from app.cli import catalog
from app.cli.catalog import Entry
from app.cli.errors import CliError
from app.embedded.errors import EmbeddedError

FAILED = 1
BAD_USAGE = 2
INTERRUPTED = 130  # 128 and SIGINT, as shells have it
HELP_FLAGS = {"-h", "--help"}


def main(arguments: Sequence[str]) -> int:
    name, *rest = arguments or [""]
    entry = catalog.find("help" if name in HELP_FLAGS else name)
    if entry is None:
        sys.stderr.write(catalog.refusal(name))
        return BAD_USAGE
    return run(entry, rest)


def run(entry: Entry, arguments: Sequence[str]) -> int:
    try:
        return flushed(catalog.load(entry).run(parse(entry, arguments)))
    except KeyboardInterrupt:
        return INTERRUPTED
    except (CliError, EmbeddedError) as error:
        return _complain(str(error))
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        return _complain(f"{error.strerror}: {error.filename}" if error.filename else str(error))


def parse(entry: Entry, arguments: Sequence[str]) -> argparse.Namespace:
    if entry.passes_on:
        return argparse.Namespace(passed_on=list(arguments))
    return catalog.parser(entry).parse_args(arguments)


def flushed(code: int) -> int:
    sys.stdout.flush()  # here, where a closed pipe is caught
    return code


def _complain(message: str) -> int:
    sys.stderr.write(f"bulkhead: {message}\n")
    return FAILED


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that knows no tick still works
    sys.exit(main(sys.argv[1:]))
