"""A whole Bulkhead of its own for one scenario: servers, processes, clients that watch, and a record of it all."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from random import Random
from signal import SIGKILL, Signals
from subprocess import Popen
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database
from app.accounts import tokens
from app.jobs.status import TERMINAL
from app.outages import is_unavailable
from app.settings import Settings
from tests.chaos import checker
from tests.chaos.checker import Record, Verdict
from tests.chaos.servers import Servers
from tests.chaos.viewer import Viewer
from tests.support.people import People, add_people, add_tickets
from tests.support.servers import migrate, settings_for
from tests.support.system import System
from tests.support.waiting import until

ANSWER_SECONDS = 10  # no answer may take longer, whatever is away
QUIET_SECONDS = 60
IMPATIENT_SECONDS = 5  # where something is to go wrong
RETRY_SECONDS = 0.1
TOKEN_SECONDS = 86_400
CHUNK_SIZE, SLICE_SECONDS = 100, 0.2  # small, so that there are many to be interrupted
LANES = 3

Process = Popen[bytes]


class Scene:
    """What a scenario works with, and what it remembers for the judge."""

    def __init__(
        self,
        servers: Servers,
        settings: Settings,
        engine: AsyncEngine,
        people: People,
        local_dir: Path,
        variants: Sequence[str] = (),
    ) -> None:
        self.servers = servers
        self.local_dir = local_dir
        self.settings = settings
        self.engine = engine
        self.people = people
        self.system = System(
            settings,
            local_dir.parent,
            CHUNK_SIZE=str(CHUNK_SIZE),
            LANE_SLICE_SECONDS=str(SLICE_SECONDS),
            JOB_LANES=str(LANES),
            MAX_ACTIVE_JOBS="1000",
        )
        self.variants = variants
        self.patience_seconds = IMPATIENT_SECONDS if variants else QUIET_SECONDS
        self.viewers: list[Viewer] = []
        self.faults = 0
        self.items = 0
        self.recoveries: list[float] = []
        self.broken: list[str] = []
        self.tickets: list[UUID] = []
        self.edits: Counter[UUID] = Counter()
        self.targets: dict[UUID, Sequence[UUID]] = {}
        self.stopped_at: dict[UUID, int] = {}
        self.expected_codes: dict[UUID, frozenset[str]] = {}

    # Processes

    async def start(self, *, workers: int = 1) -> list[Process]:
        """Start an API with two clients that watch it, and workers; return these."""
        await self.start_api()
        token = tokens.issue(self.people.admin.id, self.settings.jwt_secret, TOKEN_SECONDS)
        self.http = httpx.AsyncClient(
            base_url=self.system.url,
            timeout=ANSWER_SECONDS,
            limits=httpx.Limits(max_connections=None),  # nobody waits on our side
            headers={"Authorization": f"Bearer {token}"},
        )
        for _ in range(2):
            viewer = Viewer(self.system.url, self.people.admin.id, token)
            await viewer.open()
            self.viewers.append(viewer)
        return [self.start_worker() for _ in range(workers)]

    async def start_api(self, *, die: str | None = None) -> Process:
        """Start an API, in place of one that has ended; `die` is as in faulty.py."""
        self.api = await self.system.is_up(self._start("app", die))
        return self.api

    def start_worker(self, *, die: str | None = None, **environ: str) -> Process:
        return self._start("worker", die, **environ)

    def _start(self, program: str, die: str | None, **environ: str) -> Process:
        if die is None and not self.variants:
            return self.system.start({"app": "app", "worker": "worker.main"}[program], **environ)
        variants = [argument for variant in self.variants for argument in ("--variant", variant)]
        return self.system.start("tests.chaos.faulty", program, *variants, *(["--die", die] if die else []), **environ)

    async def kill(self, process: Process, how: Signals = SIGKILL) -> None:
        self.faults += 1
        process.send_signal(how)
        await self.ends(process)

    async def ends(self, process: Process) -> None:
        """Wait for a process that has been told to end, or that ends itself."""
        await asyncio.to_thread(process.wait, ANSWER_SECONDS)

    async def lasts(self, seconds: float) -> None:
        """Let a fault last."""
        await asyncio.sleep(seconds)

    async def close(self) -> None:
        for viewer in self.viewers:
            await viewer.close()
        if self.viewers:
            await self.http.aclose()
        await asyncio.to_thread(self.system.stop)

    # Work

    async def add_tickets(self, count: int) -> list[UUID]:
        ids = await add_tickets(self.engine, self.people.requester, count)
        self.tickets += ids
        return ids

    async def add_tickets_in_spite(self, count: int) -> list[UUID]:
        """Add tickets while the database may be away."""
        while True:
            try:
                return await self.add_tickets(count)
            except Exception as error:
                if not is_unavailable(error):
                    raise
            await asyncio.sleep(RETRY_SECONDS)

    async def post(self, type_: str, ids: Sequence[UUID], *, codes: Sequence[str] = (), **changes: object) -> UUID:
        """Post a job until it is accepted, as a client does that has an idempotency key."""
        body = {"type": type_, "payload": {"ticketIds": [str(ticket_id) for ticket_id in ids], **changes}}
        job = await self.insist("/api/jobs", body)
        return self.accepted(job, ids, codes)

    def accepted(self, job: dict[str, Any], ids: Sequence[UUID], codes: Sequence[str] = ()) -> UUID:
        """Remember what a job is to do, and with which codes its items may fail."""
        job_id = UUID(job["id"])
        self.targets[job_id] = list(dict.fromkeys(ids))
        self.expected_codes[job_id] = frozenset(codes)
        return job_id

    async def delete(self, count: int) -> UUID:
        """Post a job that deletes so many tickets of its own."""
        return await self.post("bulk-delete", await self.add_tickets(count))

    async def insist(self, path: str, body: dict[str, Any], key: str | None = None) -> dict[str, Any]:
        """POST until it is taken; what may be answered instead is 503, or nothing at all by an API that dies."""
        answer = await self._insist("POST", path, json=body, headers={"Idempotency-Key": key or uuid4().hex})
        if not answer.is_success:
            raise AssertionError(f"POST {path} was answered with {answer.status_code}: {answer.text}")
        taken: dict[str, Any] = answer.json()
        return taken

    async def steer(self, job_id: UUID, how: str) -> dict[str, Any]:
        """Cancel, pause, resume, retry or undo; return the job that came of it, or the job as it is where it may not.

        A client whose answer got lost asks again, and learns from the 409 that it had been heard.
        """
        answer = await self._insist("POST", f"/api/jobs/{job_id}/{how}")
        if answer.status_code == httpx.codes.CONFLICT:
            answer = await self._insist("GET", f"/api/jobs/{answer.json().get('jobId', job_id)}")
        job: dict[str, Any] = answer.json()
        return job

    async def _insist(self, method: str, path: str, **options: Any) -> httpx.Response:
        deadline = time.monotonic() + self.patience_seconds
        while time.monotonic() < deadline:
            answer = await self.ask(method, path, **options)
            if answer is not None and answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return answer
            await asyncio.sleep(RETRY_SECONDS)
        raise TimeoutError(f"{method} {path} was not answered within {self.patience_seconds} s")

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response | None:
        """Ask once; None when nobody answered. Note what must never be: an answer that hangs, another 5xx than 503."""
        try:
            answer = await self.http.request(method, path, **options)
        except httpx.TimeoutException:
            self.broken.append(f"{method} {path} took longer than {ANSWER_SECONDS} s")
            return None
        except httpx.TransportError:
            return None
        is_problem = answer.headers["Content-Type"] == "application/problem+json" and "Retry-After" in answer.headers
        if answer.is_server_error and not (answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and is_problem):
            self.broken.append(f"{method} {path} was answered with {answer.status_code}: {answer.text}")
        return answer

    async def cancel(self, job_id: UUID) -> None:
        """Cancel a job, if it has not ended; what is answered is what must stay."""
        job = await self.steer(job_id, "cancel")
        if job["status"] == "canceled":
            self.stopped_at[job_id] = job["processed"]

    async def pause_and_resume(self, job_id: UUID, seconds: float) -> None:
        """Pause a job, if it runs, and see that it stands still all the while."""
        job = await self.steer(job_id, "pause")
        if job["status"] != "paused":
            return
        await self.lasts(seconds)
        now = await self.items_of(job_id)
        if now != job["processed"]:
            self.broken.append(f"job {job_id} went on to {now} while it was paused at {job['processed']}")
        await self.steer(job_id, "resume")

    async def retry(self, job_id: UUID) -> UUID:
        left = [
            row.id
            for row in await self.rows(
                "select unnest(ticket_ids) as id from job_chunks where job_id = :id and state = 'pending'", id=job_id
            )
        ]
        return self.accepted(await self.steer(job_id, "retry"), left)

    async def undo(self, job_id: UUID, codes: Sequence[str] = ()) -> UUID:
        changed = await self.rows(
            "select ticket_id from job_items where job_id = :id and version is not null", id=job_id
        )
        return self.accepted(await self.steer(job_id, "undo"), [row.ticket_id for row in changed], codes)

    # What the database says

    async def rows(self, statement: str, **values: object) -> Sequence[Any]:
        """Query, and again if the database is away at this moment."""
        deadline = time.monotonic() + self.patience_seconds
        while True:
            try:
                async with self.engine.connect() as connection:
                    return (await connection.execute(text(statement), values)).all()
            except Exception as error:
                if not is_unavailable(error) or time.monotonic() > deadline:
                    raise
            await asyncio.sleep(RETRY_SECONDS)

    async def items_of(self, *job_ids: UUID) -> int:
        """Return how many items of these jobs are recorded; of all of them, without."""
        [[count]] = await self.rows(
            "select count(*) from job_items where job_id = any(:jobs)", jobs=list(job_ids or self.targets)
        )
        return int(count)

    async def processed(self, job_id: UUID) -> int:
        [[count]] = await self.rows("select succeeded + failed from jobs where id = :id", id=job_id)
        return int(count)

    async def reaches(self, job_id: UUID, count: int) -> None:
        """Wait until a job has processed so many items."""

        async def is_there() -> bool:
            return await self.processed(job_id) >= count

        await until(is_there, seconds=self.patience_seconds)

    async def through(self, job_id: UUID) -> None:
        """Wait for the end of a job."""
        await until(lambda: self.has_ended(job_id), seconds=self.patience_seconds)

    async def has_ended(self, job_id: UUID) -> bool:
        [[status]] = await self.rows("select status from jobs where id = :id", id=job_id)
        return status in TERMINAL

    async def recovers(self, job_id: UUID) -> None:
        """Wait for the next chunk that is committed, and note how long that took; none comes if the job is through."""
        began, before = time.perf_counter(), await self.processed(job_id)

        async def goes_on() -> bool:
            return await self.processed(job_id) > before or await self.has_ended(job_id)

        await until(goes_on, seconds=self.patience_seconds)
        if await self.processed(job_id) > before:
            self.recoveries.append(time.perf_counter() - began)

    async def is_quiet(self) -> None:
        """Wait until all jobs have ended and all clients know, but not for ever: the judge says what is not so."""
        with contextlib.suppress(TimeoutError):
            await until(self._is_quiet, seconds=self.patience_seconds)

    async def goes_on(self) -> None:
        """Wait for the next chunk of any job, and note how long that took; none comes if no job runs."""
        began, before = time.perf_counter(), await self.items_of()

        async def moves() -> bool:
            return await self.items_of() > before or not await self.rows(
                "select id from jobs where status in ('queued', 'running')"
            )

        await until(moves, seconds=self.patience_seconds)
        if await self.items_of() > before:
            self.recoveries.append(time.perf_counter() - began)

    async def judged(self) -> Verdict:
        """Judge what was done and what was told."""
        record = Record(self.tickets, self.edits, self.targets, self.stopped_at, self.expected_codes)
        self.items = await self.items_of()
        verdict = await checker.judge(self.engine, record, [viewer.lines for viewer in self.viewers])
        return verdict._replace(broken=self.broken + verdict.broken)

    async def _is_quiet(self) -> bool:
        jobs = list(self.targets)
        ended = await self.rows("select id, status from jobs where id = any(:jobs)", jobs=jobs)
        return all(
            row.status in TERMINAL and all(viewer.newest.get(row.id) == row.status for viewer in self.viewers)
            for row in ended
        )


@contextlib.asynccontextmanager
async def opened(local_dir: Path, password_hash: str, variants: Sequence[str] = ()) -> AsyncIterator[Scene]:
    """Start servers in a folder, which everyone may enter, and a scene on them; nothing else runs yet."""
    async with Servers(local_dir) as servers:
        settings = settings_for(servers.database_url, servers.redis_url)
        await asyncio.to_thread(migrate, settings.database_url)
        engine = database.create_engine(settings, application_name="chaos")
        people = await add_people(engine, password_hash)
        scene = Scene(servers, settings, engine, people, local_dir, variants)
        try:
            yield scene
        finally:
            await scene.close()
            await engine.dispose()


async def connected(scene: Scene) -> asyncpg.Connection:
    """Return a connection of its own, for what only someone else can do to the database."""
    return await asyncpg.connect(scene.settings.database_url)


def moments(random: Random, total: int, count: int) -> list[int]:
    """Return so many different counts of processed items at which to strike, in order."""
    return sorted(random.sample(range(1, total), count))
