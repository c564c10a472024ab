"""Users as the operator sees and changes them: through the API's own service, which audits it and ends sessions."""

import asyncio
import secrets
import sys
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable, Sequence
from getpass import getpass
from typing import Any, Final, TypeVar

from app import pools
from app.accounts.directory import Directory
from app.accounts.models import MAX_PASSWORD, MIN_PASSWORD, OPERATOR, Caller, User
from app.accounts.passwords import Passwords
from app.audit.models import Origin
from app.cli import compose, databases, environment, target
from app.cli.environment import Environ
from app.cli.errors import CliError
from app.errors import AppError
from app.sessions.service import Sessions
from app.settings import Settings

RANDOM_BYTES: Final = 15
CALLER: Final = Caller(OPERATOR.user, Origin(address="manage.sh"))  # where the audit log has other people's addresses

T = TypeVar("T")
Data = dict[str, Any]
Work = Callable[[Directory], Awaitable[T]]


def carry_out(words: Sequence[str], work: Work[Data], *, password: str | None = None) -> Data:
    """Do some work where the database is: here, or as these words of `user` in the API's container."""
    environ = environment.read()
    if target.is_docker(environ):
        return compose.ask_api(environ, "user", *words, typed=f"{password}\n" if password else None)
    return ask(environ, work)


def require_database() -> None:
    """Raise `CliError` where nothing runs: to be called before somebody is asked for a password."""
    environ = environment.read()
    if not target.is_docker(environ):
        databases.require(environ)


def ask(environ: Environ, work: Work[T]) -> T:
    """Do some work with the directory; `CliError` for what it, or the database, refuses."""
    databases.require(environ)
    settings = environment.load(environ | environment.urls(environ))
    try:
        with databases.complaining(environ):
            return asyncio.run(_with_directory(settings, work))
    except AppError as error:
        raise CliError(error.detail) from error


async def find(directory: Directory, name: str) -> User:
    user = await directory.find_by_login(name)
    if user is None:
        raise CliError(f"there is no user {name!r}: ./manage.sh user list shows all")
    return user


def change(name: str, words: Sequence[str], **values: Any) -> Data:
    """Change the user of this name; the answer tells whether that was anything new."""

    async def work(directory: Directory) -> Data:
        before = await find(directory, name)
        after = await directory.change(CALLER, before.id, values)
        return {"user": as_json(after), "changed": after != before}

    return carry_out(words, work)


def add_password_argument(parser: ArgumentParser) -> None:
    parser.description = (
        f"{parser.description} The password is asked for; where nobody types, it is the first line of the input."
    )
    parser.add_argument("--random", action="store_true", help="make a password, and print it once")


def new_password(*, is_random: bool) -> str:
    return secrets.token_urlsafe(RANDOM_BYTES) if is_random else read_password()


def read_password() -> str:
    """Ask for it twice, or read a line where nobody types; it is no argument because other users can see those."""
    if sys.stdin.isatty():
        password = getpass("Password: ")
        if getpass("Again: ") != password:
            raise CliError("the two passwords differ; nothing was changed")
    else:
        password = sys.stdin.readline().rstrip("\n")
        if not password:
            raise CliError("there is no password on the input: type one, pipe one in, or have one made by --random")
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise CliError(f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters")
    return password


def as_json(user: User) -> Data:
    names = ("username", "email", "role", "active")
    return {
        "id": str(user.id),
        **{name: getattr(user, name) for name in names},
        "createdAt": user.created_at.isoformat(),
    }


async def _with_directory(settings: Settings, work: Work[T]) -> T:
    opened = pools.opened(settings)
    try:
        return await work(Directory(opened, Passwords(), Sessions(opened, settings)))
    finally:
        await opened.close()
