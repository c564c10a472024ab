import stat
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from arq.connections import RedisSettings, create_pool
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.embedded import account, layout, readiness
from app.embedded.errors import EmbeddedError
from tests.integration.embedded import probes
from tests.support import embedded
from tests.support.embedded import Running

pytestmark = pytest.mark.usefixtures("servers")


async def test_asyncpg_finds_postgres_18_with_the_database_and_its_owner(served_dir: Path) -> None:
    connection = await asyncpg.connect(layout.database_url(served_dir))
    row = await connection.fetchrow(
        "select pg_get_userbyid(datdba) as owner, datlocprovider, datlocale, pg_encoding_to_char(encoding) as encoding,"
        " current_setting('server_version_num')::int / 10000 as version"
        " from pg_database where datname = current_database() and datname = 'bulkhead'"
    )
    await connection.close()
    assert tuple(row or ()) == ("bulkhead", b"b", "C.UTF-8", "UTF8", 18)


async def test_sqlalchemy_reads_the_url_whatever_the_environment_says(
    served_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    engine = create_async_engine(layout.database_url(served_dir).replace("postgresql", "postgresql+asyncpg"))
    async with engine.connect() as connection:
        assert await connection.scalar(text("select 1")) == 1
    await engine.dispose()


def test_libpq_reads_the_url(served_dir: Path) -> None:
    assert probes.query(served_dir, "select current_user") == "bulkhead"


async def test_arq_reads_the_redis_url(served_dir: Path) -> None:
    pool = await create_pool(RedisSettings.from_dsn(layout.redis_url(served_dir)))
    assert await pool.ping()
    await pool.aclose()


def test_sockets_are_in_a_private_folder_of_the_servers_user(served_dir: Path) -> None:
    folder = layout.socket_folder(served_dir).stat()
    assert (stat.S_IMODE(folder.st_mode), folder.st_uid) == (0o700, account.of_servers().uid)


def test_nothing_listens_on_tcp(served_dir: Path) -> None:
    assert probes.query(served_dir, "show listen_addresses") == ""
    with probes.cache(served_dir) as cache:
        assert cache.config_get("port") == {"port": "0"}


def test_the_process_started_is_the_server_and_not_root(servers: Running) -> None:
    for child, program in zip(servers, ("postgres", "redis-server"), strict=True):
        assert Path(f"/proc/{child.pid}/comm").read_text().strip() == program
        assert Path(f"/proc/{child.pid}").stat().st_uid == account.of_servers().uid != 0


@pytest.mark.parametrize("server", ["postgres", "redis"])
def test_a_second_server_is_refused_in_one_line_with_the_pid_of_the_first(
    server: str, served_dir: Path, servers: Running
) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "app.embedded", server, "--local-dir", served_dir],
        cwd=embedded.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    first = getattr(servers, server).pid
    data = layout.site(served_dir, server).data
    assert (second.returncode, second.stderr) == (1, f"{server}: process {first} serves {data} already\n")


def test_what_the_log_says_is_in_the_error_when_a_server_is_not_ready(tmp_path: Path) -> None:
    log = layout.log_file(tmp_path, "postgres")
    log.parent.mkdir()
    log.write_text("FATAL: the disk is full\n")
    with subprocess.Popen(["/bin/false"]) as child, pytest.raises(EmbeddedError, match="the disk is full"):
        embedded.await_answer("postgres", tmp_path, child)


def test_a_file_left_by_a_killed_server_is_not_readiness(served_dir: Path, local_dir: Path) -> None:
    left, real = layout.site(local_dir, "postgres"), layout.site(served_dir, "postgres")
    left.data.mkdir(parents=True)
    (left.data / "postmaster.pid").write_text((real.data / "postmaster.pid").read_text())
    assert readiness.postgres_ready(served_dir)
    assert not readiness.postgres_ready(local_dir)
