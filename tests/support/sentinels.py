"""Two Redis servers, one of which follows the other, and three Sentinels that put it in the other's place."""

import contextlib
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from signal import SIGCONT, SIGSTOP, SIGTERM, Signals
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.support.system import free_port
from tests.support.waiting import until

MASTER: Final = "bulkhead"
SENTINELS: Final = 3
GONE_MILLISECONDS: Final = 500  # without an answer for so long
STOP_SECONDS: Final = 10
WATCHES: Final = f"""
sentinel monitor {MASTER} 127.0.0.1 {{master}} 2
sentinel down-after-milliseconds {MASTER} {GONE_MILLISECONDS}
sentinel failover-timeout {MASTER} 3000
"""


class Watched:
    """`url` is what REDIS_URL says of all of them."""

    def __init__(self, folder: Path, redis_server: Path) -> None:
        self._folder = folder
        self._redis_server = redis_server
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self.servers = [free_port(), free_port()]
        self._sentinels = [free_port() for _ in range(SENTINELS)]
        places = ",".join(f"127.0.0.1:{port}" for port in self._sentinels)
        self.url = f"redis+sentinel://{places}/{MASTER}"

    async def start(self) -> None:
        """Start all, and wait until each Sentinel knows both servers and the other two."""
        master, replica = self.servers
        self._start_server(master)
        self._start_server(replica, "--replicaof", "127.0.0.1", str(master))
        await until(lambda: self._follows(replica))
        for port in self._sentinels:
            file = self._folder / f"{port}.conf"
            file.write_text(WATCHES.format(master=master))
            self._start(port, str(file), "--sentinel")
        for port in self._sentinels:
            await until(lambda port=port: self._knows_all(port))  # type: ignore[misc]

    def end(self, port: int, how: Signals) -> None:
        """Send a server a signal and wait for the end."""
        self._running[port].send_signal(how)
        self._running[port].wait(STOP_SECONDS)

    def freeze(self, port: int) -> None:
        """Have a server stand still, and keep its connections, until all end."""
        self._running[port].send_signal(SIGSTOP)

    async def master(self) -> int:
        """Return the port of the server that is the master, as the first Sentinel has it."""
        async with Redis(port=self._sentinels[0]) as sentinel:
            _, port = await sentinel.sentinel_get_master_addr_by_name(MASTER)  # type: ignore[no-untyped-call]
        return int(port)

    def come_back(self, port: int) -> None:
        """Start a server again that has ended, as the master that it was."""
        self._start_server(port)

    async def is_replica(self, port: int) -> bool:
        with contextlib.suppress(RedisError):
            async with Redis(port=port) as redis:
                return bool((await redis.info("replication"))["role"] == "slave")
        return False

    def close(self) -> None:
        for process in self._running.values():
            process.send_signal(SIGTERM)
            process.send_signal(SIGCONT)
        for process in self._running.values():
            process.wait(STOP_SECONDS)

    def _start_server(self, port: int, *options: str) -> None:
        self._start(port, "--save", "", "--repl-diskless-sync-delay", "0", *options)

    def _start(self, port: int, *options: str) -> None:
        with (self._folder / f"{port}.log").open("wb") as log:
            self._running[port] = subprocess.Popen(
                [self._redis_server, *options, "--port", str(port), "--bind", "127.0.0.1"],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    async def _follows(self, port: int) -> bool:
        with contextlib.suppress(RedisError):
            async with Redis(port=port) as redis:
                return bool((await redis.info("replication")).get("master_link_status") == "up")
        return False

    async def _knows_all(self, port: int) -> bool:
        with contextlib.suppress(RedisError):
            async with Redis(port=port) as sentinel:
                [state] = (await sentinel.sentinel_masters()).values()  # type: ignore[no-untyped-call]
                return (state["num-slaves"], state["num-other-sentinels"]) == (1, SENTINELS - 1)
        return False


@contextlib.asynccontextmanager
async def watching(redis_server: Path) -> AsyncIterator[Watched]:
    """Run them all by one program, which is a Redis or takes its place."""
    with tempfile.TemporaryDirectory(prefix="bulkhead-sentinels-") as name:
        watched = Watched(Path(name), redis_server)
        try:
            await watched.start()
            yield watched
        finally:
            watched.close()
