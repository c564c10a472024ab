from argparse import ArgumentParser, Namespace
from typing import get_args

from app.accounts.models import Role
from app.cli import users
from app.cli.outcome import Outcome


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("user", metavar="NAME", help="or the e-mail")
    parser.add_argument("role", choices=get_args(Role))


def run(options: Namespace) -> Outcome:
    data = users.change(options.user, ["role", options.user, options.role], role=options.role)
    name = data["user"]["username"]
    news = f"{name} has the role {options.role} now; their sessions have ended."
    return Outcome(data, news if data["changed"] else f"{name} has the role {options.role} already.")
