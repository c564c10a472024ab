"""What each check makes of what it found."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.cli.doctor import backups, clock, configuration, machine, months, postgres, providers, redis, storage, work
from app.cli.doctor.findings import Finding, together
from app.cli.health import Answer
from app.notifications import checks
from app.notifications.smtp import Smtp
from app.settings import load_settings
from tests.support.environments import SERVERS
from worker import main, senders

GB = 10**9
DAY = 86_400.0
POSTGRES = {
    "server_version": "18.4",
    "server_version_num": "180004",
    "server_encoding": "UTF8",
    "max_connections": "100",
    "superuser_reserved_connections": "3",
    "reserved_connections": "0",
    **dict.fromkeys(("fsync", "full_page_writes", "synchronous_commit", "autovacuum", "track_counts"), "on"),
}
REDIS = {"redis_version": "8.2.1", "used_memory": 10**6, "maxmemory": 0, "maxmemory_policy": "noeviction"}


def row(**fields: Any) -> SimpleNamespace:
    return SimpleNamespace(**fields)


def says(finding: Finding, status: str, said: str) -> bool:
    """Whatever is not well comes with what to do."""
    return finding.status == status and said in finding.said and (status == "ok" or bool(finding.todo))


def test_what_it_knows_of_workers_is_what_they_do() -> None:
    assert work.WORKER == main.NAME
    assert senders.LANES == postgres.LANES_OF_DELIVERIES
    assert work.SILENT_SECONDS > 5 * main.SWEEP_SECONDS


def test_several_findings_are_as_bad_as_the_worst() -> None:
    found = [Finding("ok", "a"), Finding("fail", "b", "do"), Finding("warn", "c", "wait")]
    assert together(found) == Finding("fail", "a; b; c", "do")


@pytest.mark.parametrize(("free", "status"), [(0, "fail"), (GB, "warn"), (5 * GB, "ok")])
def test_a_disk_should_have_some_room(free: int, status: str) -> None:
    assert says(machine.judge_disk(free, Path("/data")), status, f"{free / GB:.1f} GB are free where /data is")


@pytest.mark.parametrize(("available", "status"), [(10**7, "fail"), (2 * 10**8, "warn"), (GB, "ok")])
def test_there_should_be_memory(available: int, status: str) -> None:
    assert says(machine.judge_memory(available), status, "GB are available")
    assert machine.available_memory(f"MemTotal:  9 kB\nMemAvailable:   {available} kB\n") == available * 1024


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (Answer(200, {"status": "ok"}), "ok", "ready at http://x"),
        (Answer(200, {"status": "degraded", "redis": "away"}), "warn", "redis away"),
        (Answer(503, {"postgres": "away", "migrations": None}), "fail", "postgres away, redis unknown"),
        (Answer(404, {}), "fail", "says 404"),
    ],
)
def test_the_api_says_what_it_lacks(answer: Answer, status: str, said: str) -> None:
    assert says(machine.judge_api("http://x", answer), status, said)


def test_names_in_dot_env_that_nobody_reads_are_told_with_the_one_that_was_meant() -> None:
    known = ("PORT", "DB_NAME", "REDIS_URL", "PYTHON", "COMPOSE_PROJECT_NAME")
    assert list(configuration.unread([*known, "DB_POLL_MAX", "QQQQ"])) == [
        "DB_POLL_MAX, which nobody reads (is DB_POOL_MAX meant?)",
        "QQQQ, which nobody reads",
    ]


@pytest.mark.parametrize(
    ("changed", "is_standby", "status", "said"),
    [
        ({}, False, "ok", "PostgreSQL 18.4, database x"),
        ({"server_version": "17.6", "server_version_num": "170006"}, False, "fail", "PostgreSQL 17.6 is too old"),
        ({}, True, "fail", "a standby"),
    ],
)
def test_postgres_is_new_enough_and_takes_changes(
    changed: dict[str, str], is_standby: bool, status: str, said: str
) -> None:
    assert says(postgres.judge_server(POSTGRES | changed, "database x", is_standby=is_standby), status, said)


@pytest.mark.parametrize(
    ("changed", "is_production", "status", "said"),
    [
        ({}, True, "ok", "fsync"),
        ({"fsync": "off"}, False, "warn", "fsync is off: what was committed may be lost"),
        ({"fsync": "off", "synchronous_commit": "off"}, True, "fail", "synchronous_commit is off"),
        ({"synchronous_commit": "remote_apply"}, True, "ok", ""),
        ({"server_encoding": "SQL_ASCII"}, False, "fail", "SQL_ASCII"),
        ({"autovacuum": "off"}, False, "warn", "autovacuum does not run"),
    ],
)
def test_postgres_is_set_so_that_nothing_is_lost(
    changed: dict[str, str], is_production: bool, status: str, said: str
) -> None:
    assert says(postgres.judge_configuration(POSTGRES | changed, is_production=is_production), status, said)


@pytest.mark.parametrize(("pool", "used", "status"), [("10", 12, "ok"), ("10", 90, "warn"), ("60", 12, "fail")])
def test_connections_are_enough_for_an_api_and_a_worker(pool: str, used: int, status: str) -> None:
    found = postgres.judge_connections(POSTGRES, used, load_settings(SERVERS | {"DB_POOL_MAX": pool}))
    assert says(found, status, f"{used} of 97 connections are in use")


@pytest.mark.parametrize(
    ("revision", "status", "said"),
    [("0022", "ok", "the newest"), ("0021", "fail", "at 0021"), (None, "fail", "no schema"), ("0023", "warn", "0023")],
)
def test_the_schema_is_the_one_of_this_code(revision: str | None, status: str, said: str) -> None:
    assert says(postgres.judge_migrations(revision, "0022"), status, said)


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({}, "ok", "Redis 8.2.1"),
        ({"redis_version": "6.0.16"}, "fail", "too old"),
        ({"role": "slave"}, "fail", "replica"),
    ],
)
def test_redis_is_new_enough_and_takes_changes(changed: dict[str, Any], status: str, said: str) -> None:
    assert says(redis.judge_server(REDIS | changed), status, said)


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({}, "ok", "1.0 MB used of no limit, noeviction"),
        ({"maxmemory_policy": "allkeys-lru"}, "warn", "allkeys-lru"),
        ({"maxmemory": 10**6}, "warn", "of 1 MB"),
    ],
)
def test_redis_has_room_and_evicts_nothing(changed: dict[str, Any], status: str, said: str) -> None:
    assert says(redis.judge_memory(REDIS | changed), status, said)


@pytest.mark.parametrize(
    ("info", "saves", "status"),
    [
        ({"aof_enabled": 1}, False, "ok"),
        ({"aof_enabled": 0}, True, "ok"),
        ({"aof_enabled": 0}, False, "warn"),
        ({"aof_enabled": 1, "aof_last_write_status": "err"}, False, "fail"),
    ],
)
def test_redis_keeps_what_it_has(info: dict[str, Any], saves: bool, status: str) -> None:
    assert says(redis.judge_persistence(info, saves=saves), status, "")


@pytest.mark.parametrize(
    ("seconds", "status", "said"), [(0.2, "ok", "the same"), (-3.0, "warn", "3.0 s behind"), (60.0, "fail", "ahead")]
)
def test_clocks_agree(seconds: float, status: str, said: str) -> None:
    assert says(clock.judge({"Redis": 0.0, "Postgres": seconds}), status, said)


@pytest.mark.parametrize(
    ("queued", "oldest", "stalled", "status", "said"),
    [
        (0, 0, 0, "ok", "0 queued; 1 running"),
        (2, 5, 0, "ok", "the oldest for 5 s"),
        (2, 61, 0, "warn", "the oldest for 61 s"),
        (2, 601, 0, "fail", "the oldest for 601 s"),
        (0, 0, 1, "warn", "1 running without a change for 15 minutes"),
    ],
)
def test_nothing_waits_for_long(queued: int, oldest: float, stalled: int, status: str, said: str) -> None:
    assert says(work.judge_queue(queued, oldest, 1, stalled, 0), status, said)


@pytest.mark.parametrize(
    ("connections", "silent", "status", "said"),
    [(0, None, "fail", "no worker"), (5, 0.4, "ok", "last asked 0.4 s ago"), (5, 20, "fail", "20.0 s ago")],
)
def test_workers_ask_for_work(connections: int, silent: float | None, status: str, said: str) -> None:
    assert says(work.judge_workers(connections, 2, silent), status, said)


@pytest.mark.parametrize(
    ("lag", "listeners", "unplanned", "status", "said"),
    [
        (0.001, 2, 0, "ok", "in 1.0 ms, to 2 API processes"),
        (0.3, 2, 0, "warn", "300.0 ms"),
        (0.001, 0, 0, "warn", "to 0 API"),
        (0.001, 1, 61, "warn", "wait for 61 s"),
        (0.001, 1, 601, "fail", "wait for 601 s"),
        (None, 1, 0, "fail", "did not bring a message"),
    ],
)
def test_news_travels_fast(lag: float | None, listeners: int, unplanned: float, status: str, said: str) -> None:
    assert says(work.judge_feed(lag, listeners, unplanned), status, said)


@pytest.mark.parametrize(
    ("dead", "share", "open_seconds", "age", "status", "said"),
    [
        (99_999, 0.9, 0, 0, "ok", "99,999 dead rows"),
        (100_000, 0.19, 0, 0, "ok", "100,000 dead rows"),
        (100_000, 0.25, 0, 0, "warn", "jobs has 100,000 dead rows, 25%"),
        (0, 0, 601, 0, "warn", "open for 10 minutes"),
        (0, 0, 0, 1_000_000_000, "warn", "1,000,000,000 transactions"),
        (0, 0, 0, 1_900_000_000, "fail", "1,900,000,000 transactions"),
    ],
)
def test_tables_are_vacuumed(dead: int, share: float, open_seconds: float, age: int, status: str, said: str) -> None:
    found = storage.judge_tables([row(relname="jobs", dead=dead, share=share)], open_seconds, age)
    assert says(found, status, said)


@pytest.mark.parametrize(
    ("is_valid", "size", "wasted", "status", "said"),
    [
        (True, 10**9, -5, "ok", "1000 MB"),
        (True, 15 * 10**7, 99 * 10**6, "ok", ""),
        (True, 15 * 10**7, 10**8, "warn", "ix takes 150 MB, 100 too many"),
        (True, 10**9, 10**8, "ok", ""),
        (False, 1, 0, "fail", "ix: not valid"),
    ],
)
def test_indexes_are_valid_and_as_large_as_they_have_to_be(
    is_valid: bool, size: int, wasted: int, status: str, said: str
) -> None:
    found = storage.judge_indexes([row(relname="ix", is_valid=is_valid, bytes=size, wasted=wasted)])
    assert says(found, status, said)


@pytest.mark.parametrize(
    ("missing", "overdue", "strays", "status", "said"),
    [
        ([], {}, False, "ok", "job_items has 4 months"),
        ([], {}, True, "ok", "some rows are of no month"),
        (["2026-12", "2027-01"], {}, False, "warn", "no partition for 2026-12, 2027-01"),
        ([], {"job_items_2026_05": "job x, which is paused"}, False, "warn", "kept by job x, which is paused"),
    ],
)
def test_months_are_made_in_time_and_dropped(
    missing: list[str], overdue: dict[str, str], strays: bool, status: str, said: str
) -> None:
    assert says(months.judge_months(months.Months("job_items", 4, missing, overdue, strays)), status, said)


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (checks.Answer("ready", 250), "ok", "takes SMTP_URL"),
        (checks.Answer("refuses", 535), "fail", "refuses SMTP_URL (535)"),
        (checks.Answer("unreachable", None), "warn", "cannot be asked (no answer)"),
    ],
)
def test_a_provider_that_refuses_a_key_is_named_with_its_setting(answer: checks.Answer, status: str, said: str) -> None:
    provider = Smtp("smtp://desk:secret@mail.example.com", "desk@example.com")
    found = providers.judge(provider, answer)
    assert says(found, status, said)
    assert "secret" not in str(found)


def test_the_newest_backup_should_not_be_old(tmp_path: Path) -> None:
    now = 100 * DAY
    assert backups.look(tmp_path / "none", now).status == "ok"
    assert "./manage.sh backup" in backups.look(tmp_path, now).todo
    for name, days in (("old.tar", 30), ("new.tar", 8), ("part.tar.part", 0)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (now - days * DAY,) * 2)
    assert says(backups.look(tmp_path, now), "warn", "new.tar, the newest, is 8 days old")
    os.utime(tmp_path / "old.tar", (now - 60,) * 2)
    assert says(backups.look(tmp_path, now), "ok", "old.tar is of today")
