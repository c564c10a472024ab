import pytest

from app import settings
from app.cli import configuration
from app.cli.configuration import HIDDEN, Setting
from tests.support.environments import SERVERS

PRODUCTION = SERVERS | {"APP_ENV": "production", "JWT_SECRET": "k" * 32}


def found(derived: dict[str, str] | None = None, **layers: dict[str, str]) -> dict[str, Setting]:
    listed = configuration.settings_of(list(layers.items()), SERVERS if derived is None else derived)
    return {setting.name: setting for setting in listed}


def test_a_setting_comes_from_the_first_layer_that_has_it_even_if_that_says_nothing() -> None:
    shown = found(env={"PORT": "4000", "HOST": ""}, file={"PORT": "5000", "HOST": "::1", "CHUNK_SIZE": "7"})
    assert shown["PORT"] == Setting("PORT", "4000", "env")
    assert shown["CHUNK_SIZE"] == Setting("CHUNK_SIZE", "7", "file")
    assert shown["HOST"] == Setting("HOST", "127.0.0.1", "default")
    assert shown["ADMIN_EMAIL"] == Setting("ADMIN_EMAIL", None, "default")
    assert shown["TRUSTED_PROXIES"] == Setting("TRUSTED_PROXIES", None, "default")
    assert shown["DATABASE_URL"].source == "derived"


def test_what_follows_from_others_is_derived() -> None:
    mail = {"SMTP_URL": "smtp://desk%40example.com:hunter2@mail", "APP_URL": "https://x.org"}
    shown = found(env={**PRODUCTION, **mail, "DATABASE_URL": "", "DB_HOST": "db", "DB_PASSWORD": "hunter2"}, derived={})
    assert shown["REGISTRATION"] == Setting("REGISTRATION", "closed", "derived")
    assert shown["MAIL_FROM"] == Setting("MAIL_FROM", "desk@example.com", "derived")
    assert shown["DATABASE_URL"] == Setting(
        "DATABASE_URL", f"postgresql://bulkhead:{HIDDEN}@db:5432/bulkhead", "derived"
    )
    assert shown["DB_HOST"].source == "env"
    assert "DB_PORT" not in shown  # nobody has set it


def test_each_mistake_stands_beside_its_setting() -> None:
    wrong = {"PORT": "http", "JOB_LANES": "0", "DATABASE_URL": "mysql://u:hunter2@db", "APP_ENV": "production"}
    shown = found(env={**wrong, "RESEND_API_KEY": "hunter2", "TWILIO_ACCOUNT_SID": "hunter2", "AWS_REGION": "mars"})
    errors = {name: setting.error for name, setting in shown.items() if setting.error}
    missing = {"JWT_SECRET", "APP_URL", "MAIL_FROM", "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER"}
    assert {name for name, error in errors.items() if error.startswith("is not set")} >= missing
    assert errors.keys() >= {"PORT", "JOB_LANES", "DATABASE_URL", "AWS_REGION"}
    assert shown["PORT"] == Setting("PORT", "http", "env", "must be a whole number from 1 to 65535.")
    assert shown["JWT_SECRET"].value is None
    assert shown["CHUNK_SIZE"].value == "5000"
    assert "hunter2" not in str(shown)


def test_what_stands_in_for_mistakes_is_none() -> None:
    assert not any(setting.error for setting in found(env=configuration.STAND_INS).values())


@pytest.mark.parametrize("name", settings.NAMES)
def test_no_secret_is_shown_of_any_setting(name: str) -> None:
    value = "scheme://user:hunter2@host/path?sslpassword=hunter2&x=y" if name.endswith("_URL") else "hunter2"
    shown = configuration.shown(name, value)
    is_plain = any(word in name for word in ("PASSWORD", "SECRET", "KEY", "TOKEN", "SID", "URL")) is False
    assert ("hunter2" in shown) == (is_plain or name == "TOKEN_TTL_SECONDS")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:p%40ss@h:5432/x", f"postgresql://u:{HIDDEN}@h:5432/x"),
        ("postgresql://u:1#p@h/x", HIDDEN),
        ("redis://:1/p@h", HIDDEN),
        ("redis://:secret@h:6379/0", f"redis://:{HIDDEN}@h:6379/0"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock"),
        (
            "postgresql://u@/x?host=%2Frun&password=p&port=5432",
            f"postgresql://u@/x?host=%2Frun&password={HIDDEN}&port=5432",
        ),
    ],
)
def test_a_password_in_a_url_is_hidden_and_nothing_else(url: str, shown: str) -> None:
    assert configuration.shown("DATABASE_URL", url) == shown


def test_names_that_are_nearly_settings_are_noticed_and_others_are_not() -> None:
    names = ["JOB_LANE", "PORT", "HOME", "PATH", "SMTP_URI", "LS_COLORS", "PWD"]
    assert configuration.strangers(names) == {"JOB_LANE": "JOB_LANES", "SMTP_URI": "SMTP_URL"}
