from typing import Any

import pytest
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.engine import make_url

from app import urls
from app.settings import database_url, load_settings, redis_url
from tests.support.environments import SERVERS, refusal

SENTINELS = "redis+sentinel://desk:p%2Fw@one:26379,two/mymaster/3"


def connected_with(url: str) -> dict[str, Any]:
    _, options = PGDialect_asyncpg().create_connect_args(make_url(url))  # type: ignore[no-untyped-call]
    return dict(options)


@pytest.mark.parametrize(
    ("url", "hosts", "ports"),
    [
        ("postgresql://u:p%40w@one:5433,two/desk", ["one", "two"], [5433, 5432]),
        ("postgres://u:p%40w@[::1]:5433,[::2]:5434/desk", ["::1", "::2"], [5433, 5434]),
        ("postgresql://u:p%40w@/desk?host=one,two&port=5433,5434", ["one", "two"], [5433, 5434]),
        ("postgresql://u:p%40w@/desk?host=/run/a%20b,/run/c&port=5432,5432", ["/run/a b", "/run/c"], [5432, 5432]),
        ("postgresql://u:p%40w@/desk?host=one,two&port=5433", ["one", "two"], [5433, 5433]),
        ("postgresql://u:p%40w@/desk?host=one,two", ["one", "two"], [5432, 5432]),
    ],
)
def test_several_hosts_are_read_alike_by_all_who_connect_and_one_that_takes_writes_is_meant(
    url: str, hosts: list[str], ports: list[int]
) -> None:
    read = database_url({"DATABASE_URL": url})
    wanted = {"user": "u", "password": "p@w", "database": "desk", "target_session_attrs": "read-write"}
    assert connected_with(read) == wanted | {"host": hosts, "port": ports}
    assert database_url({"DATABASE_URL": read}) == read  # libpq takes `host` and `port` in the query, too


@pytest.mark.parametrize("attributes", ["any", "primary"])
def test_which_server_is_meant_can_be_said(attributes: str) -> None:
    read = database_url({"DATABASE_URL": f"postgresql://one,two/desk?target_session_attrs={attributes}"})
    assert connected_with(read)["target_session_attrs"] == attributes


@pytest.mark.parametrize(
    "url", ["postgresql://u:p@one:5433/desk?sslmode=require", "postgresql://u@/desk?host=/run/x&port=5432"]
)
def test_a_url_of_one_server_stays_as_it_is(url: str) -> None:
    assert database_url({"DATABASE_URL": url}) == url


@pytest.mark.parametrize("name", ["DATABASE_URL", "PGBOUNCER_URL"])
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://one,/desk",
        "postgresql://one:5432,two:none/desk",
        "postgresql://one:0/desk",
        "postgresql:///desk?host=one,two,three&port=5432,5433",
        "postgresql:///desk?host=one&port=5432,5433",
        "postgresql:///desk?host=one,&port=5432",
        "postgresql:///desk?host=one,two&port=none",
        "postgresql:///desk?host=one,two&port=0",
        "postgresql://one,two/desk?target_session_attrs=standby",
        "postgresql://u:hunter2/@one,two/desk",
        "mysql://one,two/desk",
    ],
)
def test_what_names_no_server_that_can_be_worked_with_is_refused(name: str, url: str) -> None:
    message = refusal(SERVERS | {name: url})
    assert message.startswith(f"{name} must be a URL such as ")
    assert "hunter2" not in message


def test_pgbouncer_may_be_several_too() -> None:
    loaded = load_settings(SERVERS | {"PGBOUNCER_URL": "postgresql://one:6432,two:6432/desk"})
    assert loaded.pgbouncer_url is not None
    assert connected_with(loaded.pgbouncer_url)["port"] == [6432, 6432]
    assert load_settings(SERVERS).pgbouncer_url is None


def test_sentinels_are_named_with_the_master_that_they_know() -> None:
    assert redis_url({"REDIS_URL": SENTINELS}) == SENTINELS
    places = [("one", 26379), ("two", 26379)]
    assert urls.sentinels(SENTINELS) == urls.Sentinels(places, "mymaster", 3, "desk", "p/w", has_tls=False)
    assert urls.sentinels("rediss+sentinel://:pw@one/m") == urls.Sentinels(
        [("one", 26379)], "m", 0, None, "pw", has_tls=True
    )


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://one,two",
        "redis+sentinel:///mymaster",
        "redis+sentinel://one:none/mymaster",
        "redis+sentinel://one/mymaster/first",
        "redis+sentinel://one/mymaster?db=1",
        "redis://one:6379,two:6379/0",
    ],
)
def test_what_names_no_sentinel_or_no_master_is_refused(url: str) -> None:
    assert refusal(SERVERS | {"REDIS_URL": url}).startswith("REDIS_URL must be a URL such as ")


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("postgresql://u:p@one:5433,two/desk", ["one", "two"]),
        ("postgresql://u@/desk?host=one,two&port=1,2", ["one", "two"]),
        ("postgresql://u@/desk?host=/run/postgresql", []),
        ("postgresql:///desk", []),
    ],
)
def test_hosts_can_be_told(url: str, hosts: list[str]) -> None:
    assert urls.hosts_of(url) == hosts
