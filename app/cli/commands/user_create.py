from argparse import ArgumentParser, Namespace
from typing import get_args

from app.accounts.directory import Directory
from app.accounts.errors import AlreadyTaken
from app.accounts.models import MAX_EMAIL, MAX_USERNAME, NewUser, Role
from app.cli import users
from app.cli.errors import CliError
from app.cli.outcome import Outcome


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("username", metavar="NAME", help=f"1 to {MAX_USERNAME} characters, no @")
    parser.add_argument("--email", required=True, metavar="E", help="logs in as well as the name does")
    parser.add_argument("--role", required=True, choices=get_args(Role))
    users.add_password_argument(parser)


def run(options: Namespace) -> Outcome:
    name, email, role = options.username, options.email, options.role
    check(name, email)
    users.require_database()
    password = users.new_password(is_random=options.random)

    async def add(directory: Directory) -> users.Data:
        new = NewUser(username=name, email=email, phone=None, role=role)
        try:
            user, _ = await directory.add(users.CALLER, new, password)
        except AlreadyTaken as error:
            raise CliError(f"there is a user already with the name {name} or the e-mail {email}") from error
        return {"user": users.as_json(user)}

    made = users.carry_out(["create", name, "--email", email, "--role", role], add, password=password)
    said = f"Added {name} as {role}."
    if not options.random:
        return Outcome(made, said)
    return Outcome(made | {"password": password}, f"{said}\nThe password is {password}   (shown this once)")


def check(username: str, email: str) -> None:
    """Raise `CliError` for what no user may be called."""
    if not 0 < len(username) <= MAX_USERNAME or "@" in username or not username.isprintable():
        raise CliError(f"a user's name has 1 to {MAX_USERNAME} printable characters, and no @")
    name, _, host = email.rpartition("@")
    if not name or not host or len(email) > MAX_EMAIL or not email.isprintable():
        raise CliError(f"{email!r} is no e-mail address")
