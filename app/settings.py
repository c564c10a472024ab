"""Every setting of both processes, read once by a composition root and handed on."""

import contextlib
import ipaddress
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlsplit

import msgspec
from dotenv import dotenv_values

SAMPLE_JWT_SECRET = "change-me-to-32-random-bytes-or-more"  # noqa: S105 - published on purpose, refused in production
MIN_SECRET_BYTES = 32
ENVIRONMENTS = ("development", "production", "test")
LOG_LEVELS = ("debug", "info", "warning", "error")

T = TypeVar("T")


class SettingsError(ValueError):
    """One line that names the variable and says what it must be."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Names are those of the environment in lower case; units are in the names or in .env.example."""

    app_env: str
    host: str
    port: int
    frontend_url: str
    jwt_secret: str
    token_ttl_seconds: int
    database_url: str
    redis_url: str
    db_pool_max: int
    chunk_size: int
    job_lanes: int
    worker_lanes: int
    lane_slice_seconds: float
    max_targets: int
    max_active_jobs: int
    undo_days: int
    purge_after_days: int
    job_retention_days: int
    poll_delay_seconds: float
    log_level: str
    local_dir: Path
    seed_password: str | None
    trusted_proxies: str
    request_seconds: float
    max_connections: int

    def __repr__(self) -> str:
        return f"Settings(app_env={self.app_env!r}, port={self.port})"  # the rest holds secrets


def read_environment(environ: Mapping[str, str], env_file: Path = Path(".env")) -> dict[str, str]:
    """Return `environ` on top of what `env_file` says; a value set in both is taken from `environ`."""
    from_file = {name: value for name, value in dotenv_values(env_file).items() if value is not None}
    return from_file | dict(environ)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read every setting from `environ`; an empty value counts as not set.

    Raises:
        SettingsError: a value is missing or bad.
    """
    read = _Reader(environ)
    app_env = read.one_of("APP_ENV", ENVIRONMENTS, "development")
    return Settings(
        app_env=app_env,
        host=read.text("HOST", "127.0.0.1"),
        port=read.whole("PORT", 3001, 1, 65_535),
        frontend_url=_origin(read.text("FRONTEND_URL", "http://localhost:3000")),
        jwt_secret=_jwt_secret(read, app_env),
        token_ttl_seconds=read.whole("TOKEN_TTL_SECONDS", 3600, 1, 7 * 86_400),
        database_url=database_url(environ),
        redis_url=redis_url(environ),
        db_pool_max=read.whole("DB_POOL_MAX", 10, 2, 1000),
        chunk_size=read.whole("CHUNK_SIZE", 5000, 1, 10_000),
        job_lanes=read.whole("JOB_LANES", 2, 1, 64),
        worker_lanes=read.whole("WORKER_LANES", 4, 1, 64),
        lane_slice_seconds=read.real("LANE_SLICE_SECONDS", 2.0, 0.0, 60.0),
        max_targets=read.whole("MAX_TARGETS", 250_000, 1, 400_000),
        max_active_jobs=read.whole("MAX_ACTIVE_JOBS", 30, 1, 10_000),
        undo_days=read.whole("UNDO_DAYS", 30, 0, 3650),
        purge_after_days=read.whole("PURGE_AFTER_DAYS", 30, 0, 3650),
        job_retention_days=read.whole("JOB_RETENTION_DAYS", 90, 1, 3650),
        poll_delay_seconds=read.real("POLL_DELAY_SECONDS", 0.02, 0.001, 10.0),
        log_level=read.one_of("LOG_LEVEL", LOG_LEVELS, "info"),
        local_dir=Path(read.text("LOCAL_DIR", ".local")),
        seed_password=read.secret("SEED_PASSWORD"),
        trusted_proxies=read.text("TRUSTED_PROXIES", ""),
        request_seconds=read.real("REQUEST_SECONDS", 10.0, 0.1, 600.0),
        max_connections=read.whole("MAX_CONNECTIONS", 5000, 1, 1_000_000),
    )


class _Reader:
    """Typed access to string variables; every refusal names the variable and never repeats a value."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str | None = None) -> str:
        value = self._environ.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise SettingsError(f"{name} is not set. Set it in the environment or in .env; .env.example explains it.")
        return default

    def secret(self, name: str) -> str | None:
        """As `text`, but white space around a password is part of it."""
        return self._environ.get(name) or None

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise SettingsError(f"{name} must be one of {', '.join(allowed)}.")
        return value

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        return self._number(name, default, low, high, int, "a whole number")

    def real(self, name: str, default: float, low: float, high: float) -> float:
        return self._number(name, default, low, high, float, "a number")

    def _number(self, name: str, default: T, low: T, high: T, parse: Callable[[str], T], kind: str) -> T:
        try:
            value = parse(self.text(name, str(default)))
            within = low <= value <= high  # type: ignore[operator]  # T is int or float
        except ValueError:
            within = False
        if not within:
            raise SettingsError(f"{name} must be {kind} from {low} to {high}.")
        return value


