import os
import shutil
import sys
from argparse import ArgumentParser, Namespace
from typing import NoReturn
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from app.cli import compose, databases, environment, target
from app.cli.environment import REPOSITORY, Environ
from app.cli.errors import CliError
from app.embedded import binaries

INSTALL = (
    "there is no psql on the PATH: install PostgreSQL's client "
    "(Debian and Ubuntu: apt install postgresql-client; Fedora: dnf install postgresql; macOS: brew install libpq)"
)
STOP_AT_ERRORS = ("-v", "ON_ERROR_STOP=1")  # where nobody could see them


def add_arguments(parser: ArgumentParser) -> None:
    parser.description = (
        "Open psql on the database of DATABASE_URL, of the containers, or of the servers right here. "
        "Where nobody types, it reads statements, and stops at the first that fails."
    )
    parser.add_argument("-c", "--command", metavar="SQL", help="do this instead, and end")


def run(options: Namespace) -> NoReturn:
    environ = environment.read()
    words = ["-c", options.command] if options.command else []
    flags = [*(() if sys.stdin.isatty() else STOP_AT_ERRORS), *words]
    if target.is_docker(environ):
        _become_in_container(environ, flags)
    databases.require(environ)
    psql = _find(environ)
    url, password = without_password(environment.urls(environ)["DATABASE_URL"])
    os.execve(psql, ["psql", url, *flags], os.environ | ({"PGPASSWORD": password} if password else {}))  # noqa: S606


def without_password(url: str) -> tuple[str, str]:
    """Take the password out of a URL: a command line can be read by all who have an account on the machine."""
    parts = urlsplit(url)
    account, at, place = parts.netloc.rpartition("@")
    user, _, password = account.partition(":")
    query = parse_qsl(parts.query, keep_blank_values=True)
    others = urlencode([pair for pair in query if pair[0] != "password"], quote_via=quote)
    plain = urlunsplit(parts._replace(netloc=f"{user}{at}{place}", query=others))
    return plain, dict(query).get("password") or unquote(password)


def _become_in_container(environ: Environ, flags: list[str]) -> NoReturn:
    terminal = [] if sys.stdin.isatty() else ["-T"]
    psql = ["psql", "--username=bulkhead", "--dbname=bulkhead", *flags]
    os.chdir(REPOSITORY)
    command = ["docker", "compose", "exec", *terminal, "postgres", *psql]
    os.execvpe(command[0], command, compose.variables(environ))  # noqa: S606 - the one that answered


def _find(environ: Environ) -> str:
    """Return a psql: that of our own server where it is ours, else the one on the PATH."""
    if "postgres" in environment.embedded(environ):
        return str(binaries.ensure(environment.local_dir(environ)).psql)
    found = shutil.which("psql")
    if found is None:
        raise CliError(INSTALL)
    return found
