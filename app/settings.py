"""Every setting of both processes, read once by a composition root and handed on."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar, cast
from urllib.parse import quote, unquote, urlsplit

import msgspec
from dotenv import dotenv_values
from msgspec import Meta, inspect, structs

from app import urls
from app.text import converted, has_good_port, names_of, networks_of, origin_in

SAMPLE_JWT_SECRET = "change-me-to-32-random-bytes-or-more"  # noqa: S105 - published on purpose, refused in production
MIN_SECRET_BYTES = 32
ADDRESS = r"[^<>@,\s]{1,64}@[^<>@,\s]{1,255}"
SENDER = rf"[^<>@,;:\"()\\\x00-\x1f]*<{ADDRESS}>|{ADDRESS}"
WITH_SPACES = {"DB_PASSWORD", "SEED_PASSWORD"}
TOGETHER = (
    ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER"),
    ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"),
)
OF_POSTGRES = "a URL such as postgresql://user:password@host:5432/name"
OF_REDIS = "a URL such as redis://host:6379/0, or redis+sentinel://one:26379,two:26379/master"
HOST = "a host name or an address, without a port."
NOT_SET = "{} is not set. Set it in the environment or in .env; .env.example explains it."

Port = Annotated[int, Meta(ge=1, le=65_535)]
Wanted = TypeVar("Wanted", bound=msgspec.Struct)


class SettingsError(ValueError):
    """One line that names the variable and says what it must be."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="upper"):
    """Each field is the variable of its name in capitals; units are in the names or in .env.example."""

    app_env: Literal["development", "production", "test"] = "development"
    host: str = "127.0.0.1"
    port: Port = 3001
    app_url: str | None = None
    frontend_url: str | None = None
    jwt_secret: str = SAMPLE_JWT_SECRET
    registration: Literal["open", "closed"] = "open"
    token_ttl_seconds: Annotated[int, Meta(ge=1, le=7 * 86_400)] = 3600
    database_url: str
    database_read_url: str | None = None
    database_read_max_lag_seconds: Annotated[float, Meta(ge=1, le=600)] = 10.0
    pgbouncer_url: str | None = None
    redis_url: str
    db_pool_max: Annotated[int, Meta(ge=3, le=1000)] = 10
    chunk_size: Annotated[int, Meta(ge=1, le=10_000)] = 5000
    job_lanes: Annotated[int, Meta(ge=1, le=64)] = 2
    worker_lanes: Annotated[int, Meta(ge=1, le=64)] = 4
    lane_slice_seconds: Annotated[float, Meta(ge=0, le=60)] = 2.0
    max_targets: Annotated[int, Meta(ge=1, le=400_000)] = 250_000
    max_active_jobs: Annotated[int, Meta(ge=1, le=10_000)] = 30
    undo_days: Annotated[int, Meta(ge=0, le=3650)] = 30
    purge_after_days: Annotated[int, Meta(ge=0, le=3650)] = 30
    job_retention_days: Annotated[int, Meta(ge=1, le=3650)] = 90
    admin_email: str | None = None
    optics_alert_emails: str | None = None
    smtp_url: str | None = None
    mail_from: str | None = None
    resend_api_key: str | None = None
    sendgrid_api_key: str | None = None
    sendgrid_from_email: str | None = None
    brevo_api_key: str | None = None
    twilio_account_sid: str | None = None
    twilio_auth_token: str | None = None
    twilio_phone_number: str | None = None
    aws_access_key_id: str | None = None
    aws_secret_access_key: str | None = None
    aws_region: str | None = None
    metrics_token: str | None = None
    metrics_networks: str = ""
    otel_exporter_otlp_endpoint: str | None = None
    metrics_port: Annotated[int, Meta(ge=0, le=65_535)] = 0
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    local_dir: str = ".local"
    seed_password: str | None = None
    run_seed_on_start: bool = False
    trusted_proxies: str = ""
    request_seconds: Annotated[float, Meta(ge=0.1, le=600)] = 10.0
    max_connections: Annotated[int, Meta(ge=1, le=1_000_000)] = 5000
    api_processes: Annotated[int, Meta(ge=1, le=64)] = 1

    @property
    def console_url(self) -> str:
        """Where people open the console: for links in messages."""
        return self.app_url or self.frontend_url or f"http://localhost:{self.port}"

    @property
    def optics_addresses(self) -> tuple[str, ...]:
        return tuple(map(str.strip, self.optics_alert_emails.split(","))) if self.optics_alert_emails else ()

    def __repr__(self) -> str:
        return f"Settings(app_env={self.app_env!r}, port={self.port})"  # the rest holds secrets


