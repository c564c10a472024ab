from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping
from functools import partial
from typing import Any

from app.cli import compose, databases, environment, samples, target
from app.cli.environment import Environ
from app.cli.errors import CliError
from app.cli.outcome import Outcome

MAX_TICKETS = 10_000_000


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--tickets",
        type=_count,
        default=samples.DEFAULT_TICKETS,
        metavar="N",
        help="how many tickets there are to be in all, not counting deleted ones (default: %(default)s)",
    )


def run(options: Namespace) -> Outcome:
    environ = environment.read()
    added = add(environ, options.tickets, in_docker=target.is_docker(environ))
    return Outcome(added, describe(added))


def add(environ: Environ, tickets: int, *, in_docker: bool) -> dict[str, Any]:
    """Seed; return what came of it, with the password only if nobody chose it, for it is stored nowhere."""
    if in_docker:
        return compose.ask_api(environ, "seed", "--tickets", str(tickets))
    if environment.is_production(environ):
        raise CliError("APP_ENV is production: sample users and tickets are not for there")
    chosen = environ.get("SEED_PASSWORD")
    added = databases.run(environ, partial(samples.add, tickets=tickets, password=chosen))
    is_news = bool(added.users) and not chosen
    return {"users": added.users, "tickets": added.tickets, "password": added.password if is_news else None}


def describe(added: Mapping[str, Any]) -> str:
    """Return two lines at most."""
    if not added["users"] and not added["tickets"]:
        return "The sample users and tickets are there already."
    lines = [f"Added {len(added['users'])} users and {added['tickets']:,} tickets."]
    if added["users"]:
        password = f"{added['password']}   (shown this once)" if added["password"] else "SEED_PASSWORD"
        lines.append(f"  Log in as {', '.join(added['users'])} with the password {password}")
    return "\n".join(lines)


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if not 0 <= number <= MAX_TICKETS:
        raise ArgumentTypeError(f"must be a whole number from 0 to {MAX_TICKETS:,}")
    return number
