"""Whom commands act as that speak to the API: an admin of this system, or whoever a token belongs to elsewhere."""

import sys
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from app.accounts import store, tokens
from app.cli import __main__ as cli
from app.cli import compose, databases, environment, target
from app.cli.environment import Environ
from app.cli.errors import CliError
from app.cli.local import client, supervisor


class Access(NamedTuple):
    url: str
    token: str | Callable[[], str]
    is_remote: bool = False


def access(environ: Environ, name: str | None) -> Access:
    """Return where the API is, and what opens it.

    On this machine whoever knows JWT_SECRET may act as any admin: `name`, or the first there was. A token is signed
    whenever the last one has expired, and is good for minutes.
    """
    url, token = (environ.get(setting, "").strip() for setting in ("BULKHEAD_URL", "BULKHEAD_TOKEN"))
    if url or token:
        return _remote(url, token, name)
    names = [name] if name else []
    if target.is_docker(environ):
        return Access(compose.api_url(environ), partial(compose.said_in_api, environ, "app.cli.operators", *names))
    databases.require(environ)
    return Access(_local_url(environ), partial(sign, environ, *names))


def sign(environ: Environ, name: str | None = None) -> str:
    """Return a short-lived token for an active admin."""
    admin = databases.run(environ, partial(store.find_admin, username=name))
    if admin is None:
        raise CliError(f"there is no active admin{f' called {name}' if name else ''}; ./manage.sh user create adds one")
    secret = environment.jwt_secret(environ)
    return tokens.issue(admin.id, secret, tokens.ACCESS_SECONDS, version=admin.token_version)


def _remote(url: str, token: str, name: str | None) -> Access:
    if not url or not token:
        raise CliError("set both BULKHEAD_URL and BULKHEAD_TOKEN for a system elsewhere, or none for the one here")
    if name:
        raise CliError("--as is for the system here; BULKHEAD_TOKEN says who you are at BULKHEAD_URL")
    return Access(url, token, is_remote=True)


def _local_url(environ: Environ) -> str:
    folder = environment.local_dir(environ)
    if supervisor.is_running(folder):
        return client.api_url(folder)
    settings = environment.load(environ | environment.urls(environ))
    return environment.address(settings.host, settings.port)


def main() -> int:
    """Print a token, for commands outside of the container that this runs in."""
    sys.stdout.write(sign(environment.read(), *sys.argv[1:2]))
    return 0


if __name__ == "__main__":
    sys.exit(cli.complaining(main))