def read_environment(environ: Mapping[str, str], env_file: Path = Path(".env")) -> dict[str, str]:
    """Return `environ` on top of what `env_file` says; a value set in both is taken from `environ`."""
    from_file = {name: value for name, value in dotenv_values(env_file).items() if value is not None}
    return from_file | dict(environ)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read every setting from `environ`; an empty value counts as not set.

    Raises:
        SettingsError: a value is missing or bad; the message never repeats it.
    """
    given = {name: text for name in names_of(Settings) if (text := _text(environ, name))}
    if given.get("APP_ENV") == "production":
        given.setdefault("REGISTRATION", "closed")
    given |= {"DATABASE_URL": database_url(environ), "REDIS_URL": redis_url(environ)}
    for name, read in {"PGBOUNCER_URL": urls.postgres, "DATABASE_READ_URL": urls.replica}.items():
        if name in given:
            given[name] = _read(name, given[name], read, OF_POSTGRES)
    loaded = _converted(given, Settings)
    if loaded.app_env == "production" and loaded.run_seed_on_start:
        raise SettingsError("RUN_SEED_ON_START is true in production: sample users and tickets are not for there.")
    for check in (_check_sms, _check_addresses, _check_links, _check_monitoring):
        check(loaded)
    return structs.replace(
        loaded,
        app_url=_origin("APP_URL", loaded.app_url),
        frontend_url=_origin("FRONTEND_URL", loaded.frontend_url),
        jwt_secret=_checked_secret(loaded, environ),
        smtp_url=_smtp_url(loaded.smtp_url),
        mail_from=_mail_from(loaded),
    )


def _converted(given: Mapping[str, str], wanted: type[Wanted]) -> Wanted:
    try:
        return converted(given, wanted)
    except msgspec.ValidationError as error:
        name = str(error).rpartition("`$.")[2].rstrip("`")
        raise SettingsError(f"{name} must be {_allowed(wanted, name)}.") from None


def _allowed(wanted: type[msgspec.Struct], name: str) -> str:
    """Say in words what a variable may be."""
    info = cast(inspect.StructType, inspect.type_info(wanted))
    match next(field.type for field in info.fields if field.encode_name == name):
        case inspect.IntType(ge=low, le=high):
            return f"a whole number from {low} to {high}"
        case inspect.FloatType(ge=low, le=high):
            return f"a number from {low} to {high}"
        case inspect.BoolType():
            return "true or false"
        case inspect.LiteralType(values=values):
            return f"one of {', '.join(map(str, values))}"
    return "text"


def _text(environ: Mapping[str, str], name: str) -> str:
    """Return a value without the white space around it, which is part of a password only."""
    value = environ.get(name, "")
    return value if name in WITH_SPACES else value.strip()


def _checked_secret(loaded: Settings, environ: Mapping[str, str]) -> str:
    secret = loaded.jwt_secret
    if loaded.app_env == "production" and not _text(environ, "JWT_SECRET"):
        raise SettingsError(NOT_SET.format("JWT_SECRET"))
    # Bytes that are no UTF-8 come as surrogates (PEP 383), and what signs tokens must be text.
    if len(secret.encode(errors="ignore")) < MIN_SECRET_BYTES:
        raise SettingsError(f"JWT_SECRET must have at least {MIN_SECRET_BYTES} bytes. Try: openssl rand -hex 32")
    if not secret.isprintable():
        raise SettingsError("JWT_SECRET must be printable text. Try: openssl rand -hex 32")
    if loaded.app_env == "production" and secret == SAMPLE_JWT_SECRET:
        raise SettingsError("JWT_SECRET is the sample from .env.example. Set your own: openssl rand -hex 32")
    return secret


def _origin(name: str, url: str | None) -> str | None:
    if url is not None and (url := origin_in(url)) is None:
        raise SettingsError(f"{name} must be an origin such as https://desk.example.com, without a path.")
    return url


def _smtp_url(url: str | None) -> str | None:
    if url is None:
        return None
    if not re.fullmatch(r"smtps?://[!-~]+", url) or not has_good_port(url) or not urlsplit(url).hostname:
        raise SettingsError("SMTP_URL must be a URL such as smtp://user:password@mail.example.com:587, or smtps.")
    return url


def _mail_from(loaded: Settings) -> str | None:
    """Return who e-mail is from, by default the user of SMTP_URL; raise `SettingsError` where a provider needs one."""
    user = unquote(urlsplit(loaded.smtp_url).username or "") if loaded.smtp_url else ""
    sender = _sender("MAIL_FROM", loaded.mail_from or (user if "@" in user else None))
    of_sendgrid = _sender("SENDGRID_FROM_EMAIL", loaded.sendgrid_from_email)
    if sender is None and (loaded.smtp_url or loaded.resend_api_key or loaded.brevo_api_key):
        raise SettingsError(NOT_SET.format("MAIL_FROM"))
    if loaded.sendgrid_api_key and (of_sendgrid or sender) is None:
        raise SettingsError(NOT_SET.format("SENDGRID_FROM_EMAIL"))
    return sender


def _check_sms(loaded: Settings) -> None:
    for names in TOGETHER:
        missing = [name for name in names if getattr(loaded, name.lower()) is None]
        if missing and len(missing) < len(names):
            raise SettingsError(NOT_SET.format(missing[0]))
    if loaded.aws_region and not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", loaded.aws_region):
        raise SettingsError("AWS_REGION must be the name of a region such as eu-central-1.")
    if loaded.twilio_phone_number and not re.fullmatch(r"\+[1-9]\d{6,14}", loaded.twilio_phone_number):
        raise SettingsError("TWILIO_PHONE_NUMBER must be a phone number such as +14155550100.")


def _check_addresses(loaded: Settings) -> None:
    if not all(re.fullmatch(ADDRESS, address) for address in loaded.optics_addresses):
        raise SettingsError("OPTICS_ALERT_EMAILS must be addresses such as noc@example.com, with commas between.")
    if loaded.admin_email and not re.fullmatch(ADDRESS, loaded.admin_email):
        raise SettingsError("ADMIN_EMAIL must be an address such as it@example.com.")


def _check_links(loaded: Settings) -> None:
    """Refuse messages from production whose links would lead to the machine of whoever reads them."""
    providers = ("smtp_url", "resend_api_key", "sendgrid_api_key", "brevo_api_key", "twilio_auth_token", "aws_region")
    is_sending = any(getattr(loaded, name) for name in providers)
    if loaded.app_env == "production" and is_sending and not (loaded.app_url or loaded.frontend_url):
        raise SettingsError(NOT_SET.format("APP_URL"))


def _check_monitoring(loaded: Settings) -> None:
    if loaded.metrics_token is not None and not re.fullmatch(r"[!-~]{16,}", loaded.metrics_token):
        raise SettingsError("METRICS_TOKEN must have at least 16 characters and no spaces. Try: openssl rand -hex 32")
    endpoint = loaded.otel_exporter_otlp_endpoint
    if endpoint is not None and not (re.fullmatch(r"https?://[^\s@?#]+", endpoint) and has_good_port(endpoint)):
        raise SettingsError("OTEL_EXPORTER_OTLP_ENDPOINT must be a URL such as http://collector:4318")
    if networks_of(loaded.metrics_networks) is None:
        raise SettingsError("METRICS_NETWORKS must be networks such as 10.0.0.0/8, with commas between.")


def _sender(name: str, sender: str | None) -> str | None:
    if sender is not None and not re.fullmatch(SENDER, sender):
        raise SettingsError(f"{name} must be an address such as desk@example.com, or Help desk <desk@example.com>.")
    return sender


class _DatabaseParts(msgspec.Struct, frozen=True, rename="upper"):
    db_host: str
    db_port: Port = 5432
    db_user: str = "bulkhead"
    db_password: str = ""
    db_name: str = "bulkhead"


class _RedisParts(msgspec.Struct, frozen=True, rename="upper"):
    redis_host: str = "127.0.0.1"
    redis_port: Port = 6379


# All that is read, under the names that it is set by.
NAMES = (*names_of(Settings), *names_of(_DatabaseParts), *names_of(_RedisParts))


def database_url(environ: Mapping[str, str]) -> str:
    """Return DATABASE_URL, or one made of its parts when DB_HOST is set; raise `SettingsError` without either."""
    url = _text(environ, "DATABASE_URL")
    if not url and _text(environ, "DB_HOST"):
        parts = _parts(environ, _DatabaseParts)
        user, password, name = (quote(text, safe="") for text in (parts.db_user, parts.db_password, parts.db_name))
        host = _read("DB_HOST", parts.db_host, urls.host, HOST)
        return f"postgresql://{user}{password and ':' + password}@{host}:{parts.db_port}/{name}"
    return _read("DATABASE_URL", url, urls.postgres, OF_POSTGRES)


def redis_url(environ: Mapping[str, str]) -> str:
    """Return REDIS_URL, or one made of its parts when REDIS_HOST or REDIS_PORT is set; raise `SettingsError` else."""
    url = _text(environ, "REDIS_URL")
    if not url and (_text(environ, "REDIS_HOST") or _text(environ, "REDIS_PORT")):
        parts = _parts(environ, _RedisParts)
        return f"redis://{_read('REDIS_HOST', parts.redis_host, urls.host, HOST)}:{parts.redis_port}"
    return _read("REDIS_URL", url, urls.redis, OF_REDIS)


def _parts(environ: Mapping[str, str], wanted: type[Wanted]) -> Wanted:
    return _converted({name: text for name in names_of(wanted) if (text := _text(environ, name))}, wanted)


def _read(name: str, text: str, read: Callable[[str], str], wanted: str) -> str:
    if not text:
        raise SettingsError(NOT_SET.format(name))
    try:
        return read(text)
    except ValueError:
        raise SettingsError(f"{name} must be {wanted}") from None
