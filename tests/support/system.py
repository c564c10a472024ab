import os
import signal
import socket
import subprocess
from pathlib import Path

import httpx

from app.settings import Settings
from tests.support import programs
from tests.support.http import http_client
from tests.support.programs import Process
from tests.support.servers import REPOSITORY
from tests.support.waiting import until

STOP_SECONDS = 10


class System:
    """The API and its workers as processes of their own, as in production."""

    def __init__(self, settings: Settings, folder: Path, **environ: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self.environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPOSITORY),
            "APP_ENV": "test",
            "PORT": str(self.port),
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": settings.redis_url,
            "JWT_SECRET": settings.jwt_secret,
            **environ,
        }
        self._processes: list[Process] = []

    async def start_api(self) -> Process:
        return await self.is_up(self.start("app"))

    def kill_api(self) -> None:
        """Kill the first API that was started, and wait until it is dead."""
        [api, *_] = self._processes
        api.kill()
        api.wait()

    def start_worker(self) -> Process:
        return self.start("worker.main")

    async def is_up(self, api: Process, port: int | None = None) -> Process:
        """Wait until the API answers, at another port if it was given one."""
        async with http_client(f"http://127.0.0.1:{port or self.port}") as client:
            await until(lambda: _is_healthy(client, api), seconds=30)
        return api

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
            process.send_signal(signal.SIGCONT)  # one that a test stopped would not hear it
        for process in self._processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise

    def log(self, process: Process) -> str:
        return (self._folder / f"{self._processes.index(process)}.log").read_text()

    def start(self, module: str, *arguments: str, **environ: str) -> Process:
        """Start a process of this repository, with more in its environment than the others have."""
        with (self._folder / f"{len(self._processes)}.log").open("wb") as log:
            process = programs.start(
                module,
                *arguments,
                folder=self._folder,  # away from any .env
                environ=self.environ | environ,
                log=log,
            )
        self._processes.append(process)
        return process


def resident_bytes(pid: int) -> int:
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * 4096


async def _is_healthy(client: httpx.AsyncClient, api: Process) -> bool:
    assert api.poll() is None, "the API has ended"
    try:
        return (await client.get("/api/health")).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
