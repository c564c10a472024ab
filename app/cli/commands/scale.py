import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping

from app.cli import compose, environment, how_many, target, turns
from app.cli.commands import up
from app.cli.environment import Environ
from app.cli.errors import CliError
from app.cli.local import client, scaling
from app.cli.outcome import Outcome
from app.embedded import postgres


def add_arguments(parser: ArgumentParser) -> None:
    parser.description = (
        f"{parser.description} Later starts have as many, until you say otherwise; reset forgets the numbers. "
        "Jobs go on meanwhile. Without Docker the API starts anew with its number, which comes before API_PROCESSES."
    )
    allowed = " or ".join(f"{name}=1 to {most}" for name, most in how_many.MOST.items())
    parser.add_argument("numbers", nargs="+", type=_number, metavar="NAME=N", help=allowed)


def run(options: Namespace) -> Outcome:
    environ = environment.read()
    folder, in_docker = environment.local_dir(environ), target.is_docker(environ)
    if not (compose.processes(environ) if in_docker else client.processes(folder)):
        raise CliError("nothing is running, and so there is nothing to scale: ./manage.sh up comes first")
    turns.require_no_restore(environ)
    with how_many.alone(folder):
        numbers = how_many.read(folder) | dict(options.numbers)
        if not in_docker:
            _warn(environ, numbers)
        how_many.write(folder, numbers)
        if in_docker:
            compose.scale(environ)
        else:
            scaling.apply(folder, up.tell)
    return Outcome(numbers, f"From now on: {how_many.text_of(numbers)}; after later starts, too.")


def _warn(environ: Environ, numbers: Mapping[str, int]) -> None:
    """Say so where all of them together may ask for more connections than our own Postgres has."""
    settings = environment.load(environ | environment.urls(environ))
    processes = numbers.get("worker", 1) + numbers.get("api", settings.api_processes)
    wanted, there_are = processes * settings.db_pool_max, int(postgres.SETTINGS["max_connections"])
    if wanted > there_are and "postgres" in environment.embedded(environ):
        sys.stderr.write(
            f"bulkhead: they may want {wanted} connections of Postgres, which has {there_are}: "
            f"set DB_POOL_MAX to {there_are // processes}, and restart\n"
        )


def _number(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    most = how_many.MOST.get(name, 0)
    if not re.fullmatch("[1-9][0-9]?", number) or int(number) > most:
        allowed = f"{name}=N with an N from 1 to {most}" if most else "worker=N or api=N"
        raise ArgumentTypeError(f"{text!r} must be {allowed}")
    return name, int(number)
