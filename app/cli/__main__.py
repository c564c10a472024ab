"""What manage.sh calls: `python -m app.cli COMMAND`; nothing outside the standard library until a command is known."""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from app.cli import catalog, outcome
from app.cli.errors import CliError
from app.embedded.errors import EmbeddedError

FAILED = 1
BAD_USAGE = 2
INTERRUPTED = 130  # 128 and SIGINT, as shells have it


def main(words: Sequence[str]) -> int:
    return complaining(partial(obey, words))


def complaining(command: Callable[[], int]) -> int:
    """Run a command; turn the errors that it may raise into one line and an exit code."""
    try:
        code = command()
        sys.stdout.flush()  # here, where a closed pipe is caught
    except KeyboardInterrupt:
        return INTERRUPTED
    except (CliError, EmbeddedError) as error:
        return _complain(str(error))
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        return _complain(f"{error.strerror}: {error.filename}" if error.filename else str(error))
    return code


def obey(words: Sequence[str]) -> int:
    if words and words[0] in catalog.HELP:
        return explain(words[1:])
    entry, arguments = catalog.find(words)
    if entry is None:
        return explain(words[:1]) if words[1:] and words[1] in catalog.HELP else refuse(words)
    if entry.program:
        become(entry.program, arguments)
    options = catalog.parser(entry).parse_args(arguments)
    return outcome.tell(catalog.load(entry).run, options)


def explain(words: Sequence[str]) -> int:
    """Print the help of a command, of a group of them, or of all."""
    entry, _ = catalog.find(words)
    if not words or words[0] in catalog.HELP:
        print(catalog.overview())
    elif entry:
        print(catalog.parser(entry).format_help())
    elif len(words) == 1 and catalog.group_of(words[0]):
        print(catalog.overview(words[0]))
    else:
        return refuse(words)
    return 0


def refuse(words: Sequence[str]) -> int:
    sys.stderr.write(catalog.refusal(words))
    return BAD_USAGE


def become(module: str, arguments: Sequence[str]) -> NoReturn:
    """Hand over to a program of this repository, which reads its arguments itself."""
    os.chdir(Path(__file__).parents[2])
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - of this venv


def _complain(message: str) -> int:
    sys.stderr.write(f"bulkhead: {message}\n")
    return FAILED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
