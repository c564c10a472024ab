from argparse import ArgumentParser, Namespace

from app.cli import users
from app.cli.outcome import Outcome


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("user", metavar="NAME", help="or the e-mail")


def run(options: Namespace) -> Outcome:
    data = users.change(options.user, ["enable", options.user], active=True)
    name = data["user"]["username"]
    news = f"{name} is enabled, and can log in again."
    return Outcome(data, news if data["changed"] else f"{name} was enabled already.")
