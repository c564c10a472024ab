"""Postgres and Redis that can be ended in any way, and started again on the same data."""

import shutil
from contextlib import ExitStack
from pathlib import Path
from signal import Signals
from types import TracebackType
from typing import Self

from app.embedded import binaries, layout, postgres, readiness, redis
from tests.support import embedded
from tests.support.waiting import until

END_SECONDS = 30


class Server:
    def __init__(self, name: str, local_dir: Path) -> None:
        self._name = name
        self._local_dir = local_dir
        self._stack = ExitStack()
        self._is_ready = {"postgres": readiness.postgres_ready, "redis": readiness.redis_ready}[name]
        self._stop_signal = {"postgres": postgres.STOP_SIGNAL, "redis": redis.STOP_SIGNAL}[name]
        self._start()

    def send(self, how: Signals) -> None:
        self._process.send_signal(how)

    def end(self, how: Signals) -> None:
        """Send a signal and wait for the end."""
        self.send(how)
        self._process.wait(END_SECONDS)

    def forget(self) -> None:
        """Delete what a server that has ended stored."""
        shutil.rmtree(layout.site(self._local_dir, self._name).data)

    async def start(self) -> None:
        """Start it on what it left, and wait until it answers."""
        self._stack.close()
        self._start()
        await self.answers()

    async def revive(self) -> None:
        """Start it again if it gave up, and wait until it answers."""
        if self._process.poll() is not None:
            await self.start()
        await self.answers()

    async def answers(self) -> None:
        await until(lambda: self._is_ready(self._local_dir), seconds=END_SECONDS)

    def close(self) -> None:
        self._stack.close()

    def _start(self) -> None:
        self._process = self._stack.enter_context(
            embedded.started(self._name, self._local_dir, stop_signal=self._stop_signal)
        )


class Servers:
    """Both, with fsync on."""

    def __init__(self, local_dir: Path) -> None:
        binaries.ensure(local_dir)
        self.database_url = layout.database_url(local_dir)
        self.redis_url = layout.redis_url(local_dir)
        self.postgres_socket = layout.site(local_dir, "postgres").postgres_socket
        self.postgres = Server("postgres", local_dir)
        self.redis = Server("redis", local_dir)

    async def __aenter__(self) -> Self:
        await self.postgres.answers()
        await self.redis.answers()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.redis.close()
        self.postgres.close()
