import os
from configparser import RawConfigParser

import pytest

from app.cli.local import launch, programs


def parsed(*servers: str, workers: int = 1, api_processes: int | None = None) -> RawConfigParser:
    parser = RawConfigParser(inline_comment_prefixes=(";", "#"))
    parser.read_string(
        programs.config(programs.wanted(servers, workers), "python", "http://127.0.0.1:3001", api_processes)
    )
    return parser


def test_only_the_servers_that_are_ours_are_programs() -> None:
    assert [name for name in parsed().sections() if name.startswith("program:")] == ["program:api", "program:worker"]
    assert "program:redis" in parsed("redis").sections()
    assert "program:postgres" in parsed("postgres", "redis").sections()


def test_what_dies_is_started_again_for_ever_but_not_before_its_turn() -> None:
    for program in programs.ALL:
        section = parsed("postgres", "redis")[f"program:{program.name}"]
        assert section["autorestart"] == "true"
        assert section["autostart"] == "false"
        assert int(section["startretries"]) > 10**9


def test_servers_stop_after_those_who_use_them() -> None:
    assert max(server.priority for server in programs.SERVERS) < min(ours.priority for ours in programs.OURS)


def test_postgres_is_stopped_by_its_fast_signal_and_the_worker_may_end_its_chunk() -> None:
    parser = parsed("postgres")
    assert parser["program:postgres"]["stopsignal"] == "INT"
    assert parser["program:worker"]["stopsignal"] == "TERM"
    assert int(parser["program:worker"]["stopwaitsecs"]) > 10


def test_more_workers_are_programs_of_their_own_and_run_the_same() -> None:
    parser = parsed(workers=3)
    assert [name for name in parser.sections() if "worker" in name] == [
        f"program:worker{end}" for end in ("", "-2", "-3")
    ]
    assert parser["program:worker-3"]["stopwaitsecs"] == parser["program:worker"]["stopwaitsecs"]
    assert programs.find("worker-3") is programs.WORKER


def test_the_api_is_told_its_number_of_processes_if_one_was_asked_for() -> None:
    assert parsed(api_processes=3)["program:api"]["environment"] == 'API_PROCESSES="3"'
    assert "environment" not in parsed()["program:api"]
    assert "environment" not in parsed(api_processes=3)["program:worker"]


def test_servers_are_told_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*programs.SECRETS, "LOCAL_DIR"):
        monkeypatch.setenv(name, "told")
    launch.forget_secrets()
    assert [name for name, value in os.environ.items() if value == "told"] == ["LOCAL_DIR"]