def _jwt_secret(read: _Reader, app_env: str) -> str:
    secret = read.text("JWT_SECRET", None if app_env == "production" else SAMPLE_JWT_SECRET)
    # Bytes that are no UTF-8 come as surrogates (PEP 383), and what signs tokens must be text.
    if len(secret.encode(errors="ignore")) < MIN_SECRET_BYTES:
        raise SettingsError(f"JWT_SECRET must have at least {MIN_SECRET_BYTES} bytes. Try: openssl rand -hex 32")
    if not secret.isprintable():
        raise SettingsError("JWT_SECRET must be printable text. Try: openssl rand -hex 32")
    if app_env == "production" and secret == SAMPLE_JWT_SECRET:
        raise SettingsError("JWT_SECRET is the sample from .env.example. Set your own: openssl rand -hex 32")
    return secret


def _origin(url: str) -> str:
    """Return `url` as browsers spell it in their Origin header."""
    origin = url.lower().rstrip("/")
    if not re.fullmatch(r"https?://([\w.-]+|\[[0-9a-f:.]+\])(:\d+)?", origin) or not _has_good_port(origin):
        raise SettingsError("FRONTEND_URL must be an origin such as https://desk.example.com, without a path.")
    return origin


def database_url(environ: Mapping[str, str]) -> str:
    """Return DATABASE_URL, or one made of its parts when DB_HOST is set; raise `SettingsError` without either."""
    read = _Reader(environ)
    if read.text("DB_HOST", "") and not read.text("DATABASE_URL", ""):
        user, name = quote(read.text("DB_USER", "bulkhead"), safe=""), quote(read.text("DB_NAME", "bulkhead"), safe="")
        password = quote(read.secret("DB_PASSWORD") or "", safe="")
        host, port = _host(read, "DB_HOST"), read.whole("DB_PORT", 5432, 1, 65_535)
        return f"postgresql://{user}{password and ':' + password}@{host}:{port}/{name}"
    url = read.text("DATABASE_URL")
    if not url.startswith(("postgresql://", "postgres://")) or not _has_good_port(url):
        raise SettingsError("DATABASE_URL must be a URL such as postgresql://user:password@host:5432/name")
    return url


def redis_url(environ: Mapping[str, str]) -> str:
    """Return REDIS_URL, or one made of its parts when REDIS_HOST or REDIS_PORT is set; raise `SettingsError` else."""
    read = _Reader(environ)
    parts_given = read.text("REDIS_PORT", "") or read.text("REDIS_HOST", "")
    if parts_given and not read.text("REDIS_URL", ""):
        return f"redis://{_host(read, 'REDIS_HOST', '127.0.0.1')}:{read.whole('REDIS_PORT', 6379, 1, 65_535)}"
    url = read.text("REDIS_URL")
    if not url.startswith(("redis://", "rediss://", "unix://")) or not _has_good_port(url):
        raise SettingsError("REDIS_URL must be a URL such as redis://host:6379/0")
    return url


def _host(read: _Reader, name: str, default: str | None = None) -> str:
    """Read a host as it stands in a URL: IPv6 addresses in brackets."""
    host = read.text(name, default)
    with contextlib.suppress(ValueError):
        return f"[{ipaddress.IPv6Address(host)}]"
    if not re.fullmatch(r"[\w.-]+", host):
        raise SettingsError(f"{name} must be a host name or an address, without a port.")
    return host


def _has_good_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False
