"""A streaming replica of an embedded Postgres: a copy of its data that goes on with what the primary logs."""

import asyncio
import contextlib
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from signal import Signals
from uuid import uuid4

import asyncpg

from app.embedded import account, folders, layout, postgres, readiness
from tests.support import embedded
from tests.support.waiting import until

LEFT_OUT = ("postmaster.pid", "./pg_wal/*", "./pg_replslot/*")
CHANGED_MEANWHILE = 1  # tar says so of files that grew or went while it read them, as a server's may


class Replica:
    """Stops and starts like any server, falls behind when asked to, and takes the primary's place when promoted."""

    def __init__(self, primary_url: str, local_dir: Path, *, fsync: bool) -> None:
        self.local_dir = local_dir
        self.database_url = layout.database_url(local_dir)
        self._primary_url = primary_url
        self._flags = [] if fsync else ["--no-fsync"]
        self._stack = ExitStack()

    def database(self, name: str) -> str:
        return self.database_url.replace("/bulkhead?", f"/{name}?")

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    async def start(self) -> None:
        """Start it on what it left, and wait until it can be read."""
        child = self._stack.enter_context(
            embedded.started("postgres", self.local_dir, *self._flags, stop_signal=postgres.STOP_SIGNAL)
        )
        self._process = child
        await until(lambda: readiness.postgres_ready(self.local_dir) or child.poll() is not None)
        embedded.await_answer("postgres", self.local_dir, child, timeout_seconds=0)

    def stop(self, how: Signals = postgres.STOP_SIGNAL) -> None:
        """Send a signal and wait for the end."""
        self._process.send_signal(how)
        self._stack.close()

    async def pause(self) -> None:
        """Take what the primary sends, and apply none of it."""
        await self._ask("select pg_wal_replay_pause()")
        await until(lambda: self._ask("select pg_get_wal_replay_pause_state() = 'paused'"))

    async def resume(self) -> None:
        await self._ask("select pg_wal_replay_resume()")

    async def delay(self, milliseconds: int) -> None:
        """Apply each commit so long after it was made; 0 for at once."""
        await self._ask(f"alter system set recovery_min_apply_delay = {milliseconds}")
        await self._ask("select pg_reload_conf()")

    async def follow(self, another: "Replica") -> None:
        """Go on with what another replica has."""
        await self._ask(f"alter system set primary_conninfo = '{another.database_url}'")
        await self._ask("alter system set primary_slot_name = ''")
        await self._ask("select pg_reload_conf()")
        has_no_slot = "select status = 'streaming' and slot_name is null from pg_stat_wal_receiver"
        await until(lambda: self._ask(has_no_slot))

    async def catches_up(self) -> None:
        """Wait until it has applied what the primary has committed by now."""
        position = await _ask(self._primary_url, "select pg_current_wal_insert_lsn()::text")
        await until(lambda: self._ask(f"select pg_last_wal_replay_lsn() >= '{position}'"))

    async def promote(self) -> None:
        """Make it a primary, and wait until it takes writes."""
        await self._ask("select pg_promote()")
        await until(lambda: self._ask("select not pg_is_in_recovery()"))

    async def _ask(self, statement: str) -> object:
        return await _ask(self.database_url, statement)


@contextlib.asynccontextmanager
async def following(primary_url: str, *, fsync: bool = False) -> AsyncIterator[Replica]:
    """Run a replica of a primary on this machine, which may be at work meanwhile; needs a superuser's URL."""
    with tempfile.TemporaryDirectory(prefix="bulkhead-replica-") as folder:
        local_dir = Path(folder)
        slot = await copy_to(local_dir, primary_url)
        replica = Replica(primary_url, local_dir, fsync=fsync)
        try:
            await replica.start()
            yield replica
        finally:
            replica.stop()
            with contextlib.suppress(OSError, asyncpg.PostgresError):  # the primary may be gone
                await _ask(primary_url, f"select pg_drop_replication_slot('{slot}')")


async def copy_to(local_dir: Path, primary_url: str) -> str:
    """Make a folder that a replica can be started in, as any embedded Postgres; return its slot on the primary."""
    slot = f"replica_{uuid4().hex}"
    async with _connected(primary_url) as connection:
        await connection.execute(f"select pg_create_physical_replication_slot('{slot}', true)")
        source = Path(await connection.fetchval("select current_setting('data_directory')"))
        await connection.execute("select pg_backup_start('replica', fast => true)")
        data = await asyncio.to_thread(_copied, source, local_dir)
        label = await connection.fetchval("select labelfile from pg_backup_stop(wait_for_archive => false)")
    follow = f"primary_conninfo = '{primary_url}'\nprimary_slot_name = '{slot}'\n"
    _write(data / "backup_label", label)
    _write(data / "standby.signal", "")
    _write(data / "postgresql.auto.conf", follow)
    return slot


def _copied(source: Path, local_dir: Path) -> Path:
    local_dir.chmod(0o755)  # the server's own user must get in
    data, owner = layout.site(local_dir, "postgres").data, account.of_servers()
    folders.own(data.parent, owner)
    folders.own(data, owner)
    pack = ["tar", "--create", "--directory", str(source), *(f"--exclude={left_out}" for left_out in LEFT_OUT), "."]
    with subprocess.Popen(pack, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as packing:
        unpack = ["tar", "--extract", "--preserve-permissions", "--directory", str(data)]
        subprocess.run(unpack, stdin=packing.stdout, check=True)
    if packing.returncode not in {0, CHANGED_MEANWHILE}:
        raise OSError(f"tar ended with {packing.returncode}")
    return data


def _write(file: Path, text: str) -> None:
    file.write_text(text)
    os.chown(file, *account.of_servers())


async def _ask(database_url: str, statement: str) -> object:
    async with _connected(database_url) as connection:
        return await connection.fetchval(statement)


@contextlib.asynccontextmanager
async def _connected(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url, database="postgres")  # others are copied, and dropped
    try:
        yield connection
    finally:
        await connection.close()
