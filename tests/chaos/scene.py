"""A whole Bulkhead of its own for one scenario, with an admin, clients that watch, and a record of it all."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from random import Random
from signal import SIGKILL, Signals
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database
from app.accounts import tokens
from app.jobs.status import TERMINAL
from app.outages import is_unavailable
from app.settings import Settings
from tests.chaos import checker
from tests.chaos.admin import Admin
from tests.chaos.checker import Verdict
from tests.chaos.jobs import Jobs
from tests.chaos.record import Record
from tests.chaos.servers import Servers
from tests.chaos.viewer import Viewer
from tests.support import prepared
from tests.support.people import People, add_people, add_tickets
from tests.support.programs import Process
from tests.support.servers import settings_for
from tests.support.system import System
from tests.support.waiting import until

END_SECONDS = 10
PATIENCE_SECONDS = 60
RETRY_SECONDS = 0.1
LATER_SECONDS = 0.1
TOKEN_SECONDS = 86_400
CHUNK_SIZE, SLICE_SECONDS = 100, 0.2  # small, so that there are many to be interrupted
LANES = 3

T = TypeVar("T")


class Scene:
    """What a scenario works with."""

    def __init__(
        self,
        servers: Servers,
        settings: Settings,
        engine: AsyncEngine,
        people: People,
        local_dir: Path,
        variants: Sequence[str],
        patience_seconds: float,
    ) -> None:
        self.servers = servers
        self.settings = settings
        self.engine = engine
        self.people = people
        self.local_dir = local_dir
        self.system = System(
            settings,
            local_dir.parent,
            CHUNK_SIZE=str(CHUNK_SIZE),
            LANE_SLICE_SECONDS=str(SLICE_SECONDS),
            JOB_LANES=str(LANES),
            MAX_ACTIVE_JOBS="1000",
        )
        self._variants = variants
        self.patience_seconds = patience_seconds
        self._token = tokens.issue(people.admin.id, settings.jwt_secret, TOKEN_SECONDS)
        self._viewers: list[Viewer] = []
        self._beside = AsyncExitStack()
        self.record = Record()
        self.jobs = Jobs(engine, self.record, patience_seconds)
        self.admin = Admin(self.system.url, self._token, self.jobs, self.record, patience_seconds)

    # Processes

    async def beside(self, server: AbstractAsyncContextManager[T]) -> T:
        """Run a server that is there as long as the scene is."""
        return await self._beside.enter_async_context(server)

    async def reach(self, **urls: str) -> None:
        """Have all processes from now on, and the judge, find Postgres or Redis by other settings."""
        self.system.environ |= {name.upper(): url for name, url in urls.items()}
        self.settings = msgspec.structs.replace(self.settings, **urls)
        # Someone may be asking at this moment, and gives a connection back to where it came from.
        self._beside.push_async_callback(self.engine.dispose)
        self.engine = self.jobs.engine = _engine_of(self.settings)

    async def start(self, *, workers: int = 1) -> list[Process]:
        """Start an API with two clients that watch it, and workers; return these."""
        await self.start_api()
        await self.watch(2)
        return [self.start_worker() for _ in range(workers)]

    async def watch(self, viewers: int) -> None:
        """Have so many clients watch, who come back for as long as the scene lasts."""
        for _ in range(viewers):
            viewer = Viewer(self.system.url, self.people.admin.id, self._token)
            await viewer.open()
            self._viewers.append(viewer)

    async def start_api(self, *, die: str | None = None, port: int | None = None, **environ: str) -> Process:
        """Start an API, in place of one that has ended, or at another port; `die` is as in faulty.py."""
        port = port or self.system.port
        api = self._start("app", {"--die": die}, PORT=str(port), **environ)
        self.api = await self.system.is_up(api, port)
        return self.api

    def start_worker(self, *, die: str | None = None, freeze: str | None = None, **environ: str) -> Process:
        return self._start("worker", {"--die": die, "--freeze": freeze}, **environ)

    def _start(self, program: str, faults: dict[str, str | None], **environ: str) -> Process:
        options = [argument for variant in self._variants for argument in ("--variant", variant)]
        options += [argument for fault, moment in faults.items() if moment for argument in (fault, moment)]
        is_other_code = "PYTHONPATH" in environ  # which has no faults that we know of
        if is_other_code or not options:
            return self.system.start({"app": "app", "worker": "worker.main"}[program], **environ)
        return self.system.start("tests.chaos.faulty", program, *options, **environ)

    async def kill(self, process: Process, how: Signals = SIGKILL) -> bool:
        """End a process; whether that hit a job at work."""
        process.send_signal(how)
        await self.ends(process)
        return await self.jobs.struck()

    async def dies(self, process: Process) -> None:
        """Wait for a process that is to kill itself at a fault point, once it is up: it cannot miss."""
        await self.ends(process, PATIENCE_SECONDS)
        if process.returncode == -SIGKILL:
            self.record.hits += 1
        else:
            self.record.broken.append(f"a process ended with {process.returncode} before it came to its fault point")

    async def freezes(self, process: Process) -> None:
        """Wait for a process that is to stop itself at a fault point."""
        states = os.WSTOPPED | os.WNOHANG | os.WNOWAIT
        await until(lambda: os.waitid(os.P_PID, process.pid, states), seconds=PATIENCE_SECONDS)
        await self.jobs.struck()

    async def ends(self, process: Process, seconds: float = END_SECONDS) -> None:
        """Wait for a process that has been told to end, or that ends itself."""
        await asyncio.to_thread(process.wait, seconds)

    async def lasts(self, seconds: float) -> None:
        """Let a fault last."""
        await asyncio.sleep(seconds)

    async def close(self) -> None:
        for viewer in self._viewers:
            await viewer.close()
        await self.admin.close()
        await asyncio.to_thread(self.system.stop)
        await self.engine.dispose()
        await self._beside.aclose()

    # Work

    async def add_tickets(self, count: int) -> list[UUID]:
        """Add tickets, and try again while the database is away."""
        while True:
            try:
                ids = await add_tickets(self.engine, self.people.requester, count)
            except Exception as error:
                if not is_unavailable(error):
                    raise
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self.record.tickets += ids
                return ids

    async def delete(self, count: int, **how: Any) -> UUID:
        """Post a job that deletes so many tickets of its own."""
        return await self.admin.post("bulk-delete", await self.add_tickets(count), **how)

    # The end

    async def is_quiet(self) -> None:
        """Wait until all jobs have ended and all clients know, but not for ever: the judge says what is not so."""
        with contextlib.suppress(TimeoutError):
            await until(self._is_quiet, seconds=self.patience_seconds, every=LATER_SECONDS)

    async def _is_quiet(self) -> bool:
        jobs = list(self.record.jobs)
        rows = await self.jobs.rows("select id, status from jobs where id = any(:jobs)", jobs=jobs)
        return all(
            row.status in TERMINAL and all(viewer.newest.get(row.id) == row.status for viewer in self._viewers)
            for row in rows
        )

    async def judged(self) -> Verdict:
        """Judge what was done and what was told."""
        return await checker.judge(self.engine, self.record, [viewer.lines for viewer in self._viewers])


@contextlib.asynccontextmanager
async def opened(
    local_dir: Path, password_hash: str, variants: Sequence[str] = (), patience_seconds: float = PATIENCE_SECONDS
) -> AsyncIterator[Scene]:
    """Start servers in a folder, which everyone may enter, and a scene on them; nothing else runs yet."""
    await asyncio.to_thread(prepared.copy_to, local_dir)
    async with Servers(local_dir) as servers:
        settings = settings_for(servers.database_url, servers.redis_url)
        engine = _engine_of(settings)
        people = await add_people(engine, password_hash)
        scene = Scene(servers, settings, engine, people, local_dir, variants, patience_seconds)
        try:
            yield scene
        finally:
            await scene.close()


def _engine_of(settings: Settings) -> AsyncEngine:
    """Return an engine for the judge, who may think about what was read for longer than a process of ours may."""
    return database.create_engine(settings, application_name="chaos", idle_seconds=PATIENCE_SECONDS)


async def connected(scene: Scene) -> asyncpg.Connection:
    """Return a connection of its own, for what only someone else can do to the database."""
    return await asyncpg.connect(scene.settings.database_url)


def large(scale: int) -> int:
    """Return how many items a job has that is hit again and again."""
    return 10_000 if scale == 1 else 20_000 * scale


def moments(random: Random, total: int, count: int) -> list[int]:
    """Return so many different counts of processed items at which to strike, in order."""
    return sorted(random.sample(range(1, total), count))
