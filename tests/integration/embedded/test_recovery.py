import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.embedded import account, layout
from tests.integration.embedded import probes
from tests.support import embedded
from tests.support.embedded import running, started

OUTLIVED = """
import signal, sys
from pathlib import Path
from tests.support.embedded import running
with running(Path(sys.argv[1]), fsync=False) as both:
    print(*(child.pid for child in both), flush=True)
    signal.pause()
"""


def test_data_survives_a_restart(used_dir: Path) -> None:
    with running(used_dir), probes.cache(used_dir) as cache:
        assert probes.query(used_dir, "show fsync") == "on"
        probes.query(used_dir, "create table kept as select 42 as answer")
        cache.set("kept", "42")
    with running(used_dir), probes.cache(used_dir) as cache:
        assert probes.query(used_dir, "select answer from kept") == "42"
        assert cache.get("kept") == "42"


def test_a_killed_postmaster_starts_again_although_a_busy_backend_is_left(used_dir: Path) -> None:
    with running(used_dir, fsync=False) as both:
        probes.query(used_dir, "create table outlived as select 42 as answer")
        # A loop, because one that sleeps or waits notices the death by itself.
        with probes.querying(used_dir, "do $$ begin loop end loop; end $$"):
            orphan = _pid_of_the_busy_backend(used_dir)
            both.postgres.kill()
            both.postgres.wait()
            assert probes.lives(orphan)
            with started("postgres", used_dir, "--no-fsync", stop_signal=signal.SIGINT):
                probes.until(lambda: probes.answers(used_dir), "PostgreSQL answers again")
                assert not probes.lives(orphan)
                assert probes.query(used_dir, "select answer from outlived") == "42"


def test_a_killed_redis_starts_again_with_a_log_cut_short(used_dir: Path) -> None:
    with running(used_dir, fsync=False) as both, probes.cache(used_dir) as cache:
        cache.set("cut short", "42")
        both.redis.kill()
        both.redis.wait()
    log = layout.site(used_dir, "redis").data / "appendonly.aof"
    with log.open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$4\r\nha")
    with running(used_dir, fsync=False), probes.cache(used_dir) as cache:
        assert cache.get("cut short") == "42"


def test_no_server_outlives_a_killed_parent(used_dir: Path) -> None:
    command = [sys.executable, "-c", OUTLIVED, str(used_dir)]
    with subprocess.Popen(command, cwd=embedded.REPOSITORY, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        parent.kill()
    probes.until(lambda: not any(map(probes.lives, pids)), "the servers end")
    assert "database system is shut down" in layout.log_file(used_dir, "postgres").read_text()


def test_an_interrupted_initdb_heals(local_dir: Path) -> None:
    incoming = layout.site(local_dir, "postgres").data.with_name("incoming")
    with started("postgres", local_dir, stop_signal=signal.SIGKILL):
        probes.until((incoming / "global").exists, "initdb has begun")
    assert not layout.site(local_dir, "postgres").data.exists()
    with running(local_dir, fsync=False):
        assert probes.query(local_dir, "select 1") == "1"
        assert not incoming.exists()


@pytest.mark.parametrize("left", ["postmaster.pid", ".s.PGSQL.5432.lock"])
def test_a_pid_file_that_names_another_process_by_now_is_stale(used_dir: Path, left: str) -> None:
    site = layout.site(used_dir, "postgres")
    with started("postgres", used_dir, stop_signal=signal.SIGKILL):
        probes.until(lambda: probes.answers(used_dir), "PostgreSQL answers")
    file = (site.sockets if left.endswith(".lock") else site.data) / left
    # PostgreSQL shrugs at processes of other users and at its own ancestors, of which the test is one.
    with subprocess.Popen(["/bin/sleep", "60"], user=account.of_servers().uid) as bystander:
        file.write_text(file.read_text().replace(file.read_text().split()[0], str(bystander.pid), 1))
        try:
            with running(used_dir, fsync=False):
                assert probes.query(used_dir, "select 1") == "1"
        finally:
            bystander.kill()


def _pid_of_the_busy_backend(local_dir: Path) -> int:
    find = "select pid from pg_stat_activity where query like 'do %' and state = 'active'"
    probes.until(lambda: probes.query(local_dir, find), "the loop runs")
    return int(probes.query(local_dir, find))
