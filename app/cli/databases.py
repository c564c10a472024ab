"""What commands do in the database, and what they say when it is not there or refuses."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app import database, urls
from app.cli import environment
from app.cli.environment import Environ
from app.cli.errors import CliError
from app.embedded import readiness

T = TypeVar("T")


def require(environ: Environ) -> None:
    """Raise `CliError` when the database is the embedded one and does not run."""
    if "postgres" in environment.embedded(environ) and not readiness.postgres_ready(environment.local_dir(environ)):
        raise CliError("PostgreSQL is not running here. Start it with ./manage.sh up, or set DATABASE_URL.")


def run(environ: Environ, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Do some work in one transaction; `CliError` when the database does not run, does not answer or refuses."""
    require(environ)
    settings = environment.load(environ | environment.urls(environ))
    with complaining(environ):
        return asyncio.run(_transact(database.create_engine(settings, application_name="bulkhead-cli"), work))


@contextmanager
def complaining(environ: Environ) -> Iterator[None]:
    """Turn what a database refuses, or its absence, into one line."""
    try:
        yield
    except DBAPIError as error:
        raise CliError(f"the database refused: {str(error.orig).splitlines()[0]}") from error
    except OSError as error:
        reason = error.strerror or str(error) or "it took too long"
        raise CliError(f"the database does not answer{_place(environ)}: {reason}") from error


async def _transact(engine: AsyncEngine, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    try:
        async with engine.begin() as connection:
            return await work(connection)
    finally:
        await engine.dispose()


def _place(environ: Environ) -> str:
    """Name the hosts and the setting that they come from; the embedded server has neither."""
    behind = environ.get("PGBOUNCER_URL", "").strip()
    hosts = urls.hosts_of(behind or environment.urls(environ)["DATABASE_URL"])
    if not hosts:
        return ""
    is_part = not behind and [environ.get("DB_HOST", "").strip().lower()] == hosts
    setting = "PGBOUNCER_URL" if behind else "DB_HOST" if is_part else "DATABASE_URL"
    return f" at {' or '.join(hosts)}, the host{'s' * (len(hosts) > 1)} in {setting}"
