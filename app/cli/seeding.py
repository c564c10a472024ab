import asyncio

from app import database
from app.cli import databases, environment, samples, target
from app.cli.environment import Environ
from app.cli.errors import CliError
from app.cli.samples import Added
from app.settings import Settings

DEFAULT_TICKETS = 5_000


def seed(environ: Environ, tickets: int = DEFAULT_TICKETS) -> Added:
    """Add sample users and tickets; `CliError` in production, or when the database does not answer."""
    if environment.is_production(environ):
        raise CliError("APP_ENV is production: sample users and tickets are not for there")
    target.require_postgres(environ)
    settings = environment.load(environ | environment.urls(environ))
    with databases.complaining():
        return asyncio.run(_seed(settings, tickets))


def describe(added: Added, *, password_is_known: bool) -> str:
    """Two lines at most; with the password only if nobody chose it, for it is stored nowhere."""
    if not added.users and not added.tickets:
        return "The sample users and tickets are there already."
    lines = [f"Added {len(added.users)} users and {added.tickets:,} tickets."]
    if added.users:
        password = "SEED_PASSWORD" if password_is_known else f"{added.password}   (shown this once)"
        lines.append(f"  Log in as {', '.join(added.users)} with the password {password}")
    return "\n".join(lines)


async def _seed(settings: Settings, tickets: int) -> Added:
    engine = database.create_engine(settings, application_name="bulkhead-seed")
    try:
        async with engine.begin() as connection:
            return await samples.add(connection, tickets=tickets, password=settings.seed_password)
    finally:
        await engine.dispose()
