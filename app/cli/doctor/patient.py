"""What checks look at: the settings, and the servers that they name."""

import contextlib
from collections.abc import AsyncIterator
from typing import Final, Literal, NamedTuple

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncConnection

from app import database, urls
from app.cli import compose, databases, environment, target
from app.cli.doctor.findings import Skipped
from app.cli.environment import Environ
from app.cli.errors import CliError
from app.embedded import readiness
from app.jobs import queue
from app.settings import Settings

NAME: Final = "bulkhead-doctor"  # in pg_stat_activity
STATEMENT_SECONDS: Final = 10.0
NO_ADDRESS: Final = "the settings do not say where it is"
SOME_SECRET: Final = "of-no-use-but-long-enough-to-be-one"  # noqa: S105 - nothing is signed with it

Target = Literal["local", "docker", "servers"]


class Plan(NamedTuple):
    """What is known without asking a server. Where settings are bad, `trouble` says so, and others stand for them."""

    environ: Environ
    target: Target
    settings: Settings
    trouble: str = ""


class Patient:
    """Both servers, as far as they answer; what a check asks of one that does not is skipped."""

    def __init__(self, plan: Plan) -> None:
        self.environ, self.target, self.settings, self.trouble = plan
        self.postgres_trouble = self.redis_trouble = ""
        self._postgres: AsyncConnection | None = None
        self._redis: Redis | None = None

    @property
    def postgres(self) -> AsyncConnection:
        if self._postgres is None:
            raise Skipped("Postgres does not answer" if self.settings.database_url else NO_ADDRESS)
        return self._postgres

    @property
    def redis(self) -> Redis:
        if self._redis is None:
            raise Skipped("Redis does not answer" if self.settings.redis_url else NO_ADDRESS)
        return self._redis

    @contextlib.asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Have both servers for the length of the block, or what keeps us from them."""
        async with contextlib.AsyncExitStack() as stack:
            if self.settings.database_url:
                await self._connect_to_postgres(stack)
                await self._connect_to_redis(stack)
            yield

    async def _connect_to_postgres(self, stack: contextlib.AsyncExitStack) -> None:
        engine = database.create_engine(self.settings, application_name=NAME, statement_seconds=STATEMENT_SECONDS)
        stack.push_async_callback(engine.dispose)
        try:
            databases.require(self.environ)
            with databases.complaining(self.environ):
                connection = await stack.enter_async_context(engine.connect())
                # A statement that fails leaves nothing behind for the next one.
                self._postgres = await connection.execution_options(isolation_level="AUTOCOMMIT")
        except CliError as error:
            self.postgres_trouble = str(error)

    async def _connect_to_redis(self, stack: contextlib.AsyncExitStack) -> None:
        if "redis" in environment.embedded(self.environ) and not _is_redis_ready(self.environ):
            self.redis_trouble = "Redis is not running here"
            return
        redis = queue.create_redis(self.settings.redis_url)
        stack.push_async_callback(redis.aclose, close_connection_pool=True)
        try:
            await redis.ping()
        except (RedisError, OSError) as error:
            self.redis_trouble = f"Redis does not answer{_place(self.settings.redis_url)}: {str(error).rstrip('.')}"
        else:
            self._redis = redis


def planned(environ: Environ) -> Plan:
    """Decide what is to be looked at."""
    where: Target = "local" if len(environment.embedded(environ)) == len(environment.NAMED_BY) else "servers"
    if target.is_docker(environ):
        where, environ = "docker", environ | compose.INSIDE | {"APP_ENV": compose.app_env(environ)}
    if where == "docker" or not environment.is_production(environ):  # there one is made where there is none
        environ = environ | {"JWT_SECRET": environ.get("JWT_SECRET", "").strip() or SOME_SECRET}
    try:
        urls = environment.urls(environ)
    except CliError as error:
        return Plan(environ, where, Settings(database_url="", redis_url=""), str(error))
    try:
        return Plan(environ, where, environment.load(environ | urls))
    except CliError as error:
        return Plan(environ, where, environment.load(urls), str(error))


def _is_redis_ready(environ: Environ) -> bool:
    return readiness.redis_ready(environment.local_dir(environ))


def _place(url: str) -> str:
    """Name the server, or those of whom one was asked where it is."""
    port = urls.SENTINEL_PORT if urls.is_of_sentinels(url) else urls.REDIS_PORT
    places = [f"{host}:{port}" for host, port in urls.places_of(url, port)]
    return f" at {' or '.join(places)}" if places else ""
