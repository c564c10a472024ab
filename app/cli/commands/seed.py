from argparse import ArgumentParser, ArgumentTypeError, Namespace
from functools import partial

from app.cli import compose, databases, environment, samples, target
from app.cli.environment import Environ
from app.cli.errors import CliError
from app.cli.samples import Added

MAX_TICKETS = 10_000_000


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--tickets",
        type=_count,
        default=samples.DEFAULT_TICKETS,
        metavar="N",
        help="how many tickets there are to be in all, not counting deleted ones (default: %(default)s)",
    )


def run(options: Namespace) -> int:
    environ = environment.read()
    add(environ, options.tickets, in_docker=target.is_docker(environ))
    return 0


def add(environ: Environ, tickets: int, *, in_docker: bool) -> None:
    """Seed, and say what came of it."""
    if in_docker:
        compose.run_in_api(environ, "seed", "--tickets", str(tickets))
        return
    if environment.is_production(environ):
        raise CliError("APP_ENV is production: sample users and tickets are not for there")
    password = environ.get("SEED_PASSWORD")
    added = databases.run(environ, partial(samples.add, tickets=tickets, password=password))
    print(describe(added, password_is_known=bool(password)))


def describe(added: Added, *, password_is_known: bool) -> str:
    """Return two lines at most; with the password only if nobody chose it, for it is stored nowhere."""
    if not added.users and not added.tickets:
        return "The sample users and tickets are there already."
    lines = [f"Added {len(added.users)} users and {added.tickets:,} tickets."]
    if added.users:
        password = "SEED_PASSWORD" if password_is_known else f"{added.password}   (shown this once)"
        lines.append(f"  Log in as {', '.join(added.users)} with the password {password}")
    return "\n".join(lines)


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if not 0 <= number <= MAX_TICKETS:
        raise ArgumentTypeError(f"must be a whole number from 0 to {MAX_TICKETS:,}")
    return number
