import sys
from argparse import ArgumentParser, Namespace
from functools import partial
from getpass import getpass
from typing import get_args

from app.accounts import passwords, store
from app.accounts.errors import AlreadyTaken
from app.accounts.models import MAX_EMAIL, MAX_PASSWORD, MAX_USERNAME, MIN_PASSWORD, Role
from app.cli import compose, databases, environment, target
from app.cli.environment import Environ
from app.cli.errors import CliError


def add_arguments(parser: ArgumentParser) -> None:
    parser.description = "Add a user. The password is asked for; where nobody types, it is the first line of the input."
    parser.add_argument("username", metavar="NAME", help=f"1 to {MAX_USERNAME} characters, no @")
    parser.add_argument("--email", required=True, metavar="E", help="logs in as well as the name does")
    parser.add_argument("--role", required=True, choices=get_args(Role))


def run(options: Namespace) -> int:
    environ = environment.read()
    check(options.username, options.email)
    if target.is_docker(environ):
        words = (options.username, "--email", options.email, "--role", options.role)
        compose.run_in_api(environ, "user", "create", *words, typed=f"{read_password()}\n")
    else:
        databases.require(environ)
        create(environ, options.username, options.email, read_password(), options.role)
    return 0


def create(environ: Environ, username: str, email: str, password: str, role: Role) -> None:
    password_hash = passwords.hash_password(password)
    add = partial(store.add, username=username, email=email, password_hash=password_hash, role=role)
    try:
        databases.run(environ, add)
    except AlreadyTaken as error:
        raise CliError(f"there is a user already with the name {username} or the e-mail {email}") from error
    print(f"Added {username} as {role}.")


def check(username: str, email: str) -> None:
    """Raise `CliError` for what no user may be called."""
    if not 0 < len(username) <= MAX_USERNAME or "@" in username or not username.isprintable():
        raise CliError(f"a user's name has 1 to {MAX_USERNAME} printable characters, and no @")
    name, _, host = email.rpartition("@")
    if not name or not host or len(email) > MAX_EMAIL or not email.isprintable():
        raise CliError(f"{email!r} is no e-mail address")


def read_password() -> str:
    """Ask for it twice, or read a line where nobody types; it is no argument because other users can see those."""
    if sys.stdin.isatty():
        password = getpass("Password: ")
        if getpass("Again: ") != password:
            raise CliError("the two passwords differ; nobody was added")
    else:
        password = sys.stdin.readline().rstrip("\n")
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise CliError(f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters")
    return password
