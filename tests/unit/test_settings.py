import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy.engine import make_url

from app.notifications import channels
from app.settings import (
    SAMPLE_JWT_SECRET,
    SettingsError,
    database_url,
    load_settings,
    read_environment,
    redis_url,
)
from tests.support.servers import REPOSITORY

SERVERS = {"DATABASE_URL": "postgresql://db/bulkhead", "REDIS_URL": "redis://redis"}
PRODUCTION = SERVERS | {"APP_ENV": "production", "JWT_SECRET": "k" * 32}
EXAMPLE = REPOSITORY / ".env.example"


class Asked(Mapping[str, str]):
    """An environment that notes which names are looked up in it."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Entry(NamedTuple):
    comment: str
    is_on: bool
    name: str
    value: str


def example_entries() -> list[Entry]:
    found = re.findall(r"^# (.+)\n(#?)([A-Z_]+)=(.*)$", EXAMPLE.read_text(), flags=re.MULTILINE)
    return [Entry(comment, not off, name, value) for comment, off, name, value in found]


ENTRIES = example_entries()
ON = {entry.name: entry.value for entry in ENTRIES if entry.is_on}
OFF = {entry.name: entry.value for entry in ENTRIES if not entry.is_on}


def refusal(environ: Mapping[str, str]) -> str:
    with pytest.raises(SettingsError) as refused:
        load_settings(environ)
    return str(refused.value)


def names_asked_for() -> set[str]:
    asked_for_parts = Asked({"DB_HOST": "db", "REDIS_PORT": "6379"})
    asked_for_urls = Asked(SERVERS)
    load_settings(asked_for_parts)
    load_settings(asked_for_urls)
    return asked_for_parts.names | asked_for_urls.names


# .env.example


def test_the_example_names_each_setting_that_is_read_and_no_other() -> None:
    assert {entry.name for entry in ENTRIES} == names_asked_for()
    assert len(ENTRIES) == len(ON) + len(OFF)


def test_each_line_of_the_example_belongs_to_an_explained_setting_or_is_prose() -> None:
    lines = [line for line in EXAMPLE.read_text().splitlines() if re.match(r"#?[A-Z_]+=", line)]
    assert lines == [f"{'' if entry.is_on else '#'}{entry.name}={entry.value}" for entry in ENTRIES]


def test_what_is_on_in_the_example_is_the_default() -> None:
    assert load_settings(SERVERS | ON) == load_settings(SERVERS)


def test_only_what_is_off_in_the_example_may_be_missing_from_what_is_on() -> None:
    assert set(ON) >= names_asked_for() - set(OFF)
    assert ON["JWT_SECRET"] == SAMPLE_JWT_SECRET


def test_the_parts_that_are_off_in_the_example_are_their_defaults() -> None:
    parts = {name: value for name, value in OFF.items() if name.startswith("DB_")}
    assert database_url(parts) == database_url({"DB_HOST": OFF["DB_HOST"]})
    assert redis_url({"REDIS_HOST": OFF["REDIS_HOST"], "REDIS_PORT": OFF["REDIS_PORT"]}) == redis_url(
        {"REDIS_PORT": OFF["REDIS_PORT"]}
    )
    assert redis_url({"REDIS_HOST": OFF["REDIS_HOST"]}) == redis_url({"REDIS_PORT": OFF["REDIS_PORT"]})


def test_a_whole_url_that_is_off_in_the_example_is_one_that_is_taken() -> None:
    urls = {name: OFF[name] for name in SERVERS}
    loaded = load_settings(urls)
    assert (loaded.database_url, loaded.redis_url) == (urls["DATABASE_URL"], urls["REDIS_URL"])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_each_comment_of_the_example_ends_with_the_default(entry: Entry) -> None:
    _, marker, default = entry.comment.partition("; default ")
    assert marker
    if entry.is_on and entry.name != "JWT_SECRET":
        assert re.split(r"[, ]", default)[0] == entry.value


@pytest.mark.parametrize(
    "name",
    [
        "CHUNK_SIZE",
        "DB_POOL_MAX",
        "DB_PORT",
        "JOB_LANES",
        "LANE_SLICE_SECONDS",
        "MAX_TARGETS",
        "PORT",
        "REDIS_PORT",
        "TOKEN_TTL_SECONDS",
        "WORKER_LANES",
    ],
)
def test_a_number_has_in_the_example_the_range_that_its_refusal_names(name: str) -> None:
    message = refusal({"DB_HOST": "db", "REDIS_HOST": "redis", name: "many"})
    match = re.search(r"from (\S+ to \S+)\.$", message)
    assert match
    [comment] = [entry.comment for entry in ENTRIES if entry.name == name]
    assert re.search(rf"\b{re.escape(match[1])}[;:]", comment), f"{name}: {match[1]} is not in: {comment}"


@pytest.mark.parametrize("name", ["APP_ENV", "LOG_LEVEL", "REGISTRATION"])
def test_a_choice_has_in_the_example_the_words_that_its_refusal_names(name: str) -> None:
    words = refusal(SERVERS | {name: "other"}).partition("one of ")[2].rstrip(".")
    [comment] = [entry.comment for entry in ENTRIES if entry.name == name]
    assert f": {words};" in comment


# What is refused


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_ENV", "staging"),
        ("APP_ENV", "Production"),
        ("APP_URL", "desk.example.com"),
        ("APP_URL", "https://desk.example.com/app"),
        ("CHUNK_SIZE", "0"),
        ("CHUNK_SIZE", "10001"),
        ("CHUNK_SIZE", "1.5"),
        ("DATABASE_URL", "mysql://db/bulkhead"),
        ("DATABASE_URL", "bulkhead"),
        ("DATABASE_URL", "postgresql://db:notaport/bulkhead"),
        ("DATABASE_URL", "postgresql://[::1/bulkhead"),
        ("DB_POOL_MAX", "1"),
        ("DB_POOL_MAX", "1001"),
        ("FRONTEND_URL", "desk.example.com"),
        ("FRONTEND_URL", "ftp://desk.example.com"),
        ("FRONTEND_URL", "https://desk.example.com/app"),
        ("FRONTEND_URL", "https://"),
        ("FRONTEND_URL", "*"),
        ("FRONTEND_URL", "http://["),
        ("FRONTEND_URL", "http://desk.example.com:notaport"),
        ("FRONTEND_URL", "http://desk.example.com:99999"),
        ("FRONTEND_URL", "http://desk example"),
        ("FRONTEND_URL", "https://desk.example.com?page=1"),
        ("FRONTEND_URL", "https://someone@desk.example.com"),
        ("JOB_LANES", "0"),
        ("JOB_LANES", "65"),
        ("JWT_SECRET", "too-short"),
        pytest.param("JWT_SECRET", "\udcff" * 40, id="what os.environ makes of a JWT_SECRET that is not UTF-8"),
        ("LANE_SLICE_SECONDS", "-0.1"),
        ("LANE_SLICE_SECONDS", "nan"),
        ("LANE_SLICE_SECONDS", "inf"),
        ("LOG_LEVEL", "loud"),
        ("MAIL_FROM", "desk"),
        ("MAIL_FROM", "Desk, Help <desk@example.com>"),
        ("MAIL_FROM", "a@example.com, b@example.com"),
        ("MAIL_FROM", "desk@example.com\nBcc: all@example.com"),
        ("MAX_TARGETS", "400001"),
        ("RUN_SEED_ON_START", "yes"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "3001.0"),
        ("PORT", "eighty"),
        pytest.param("PORT", "9" * 5000, id="PORT of 5000 digits"),
        ("REGISTRATION", "Open"),
        ("REDIS_URL", "http://redis"),
        ("REDIS_URL", "redis"),
        ("REDIS_URL", "redis://redis:notaport"),
        ("REDIS_URL", "redis://redis:99999"),
        ("REDIS_URL", "redis://[::1"),
        ("SENDGRID_FROM_EMAIL", "desk"),
        ("SMTP_URL", "http://mail.example.com"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "smtp://mail.example.com:notaport"),
        ("TOKEN_TTL_SECONDS", "0"),
        ("TOKEN_TTL_SECONDS", "604801"),
        ("WORKER_LANES", "65"),
    ],
)
def test_a_bad_value_is_one_line_that_names_the_variable(name: str, value: str) -> None:
    message = refusal(SERVERS | {name: value})
    assert re.match(rf"{name}\b", message)
    assert "\n" not in message


@pytest.mark.parametrize(
    ("name", "value"), [("DB_PORT", "0"), ("DB_PORT", "x"), ("REDIS_PORT", "65536"), ("REDIS_PORT", "x")]
)
def test_a_bad_part_of_an_address_is_refused_by_its_own_name(name: str, value: str) -> None:
    assert refusal({"DB_HOST": "db", "REDIS_HOST": "redis", name: value}).startswith(f"{name} ")


@pytest.mark.parametrize("host", ["db/x", "some one@db", "db:5432:6"])
def test_a_host_that_is_none_is_refused(host: str) -> None:
    assert refusal({"DB_HOST": host, "REDIS_URL": "redis://redis"}).startswith("DB_HOST ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JWT_SECRET", "hunter2"),
        ("DATABASE_URL", "mysql://bulkhead:hunter2@db/bulkhead"),
        ("REDIS_URL", "http://:hunter2@redis"),
        ("SMTP_URL", "smtp://desk:hunter2@mail:x"),
        ("REDIS_URL", "redis://:hunter2/@redis"),  # a slash that should have been %2F
    ],
)
def test_a_refusal_does_not_repeat_a_secret(name: str, value: str) -> None:
    assert "hunter2" not in refusal(SERVERS | {name: value})


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_a_server_that_nothing_tells_of_is_refused_by_name(name: str) -> None:
    assert refusal({key: url for key, url in SERVERS.items() if key != name}).startswith(f"{name} is not set")


# Production


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param(None, id="missing"),
        pytest.param("", id="empty"),
        pytest.param("   ", id="blank"),
        pytest.param(SAMPLE_JWT_SECRET, id="the sample"),
        pytest.param(f" {SAMPLE_JWT_SECRET} ", id="the sample with spaces"),
        pytest.param("k" * 31, id="31 bytes"),
        pytest.param("é" * 15 + "k", id="16 characters in 31 bytes"),
    ],
)
def test_production_refuses_this_secret(secret: str | None) -> None:
    environ = {name: value for name, value in PRODUCTION.items() if name != "JWT_SECRET"}
    if secret is not None:
        environ["JWT_SECRET"] = secret
    assert refusal(environ).startswith("JWT_SECRET ")


def test_samples_are_not_for_production() -> None:
    assert load_settings(SERVERS).run_seed_on_start is False
    assert load_settings(SERVERS | {"RUN_SEED_ON_START": "true"}).run_seed_on_start is True
    assert refusal(PRODUCTION | {"RUN_SEED_ON_START": "true"}).startswith("RUN_SEED_ON_START ")


def test_in_production_nobody_registers_unless_that_is_said() -> None:
    assert load_settings(SERVERS).registration == "open"
    assert load_settings(PRODUCTION).registration == "closed"
    assert load_settings(PRODUCTION | {"REGISTRATION": ""}).registration == "closed"
    assert load_settings(PRODUCTION | {"REGISTRATION": "open"}).registration == "open"
    assert load_settings(SERVERS | {"REGISTRATION": "closed"}).registration == "closed"


@pytest.mark.parametrize("secret", ["k" * 32, "é" * 16])
def test_production_takes_a_secret_of_32_bytes_however_many_characters(secret: str) -> None:
    assert load_settings(PRODUCTION | {"JWT_SECRET": secret}).jwt_secret == secret


@pytest.mark.parametrize("app_env", ["development", "test"])
def test_elsewhere_the_sample_secret_is_good_enough(app_env: str) -> None:
    assert load_settings(SERVERS | {"APP_ENV": app_env}).jwt_secret == SAMPLE_JWT_SECRET


# Where servers are


@pytest.mark.parametrize(
    "text", ["p@ss:w/rd?#%&+", "qu\"o'te", "with space", "pässwörd", "$HOME ${HOME}", "%40", "a" * 200]
)
def test_any_password_user_and_name_survive_in_the_url_made_of_parts(text: str) -> None:
    url = make_url(database_url({"DB_HOST": "db", "DB_USER": text, "DB_PASSWORD": text, "DB_NAME": text}))
    assert (url.host, url.port, url.username, url.password, url.database) == ("db", 5432, text, text, text)


@pytest.mark.parametrize("password", [" leading", "trailing "])
def test_a_password_keeps_the_spaces_around_it(password: str) -> None:
    url = make_url(database_url({"DB_HOST": "db", "DB_PASSWORD": password}))
    assert url.password == password


def test_a_url_made_of_parts_has_defaults_and_no_password_unless_one_is_given() -> None:
    assert database_url({"DB_HOST": "db"}) == "postgresql://bulkhead@db:5432/bulkhead"


def test_a_whole_url_comes_before_its_parts() -> None:
    parts = {"DB_HOST": "other", "DB_PORT": "5433", "REDIS_HOST": "other", "REDIS_PORT": "6380"}
    loaded = load_settings(SERVERS | parts)
    assert (loaded.database_url, loaded.redis_url) == (SERVERS["DATABASE_URL"], SERVERS["REDIS_URL"])


def test_an_ipv6_address_can_be_a_host() -> None:
    url = make_url(database_url({"DB_HOST": "::1"}))
    assert (url.host, url.port, url.database) == ("::1", 5432, "bulkhead")
    assert redis_url({"REDIS_HOST": "::1"}) == "redis://[::1]:6379"


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({"REDIS_PORT": "6380"}, "redis://127.0.0.1:6380"),
        ({"REDIS_HOST": "redis"}, "redis://redis:6379"),
        ({"REDIS_HOST": "redis", "REDIS_PORT": "6380"}, "redis://redis:6380"),
        ({"REDIS_URL": "rediss://redis/1"}, "rediss://redis/1"),
        ({"REDIS_URL": "unix:///run/redis.sock"}, "unix:///run/redis.sock"),
    ],
)
def test_redis_is_where_its_url_or_its_parts_say(environ: dict[str, str], url: str) -> None:
    assert redis_url(environ) == url


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://desk.example.com", "https://desk.example.com"),
        ("https://desk.example.com/", "https://desk.example.com"),
        ("http://127.0.0.1:5173", "http://127.0.0.1:5173"),
        ("HTTPS://Desk.Example.com", "https://desk.example.com"),  # browsers send it in lower case
    ],
)
def test_urls_of_ours_are_origins_as_browsers_spell_them(given: str, origin: str) -> None:
    loaded = load_settings(SERVERS | {"APP_URL": given, "FRONTEND_URL": given})
    assert (loaded.app_url, loaded.frontend_url) == (origin, origin)


def test_nobody_is_asked_to_name_one() -> None:
    loaded = load_settings(SERVERS)
    assert loaded.app_url is loaded.frontend_url is None


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "http://localhost:3001"),
        ({"PORT": "80"}, "http://localhost:80"),
        ({"FRONTEND_URL": "https://console.example.com"}, "https://console.example.com"),
        (
            {"FRONTEND_URL": "https://console.example.com", "APP_URL": "https://desk.example.com"},
            "https://desk.example.com",
        ),
    ],
)
def test_links_lead_to_where_the_console_is(given: dict[str, str], url: str) -> None:
    assert load_settings(SERVERS | given).console_url == url


# E-mail


@pytest.mark.parametrize(
    ("given", "sender"),
    [
        ({"SMTP_URL": "smtp://desk%40example.com:secret@mail"}, "desk@example.com"),
        ({"SMTP_URL": "smtp://mail", "MAIL_FROM": "desk@example.com"}, "desk@example.com"),
        ({"SMTP_URL": "smtps://a%40b.c:x@mail", "MAIL_FROM": "Büro <desk@example.com>"}, "Büro <desk@example.com>"),
    ],
)
def test_mail_is_from_whom_the_settings_name(given: dict[str, str], sender: str) -> None:
    assert load_settings(SERVERS | given).mail_from == sender


@pytest.mark.parametrize(
    ("name", "value", "asked_for"),
    [
        ("SMTP_URL", "smtp://mail", "MAIL_FROM"),
        ("SMTP_URL", "smtp://desk:secret@mail", "MAIL_FROM"),
        ("RESEND_API_KEY", "key", "MAIL_FROM"),
        ("BREVO_API_KEY", "key", "MAIL_FROM"),
        ("SENDGRID_API_KEY", "key", "SENDGRID_FROM_EMAIL"),
    ],
)
def test_a_provider_of_mail_asks_for_a_sender(name: str, value: str, asked_for: str) -> None:
    assert refusal(SERVERS | {name: value}).startswith(f"{asked_for} is not set")


TWILIO = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "token", "TWILIO_PHONE_NUMBER": "+14155550100"}


@pytest.mark.parametrize("name", TWILIO)
def test_twilio_asks_for_all_that_it_needs(name: str) -> None:
    [twilio] = channels.providers_of(load_settings(SERVERS | TWILIO))["sms"]
    assert twilio.name == "twilio"
    assert refusal(SERVERS | TWILIO | {name: ""}).startswith(f"{name} is not set")


def test_all_providers_that_are_named_are_tried_in_this_order() -> None:
    named = {"SENDGRID_API_KEY": "s", "BREVO_API_KEY": "b", "RESEND_API_KEY": "r", "SMTP_URL": "smtp://mail"}
    loaded = load_settings(SERVERS | named | {"MAIL_FROM": "desk@example.com"})
    found = channels.providers_of(loaded)["email"]
    assert [provider.name for provider in found] == ["smtp", "resend", "sendgrid", "brevo"]
    assert channels.providers_of(load_settings(SERVERS)) == {"email": [], "sms": []}


# Empty values, and the file


@pytest.mark.parametrize("blank", ["", "  "])
def test_an_empty_value_counts_as_not_set(blank: str) -> None:
    passwords = {"DB_PASSWORD", "SEED_PASSWORD"}  # spaces could be theirs
    blanks = {entry.name: "" if entry.name in passwords else blank for entry in ENTRIES if entry.name not in SERVERS}
    assert load_settings(SERVERS | blanks) == load_settings(SERVERS)


def test_spaces_around_a_value_do_not_count() -> None:
    loaded = load_settings(SERVERS | {"PORT": " 8080 ", "LOG_LEVEL": " debug "})
    assert (loaded.port, loaded.log_level) == (8080, "debug")


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=4000\nHOST=0.0.0.0\n# LOG_LEVEL=debug\nLOCAL_DIR\n")
    found = read_environment({"PORT": "5000", "HOME": "/root"}, file)
    assert found == {"PORT": "5000", "HOST": "0.0.0.0", "HOME": "/root"}  # noqa: S104 - a value, nothing listens


def test_an_empty_value_in_the_environment_switches_the_files_off(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=4000\n")
    assert load_settings(SERVERS | read_environment({"PORT": ""}, file)).port == 3001


def test_there_need_not_be_a_file(tmp_path: Path) -> None:
    assert read_environment({"PORT": "5000"}, tmp_path / ".env") == {"PORT": "5000"}


def test_the_example_can_be_copied_as_it_is() -> None:
    assert read_environment({}, EXAMPLE) == ON


def test_settings_do_not_show_a_secret_when_printed() -> None:
    secret = "hunter2-" * 5
    loaded = load_settings(
        {
            "DATABASE_URL": f"postgresql://bulkhead:{secret}@db/bulkhead",
            "REDIS_URL": f"redis://:{secret}@redis",
            "JWT_SECRET": secret,
            "SEED_PASSWORD": secret,
        }
    )
    assert loaded.seed_password == secret
    for shown in (repr(loaded), str(loaded), f"{loaded}", repr([loaded])):
        assert "hunter2" not in shown
