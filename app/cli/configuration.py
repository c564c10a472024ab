"""Each setting, what it is, where that comes from and what is wrong with it; what is secret stays hidden."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from msgspec.structs import fields

from app import settings
from app.settings import Settings, SettingsError

HIDDEN: Final = "(hidden)"
SECRET: Final = re.compile(r"_(SECRET|PASSWORD|KEY|KEY_ID|SID|TOKEN)$")
SECRET_IN_QUERY: Final = re.compile(r"([?&][^=&]*(?:pass|secret|token|key)[^=&]*=)[^&#]*", re.IGNORECASE)
# What a setting that is missing, or wrong, counts as while the others are looked at: without these none would be.
STAND_INS: Final = {
    "DATABASE_URL": "postgresql://example.com/x",
    "REDIS_URL": "redis://example.com",
    "JWT_SECRET": "x" * settings.MIN_SECRET_BYTES,
    "APP_URL": "https://example.com",
    **dict.fromkeys(("MAIL_FROM", "SENDGRID_FROM_EMAIL"), "x@example.com"),
    **dict.fromkeys(("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "x"),
    "TWILIO_PHONE_NUMBER": "+14155550100",
    "AWS_REGION": "eu-central-1",
}
DEFAULT, DERIVED = "default", "derived"

Layer = tuple[str, Mapping[str, str]]


class Setting(NamedTuple):
    """`value` is None where there is none; `source` is a layer's name, or `default`, or `derived` from others."""

    name: str
    value: str | None
    source: str
    error: str = ""


def settings_of(layers: Sequence[Layer], derived: Mapping[str, str]) -> list[Setting]:
    """Return all settings; the first layer that has a name counts, even if what it has is empty.

    derived: what takes the place of those that no layer has.
    """
    environ: dict[str, str] = {}
    for _, values in reversed(layers):
        environ |= values
    given = {name: text for name, text in environ.items() if text.strip() and name in settings.NAMES}
    loaded, errors = _load({**derived, **given})
    sources = {name: next(source for source, values in layers if name in values) for name in given}
    return [_setting(name, loaded, given, sources, errors) for name in _shown(given, errors)]


def strangers(names: Sequence[str]) -> dict[str, str]:
    """Return which of these names is no setting, though a setting is called nearly so; and what that is called."""
    found = {name: difflib.get_close_matches(name, settings.NAMES, n=1, cutoff=0.8) for name in names}
    return {name: close[0] for name, close in found.items() if close and name not in settings.NAMES}


def is_secret(name: str) -> bool:
    return bool(SECRET.search(name))


def shown(name: str, value: str) -> str:
    """Return a value for others to see."""
    if is_secret(name):
        return HIDDEN
    return _without_password(value) if name.endswith("_URL") else value


def _load(environ: dict[str, str]) -> tuple[Settings | None, dict[str, str]]:
    """Load all that is well, and say what is wrong with the rest."""
    errors: dict[str, str] = {}
    while True:
        try:
            return settings.load_settings(environ), errors
        except SettingsError as error:
            name, _, reason = str(error).partition(" ")
            if name in errors:
                return None, errors
            errors[name] = reason
            environ = environ | {name: STAND_INS.get(name, "")}


def _shown(given: Mapping[str, str], errors: Mapping[str, str]) -> Iterator[str]:
    """Give all settings; parts of addresses, which have no say until somebody sets one, only if somebody has."""
    whole = {field.encode_name for field in fields(Settings)}
    return (name for name in settings.NAMES if name in whole or name in given or name in errors)


def _setting(
    name: str,
    loaded: Settings | None,
    given: Mapping[str, str],
    sources: Mapping[str, str],
    errors: Mapping[str, str],
) -> Setting:
    error = errors.get(name, "")
    if name in given:
        text = HIDDEN if error and name.endswith("_URL") else shown(name, given[name])
        return Setting(name, text, sources[name], error)
    value, default = getattr(loaded, name.lower(), None), _defaults().get(name)
    if error or value in (None, ""):
        return Setting(name, None, DEFAULT, error)
    return Setting(name, shown(name, _text(value)), DEFAULT if value == default else DERIVED)


def _defaults() -> dict[str, Any]:
    return {field.encode_name: None if field.required else field.default for field in fields(Settings)}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if "@" in f"{parts.path}{parts.query}{parts.fragment}":  # a password that has not been escaped may go on in there
        return HIDDEN
    _, colon, password = parts.netloc.rpartition("@")[0].partition(":")
    if password:
        url = url.replace(f"{colon}{password}@", f"{colon}{HIDDEN}@", 1)
    return SECRET_IN_QUERY.sub(rf"\1{HIDDEN}", url)
