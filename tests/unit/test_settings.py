import re
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from app.settings import (
    SAMPLE_JWT_SECRET,
    database_url,
    load_settings,
    read_environment,
    redis_url,
)
from tests.support.environments import SERVERS, refusal
from tests.support.servers import REPOSITORY

PRODUCTION = SERVERS | {"APP_ENV": "production", "JWT_SECRET": "k" * 32}
EXAMPLE = REPOSITORY / ".env.example"


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
        ("DATABASE_READ_URL", "mysql://db/bulkhead"),
        ("DATABASE_READ_MAX_LAG_SECONDS", "0"),
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


# Empty values, and the file


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


def test_settings_do_not_show_a_secret_when_printed() -> None:
    secret = "hunter2-" * 5
    loaded = load_settings(
        {
            "DATABASE_URL": f"postgresql://bulkhead:{secret}@db/bulkhead",
            "DATABASE_READ_URL": f"postgresql://bulkhead:{secret}@replica/bulkhead",
            "REDIS_URL": f"redis://:{secret}@redis",
            "JWT_SECRET": secret,
            "SEED_PASSWORD": secret,
        }
    )
    assert loaded.seed_password == secret
    for shown in (repr(loaded), str(loaded), f"{loaded}", repr([loaded])):
        assert "hunter2" not in shown
