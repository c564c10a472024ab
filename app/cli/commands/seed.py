from argparse import ArgumentParser, ArgumentTypeError, Namespace

from app.cli import compose, environment, seeding, target
from app.cli.environment import Environ

MAX_TICKETS = 10_000_000


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--tickets",
        type=_count,
        default=seeding.DEFAULT_TICKETS,
        metavar="N",
        help="how many tickets there are to be in all (default: %(default)s)",
    )


def run(options: Namespace) -> int:
    environ = environment.read()
    add(environ, options.tickets, in_docker=target.is_docker(environ))
    return 0


def add(environ: Environ, tickets: int, *, in_docker: bool) -> None:
    """Seed, and say what came of it."""
    if in_docker:
        compose.run(environ, "exec", "-T", "api", "python", "-m", "app.cli", "seed", "--tickets", str(tickets))
        return
    added = seeding.seed(environ, tickets)
    print(seeding.describe(added, password_is_known=bool(environ.get("SEED_PASSWORD", "").strip())))


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if not 0 <= number <= MAX_TICKETS:
        raise ArgumentTypeError(f"must be a whole number from 0 to {MAX_TICKETS:,}")
    return number
