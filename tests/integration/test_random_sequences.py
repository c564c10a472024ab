"""Random sequences of everything that can be asked of jobs, with lanes at work, against a model of what that means."""

import asyncio
import contextlib
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app import tasks
from app.errors import Conflict
from app.jobs import events
from app.jobs.models import Job, Priority
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.bulk_restore import BulkRestore
from app.jobs.operations.bulk_update import BulkUpdate, BulkUpdatePayload
from app.jobs.operations.operation import JobRequest, Targets
from app.jobs.status import TERMINAL
from app.pools import Pools
from app.settings import Settings
from app.tickets.filters import TicketFilter
from tests.support.fakes import RecordedWakeUps
from tests.support.people import People
from tests.support.waiting import until
from tests.support.workbench import Workbench

TICKETS = 12
LANES = 3


class State(NamedTuple):
    """What of a ticket a job can change."""

    is_deleted: bool = False
    status: str = "open"
    tags: tuple[str, ...] = ()


class QueuedWakeUps(RecordedWakeUps):
    """Wake-ups as a worker meets them: one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = asyncio.Queue[UUID]()

    async def wake(
        self, job_id: UUID, times: int = 1, *, priority: Priority = "normal", delay_seconds: float = 0
    ) -> None:
        for _ in range(times):
            self.queue.put_nowait(job_id)


@contextlib.asynccontextmanager
async def at_work(bench: Workbench, wake_ups: QueuedWakeUps) -> AsyncIterator[None]:
    """Lanes that give way after each chunk, so that all jobs interleave."""
    lanes = bench.lanes(slice_seconds=0)

    async def work() -> None:
        while True:
            job_id = await wake_ups.queue.get()
            await lanes.run(job_id)
            wake_ups.queue.task_done()

    running = [asyncio.create_task(work()) for _ in range(LANES)]
    try:
        yield
    finally:
        await tasks.end(running)


some_ids = st.lists(st.integers(0, TICKETS - 1), min_size=1, max_size=TICKETS)
targets = st.one_of(some_ids, st.sampled_from(["open", "closed"]))
commands = st.one_of(
    st.tuples(st.sampled_from(["delete", "restore", "close", "tag"]), targets),
    st.tuples(st.sampled_from(["pause", "resume", "cancel", "retry", "undo"]), st.integers(0, 8)),
    st.tuples(st.just("let them work"), st.integers(1, 4)),
    st.tuples(st.just("let them finish"), st.just(0)),
)


class Play:
    """One sequence, and what it is held against."""

    def __init__(self, bench: Workbench, ids: list[UUID], wake_ups: QueuedWakeUps) -> None:
        self.bench = bench
        self.ids = ids
        self.wake_ups = wake_ups
        self.jobs: list[UUID] = []
        self.at_rest: dict[UUID, int] = {}  # the revision that a pause or cancel was answered with
        self.ended: dict[UUID, tuple[str, int]] = {}

    async def do(self, command: tuple[str, Any]) -> None:
        name, what = command
        with contextlib.suppress(Conflict):
            if name == "let them work":
                told = len(self.bench.announcer.events)
                await until(lambda: len(self.bench.announcer.events) >= told + what or self.wake_ups.queue.empty())
            elif name == "let them finish":
                await self.finish()
            elif name in {"delete", "restore", "close", "tag"}:
                await self.post(name, what)
            elif self.jobs:
                await self.steer(name, self.jobs[what % len(self.jobs)])

    async def post(self, name: str, what: list[int] | str) -> None:
        if isinstance(what, str):
            wanted: dict[str, Any] = {"filter": TicketFilter(status=what)}  # type: ignore[arg-type]
        else:
            wanted = {"ticket_ids": [self.ids[index] for index in what]}
        request: JobRequest
        match name:
            case "delete":
                request = BulkDelete(payload=Targets(**wanted))
            case "restore":
                request = BulkRestore(payload=Targets(**wanted))
            case "close":
                request = BulkUpdate(payload=BulkUpdatePayload(status="closed", **wanted))
            case _:
                request = BulkUpdate(payload=BulkUpdatePayload(status="open", add_tags=["b", "a"], **wanted))
        self.jobs.append((await self.bench.post(request)).id)

    async def steer(self, name: str, job_id: UUID) -> None:
        bench = self.bench
        if name in {"retry", "undo"}:
            child = await getattr(bench.intake, name)(bench.caller, job_id)
            await bench.intake.launch(child)
            self.jobs.append(child.id)
            return
        if name == "resume":
            self.at_rest.pop(job_id, None)  # lanes may go on before the answer is here
        job: Job = await getattr(bench.jobs, name)(bench.caller, job_id)
        if name != "resume":
            self.at_rest[job_id] = job.revision

    async def finish(self) -> None:
        async with asyncio.timeout(20):
            await self.wake_ups.queue.join()

    async def check(self) -> None:
        """Hold the promises 2 to 5 against the database as it is at one moment."""
        engine = self.bench.engine.execution_options(isolation_level="REPEATABLE READ")
        jobs, items, pending, tickets = await read(engine)
        for job in jobs.values():
            mine = [item for item in items if item.job_id == job.id]
            assert Counter(item.result for item in mine) == +Counter(succeeded=job.succeeded, failed=job.failed)
            if job.total is not None:
                assert job.succeeded + job.failed + pending.get(job.id, 0) == job.total
            if job.id in self.at_rest:
                assert (job.status in {"paused", "canceled"}, job.revision) == (True, self.at_rest[job.id])
            if job.id in self.ended:
                assert (job.status, job.revision) == self.ended[job.id]
            if job.status in TERMINAL:
                self.ended[job.id] = (job.status, job.revision)
        changes = defaultdict(list)
        for item in items:
            if item.version is not None:
                changes[item.ticket_id].append(item)
        for ticket in tickets:
            history = sorted(changes[ticket.id], key=lambda item: item.version)
            assert [item.version for item in history] == list(range(2, ticket.version + 1)), (
                "an effect was lost or doubled"
            )
            assert replayed(history, jobs) == State(ticket.is_deleted, ticket.status, tuple(ticket.tags))
        ends = Counter(
            event.payload.job_id for event in self.bench.announcer.events if event.payload.status in TERMINAL
        )
        assert all(count == 1 for count in ends.values())

    async def end(self) -> None:
        """Resume what rests, let everything finish, and see that nothing is left."""
        for job_id in self.jobs:
            with contextlib.suppress(Conflict):
                await self.steer("resume", job_id)
        await self.finish()
        await self.check()
        assert set(self.ended) == set(self.jobs)
        told = {event.payload.job_id for event in self.bench.announcer.events if is_end(event)}
        assert told == set(self.jobs)


def is_end(event: events.Event) -> bool:
    return event.payload.status in TERMINAL


def replayed(history: list[Any], jobs: dict[UUID, Any]) -> State:
    """Work out from the recorded items what a ticket must be like."""
    states = [State(), State()]  # by version, from 1
    for item in history:
        job, now = jobs[item.job_id], states[-1]
        match item.code, job.params:
            case "deleted", _:
                after = now._replace(is_deleted=True)
            case "restored", _:
                after = now._replace(is_deleted=False)
            case "updated", params:
                tags = tuple(sorted({*now.tags, *params.get("addTags", ())}))
                after = now._replace(status=params["status"], tags=tags)
            case "undone", params:
                undone = next(other for other in history if other.job_id == UUID(params["undoes"]))
                assert undone.version == item.version - 1, "a ticket that had changed since was undone"
                after = states[undone.version - 1]
            case code, _:
                raise AssertionError(f"{code} changes nothing")
        states.append(after)
    return states[-1]


async def read(engine: AsyncEngine) -> tuple[dict[UUID, Any], list[Any], dict[UUID, int], list[Any]]:
    async with engine.connect() as connection:

        async def rows(statement: str) -> list[Any]:
            return list((await connection.execute(text(statement))).all())

        jobs = await rows("select id, status, total, succeeded, failed, revision, params from jobs")
        items = await rows("select job_id, position, ticket_id, result, code, version from job_items")
        pending = await rows("select job_id, sum(size) from job_chunks where state = 'pending' group by job_id")
        tickets = await rows("select id, version, status, tags, deleted_at is not null as is_deleted from tickets")
        return {job.id: job for job in jobs}, items, {row.job_id: row.sum for row in pending}, tickets


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(commands, min_size=3, max_size=25))
@example([("delete", [0, 1, 2, 3, 4]), ("pause", 0), ("cancel", 0), ("retry", 0), ("let them finish", 0), ("undo", 1)])
@example([("close", "open"), ("let them finish", 0), ("undo", 0), ("let them finish", 0), ("undo", 1), ("undo", 0)])
async def test_the_promises_hold_after_every_step(
    pools: Pools, settings: Settings, people: People, sequence: list[tuple[str, Any]]
) -> None:
    hasty = msgspec.structs.replace(settings, chunk_size=2, max_active_jobs=1000)
    wake_ups = QueuedWakeUps()
    bench = Workbench(pools, hasty, people, wake_ups=wake_ups)
    await bench.execute("truncate jobs, job_chunks, job_items, tickets, idempotency_keys cascade")
    async with at_work(bench, wake_ups):
        play = Play(bench, await bench.tickets(TICKETS), wake_ups)
        for command in sequence:
            await play.do(command)
            await play.check()
        await play.end()
