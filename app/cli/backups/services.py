"""What a restore stops and starts: the API and the workers, here or in containers, and the server if nothing runs."""

from contextlib import ExitStack
from typing import Protocol

from sqlalchemy.engine import make_url

from app.cli import compose, environment, health
from app.cli.environment import Environ
from app.cli.errors import CliError
from app.cli.local import stack, supervisor
from app.embedded import readiness, waiting

NAMES = ("api", "worker")


class Services(Protocol):
    def lend_server(self, until: ExitStack) -> None:
        """Start the server unless it runs, and have it stopped again at the end."""

    def wanted(self) -> list[str]:
        """Return which of the API and the workers are there to run; a restore that was killed has stopped them."""

    def stop(self, names: list[str]) -> None:
        """Stop those, and wait for their end."""

    def start(self, names: list[str]) -> None:
        """Start those, and wait until they answer; `CliError` when they do not."""

    def migrate(self, database: str) -> None:
        """Bring a database to the newest schema."""


def of(environ: Environ, *, in_docker: bool) -> Services:
    return DockerServices(environ) if in_docker else LocalServices(environ)


class LocalServices:
    def __init__(self, environ: Environ) -> None:
        self._environ = environ
        self._local_dir = environment.local_dir(environ)

    def lend_server(self, until: ExitStack) -> None:
        if "postgres" not in environment.embedded(self._environ) or readiness.postgres_ready(self._local_dir):
            return
        if supervisor.is_running(self._local_dir):
            raise CliError("PostgreSQL does not answer, though it was started: ./manage.sh status says how it is")
        until.callback(supervisor.stop, self._local_dir)
        stack.start_servers(environment.for_local(self._environ))

    def wanted(self) -> list[str]:
        return stack.names_of_ours(self._local_dir)

    def stop(self, names: list[str]) -> None:
        stack.stop_ours(self._local_dir, names)

    def start(self, names: list[str]) -> None:
        if names:
            stack.start_ours(self._local_dir, names)

    def migrate(self, database: str) -> None:
        from app.cli.commands import migrate  # noqa: PLC0415 - Alembic, which only a restore that has come so far needs

        url = make_url(environment.urls(self._environ)["DATABASE_URL"]).set(database=database)
        migrate.upgrade(self._environ | {"DATABASE_URL": url.render_as_string(hide_password=False)})


class DockerServices:
    def __init__(self, environ: Environ) -> None:
        self._environ = environ

    def lend_server(self, until: ExitStack) -> None:
        if any(process.name == "postgres" and process.is_running for process in compose.processes(self._environ)):
            return
        until.callback(compose.output, self._environ, "stop", "postgres")
        compose.output(self._environ, "up", "--detach", "--wait", "postgres")

    def wanted(self) -> list[str]:
        found = {process.name: process for process in compose.processes(self._environ)}
        is_up = "postgres" in found and found["postgres"].is_running
        return [name for name in NAMES if name in found] if is_up else []

    def stop(self, names: list[str]) -> None:
        if names:
            compose.output(self._environ, "stop", *names)

    def start(self, names: list[str]) -> None:
        if names:
            compose.output(self._environ, "start", *names)
        url = compose.api_url(self._environ)
        if "api" in names and not waiting.until(lambda: health.is_good(url), compose.HEALTH_SECONDS):
            raise CliError(f"the API did not answer at {url}: ./manage.sh logs api shows what it wrote")

    def migrate(self, database: str) -> None:
        compose.output(self._environ, "run", "--rm", "--env", f"DB_NAME={database}", "migrate")
