"""What the processes are told: the caller's environment, then `.env`, then addresses and secrets of our own."""

import os
import secrets
from pathlib import Path
from typing import NamedTuple

from app import settings
from app.cli.errors import CliError
from app.embedded import layout
from app.settings import Settings, SettingsError

REPOSITORY = Path(__file__).parents[2]
# Any of these names a server of the caller's own; then none is started in its place.
NAMED_BY = {
    "postgres": ("DATABASE_URL", "DB_HOST"),
    "redis": ("REDIS_URL", "REDIS_HOST", "REDIS_PORT"),
}
SECRET_BYTES = 32

Environ = dict[str, str]


class Local(NamedTuple):
    """A stack on this machine: what its processes are told, what they read from it, and the servers that are ours."""

    environ: Environ
    settings: Settings
    servers: tuple[str, ...]

    @property
    def local_dir(self) -> Path:
        return Path(self.settings.local_dir)

    @property
    def api_url(self) -> str:
        return address(self.settings.host, self.settings.port)


def read() -> Environ:
    """Return the caller's environment, with what `.env` adds to it."""
    return settings.read_environment(os.environ, REPOSITORY / ".env")


def local_dir(environ: Environ) -> Path:
    return (REPOSITORY / (environ.get("LOCAL_DIR", "").strip() or ".local")).resolve()


def embedded(environ: Environ) -> tuple[str, ...]:
    """Return which of Postgres and Redis this environment leaves to us."""
    return tuple(
        server for server, names in NAMED_BY.items() if not any(environ.get(name, "").strip() for name in names)
    )


def is_production(environ: Environ) -> bool:
    return environ.get("APP_ENV", "").strip() == "production"


def seeds_on_start(environ: Environ) -> bool:
    return environ.get("RUN_SEED_ON_START", "").strip() == "true"


def for_local(environ: Environ) -> Local:
    """Prepare the local folder and add what is missing; `CliError` for a bad setting."""
    folder = local_dir(environ)
    folder.mkdir(parents=True, exist_ok=True)
    complete = environ | {"LOCAL_DIR": str(folder)} | urls(environ)
    if not is_production(environ):  # there it must come from whoever runs it
        complete["JWT_SECRET"] = jwt_secret(environ)
    return Local(complete, load(complete), embedded(environ))


def jwt_secret(environ: Environ) -> str:
    """Return the environment's secret, or a random one that is made once and kept in the local folder."""
    return environ.get("JWT_SECRET", "").strip() or _kept_secret(local_dir(environ))


def urls(environ: Environ) -> Environ:
    """Return where Postgres and Redis are: those that the environment names, or the embedded ones."""
    ours = embedded_urls(environ)
    try:
        return {
            "DATABASE_URL": ours.get("DATABASE_URL") or settings.database_url(environ),
            "REDIS_URL": ours.get("REDIS_URL") or settings.redis_url(environ),
        }
    except SettingsError as error:
        raise CliError(str(error)) from error


def embedded_urls(environ: Environ) -> Environ:
    """Return where those of Postgres and Redis are that this environment leaves to us."""
    folder, servers = local_dir(environ), embedded(environ)
    found = {"DATABASE_URL": layout.database_url(folder)} if "postgres" in servers else {}
    return found | ({"REDIS_URL": layout.redis_url(folder)} if "redis" in servers else {})


def load(environ: Environ) -> Settings:
    try:
        return settings.load_settings(environ)
    except SettingsError as error:
        raise CliError(str(error)) from error


def address(host: str, port: int) -> str:
    """Return where a client on this machine finds a server that listens on `host`."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - looked for, not bound
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def _kept_secret(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "jwt_secret"
    if not file.is_file():
        incoming = folder / "jwt_secret.incoming"
        incoming.unlink(missing_ok=True)
        incoming.touch(mode=0o600)
        incoming.write_text(secrets.token_hex(SECRET_BYTES))
        incoming.rename(file)
    return file.read_text()
