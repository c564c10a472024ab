from argparse import ArgumentParser, Namespace

from app.cli import users
from app.cli.outcome import Outcome


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("user", metavar="NAME", help="or the e-mail")


def run(options: Namespace) -> Outcome:
    data = users.change(options.user, ["disable", options.user], active=False)
    name = data["user"]["username"]
    news = f"{name} is disabled: their sessions have ended, and they cannot log in."
    return Outcome(data, news if data["changed"] else f"{name} was disabled already.")
