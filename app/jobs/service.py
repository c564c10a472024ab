"""What can be done with a job that is there: look at it, pause, resume, cancel. How one comes to be: intake.py."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from uuid import UUID

from msgspec import UNSET, structs
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import Caller, User
from app.audit import store as audit
from app.audit.models import Action
from app.counts import Counts
from app.errors import Forbidden, NotFound
from app.events.outbox import Outbox
from app.imports import store as imports
from app.jobs import events, items, lookups, meters, store
from app.jobs.announcer import Announcer
from app.jobs.errors import JobNotCancelable, JobNotPausable, JobNotResumable, StateConflict
from app.jobs.models import CodeCount, Item, Job
from app.jobs.queries import ExportQuery, ItemQuery, JobQuery
from app.jobs.queue import WakeUps
from app.jobs.status import Status
from app.pools import Pools
from app.reads import ConnectionReader, Reader

EXPORT_PAGE = 2000

Move = Callable[[AsyncConnection, UUID], Awaitable[Job | None]]


class Jobs:
    def __init__(
        self, pools: Pools, wake_ups: WakeUps, announcer: Announcer, outbox: Outbox, *, lanes_per_job: int
    ) -> None:
        self._pools = pools
        self._by_id = lookups.by_id(pools.reads)
        self._by_id_with_items = lookups.by_id_with_items(pools.reads)
        self._counts = Counts()
        self._wake_ups = wake_ups
        self._announcer = announcer
        self._outbox = outbox
        self._lanes_per_job = lanes_per_job

    async def pause(self, caller: Caller, job_id: UUID) -> Job:
        """Pause a running job; when this returns, nothing more changes until it is resumed.

        Raises:
            NotFound: there is no such job.
            JobNotPausable: it does not run.
        """
        pause = partial(store.pause, user_id=caller.user.id)
        return await self._move(caller, job_id, pause, "job.paused", JobNotPausable)

    async def resume(self, caller: Caller, job_id: UUID) -> Job:
        """Let a paused job go on.

        Raises:
            NotFound: there is no such job.
            JobNotResumable: it is not paused.
        """
        job = await self._move(caller, job_id, store.resume, "job.resumed", JobNotResumable, "jobs:resumed")
        await self._wake_ups.wake(job_id, job.lanes(self._lanes_per_job), priority=job.priority)
        return job

    async def cancel(self, caller: Caller, job_id: UUID) -> Job:
        """Cancel a job; when this returns, nothing more changes. One that is canceled already stays as it is.

        Raises:
            NotFound: there is no such job.
            JobNotCancelable: it has ended in another way.
        """
        try:
            cancel = partial(store.cancel, user_id=caller.user.id)
            return await self._move(caller, job_id, cancel, "job.canceled", JobNotCancelable)
        except JobNotCancelable as refusal:
            if refusal.members["state"] is not Status.CANCELED:
                raise
        return await self.get(caller.user, job_id)

    async def _move(
        self,
        caller: Caller,
        job_id: UUID,
        move: Move,
        action: Action,
        refusal: type[StateConflict],
        event: events.Name | None = None,
    ) -> Job:
        """Move a job to another state, or raise `refusal` where no arrow leads there."""
        async with self._pools.engine.begin() as connection:
            state = require(await store.lock(connection, job_id)).status
            job = await move(connection, job_id)
            if job is None:
                raise refusal(state, f"The job is {state}.")
            await audit.record(
                connection,
                action,
                caller.origin,
                actor_id=caller.user.id,
                subject_id=job_id,
                items=job.unprocessed,
                reason=job.reason,
            )
        if job.has_ended:
            meters.ended(job)
        await self._announcer.announce(events.of(job, event))
        if job.has_ended:
            await self._outbox.wake()
        return job

    async def get(self, user: User, job_id: UUID) -> Job:
        """Raise `NotFound` for a job that is not there, or that this user may not see."""
        return _visible(user, await self._by_id.find(job_id))

    async def get_with_items(self, user: User, job_id: UUID) -> tuple[Job, list[Item]]:
        """As `get`, with the first of its items."""
        job, items = await self._by_id_with_items.find(job_id) or (None, [])
        return _visible(user, job), items if _may_see_tickets(user) else [item.without_ticket() for item in items]

    async def find_page(self, user: User, query: JobQuery, *, below_id: UUID | None = None) -> tuple[list[Job], int]:
        """Return a page of the jobs that this user may see, and how many of them match in all, if not too many."""
        reads, own = self._pools.reads, _own_only(user)
        found = await lookups.find_page(reads, query, requested_by=own, below_id=below_id)
        what = (own, query.type, str(query.status), query.scheduled, query.requested_by)
        return found, await self._counts.get(what, lambda: lookups.count(reads, query, requested_by=own))

    async def items(self, user: User, job: Job, query: ItemQuery, *, after: int | None = None) -> list[Item]:
        """Return some of a job's items; requesters, who meet only their own tickets, are not told any titles.

        Raises:
            Forbidden: a requester names a ticket by its number.
            TooManyRequests: the user looks for tickets by number, more than two at once.
        """
        if query.number is not UNSET:
            return await self._item_of_ticket(user, job, query)
        after = query.start - 1 if after is None else after
        reads, names_tickets = self._pools.reads, _may_see_tickets(user)
        found = await items.find_page(reads, job.id, query, after=after, names_tickets=names_tickets)
        return await _with_lines(reads, job, found)

    async def _item_of_ticket(self, user: User, job: Job, query: ItemQuery) -> list[Item]:
        """Find one ticket, which may look at every item."""
        if not _may_see_tickets(user):
            raise Forbidden
        return await self._pools.costly.read(
            user.id, lambda connection: items.find_of_ticket(connection, job.id, query)
        )

    async def export(self, user: User, job: Job, query: ExportQuery) -> AsyncIterator[list[Item]]:
        """Yield all items in order of position, page by page; a slow reader holds no connection in between."""
        for first in range(0, job.total or 0, EXPORT_PAGE):
            read = partial(_export, job=job, positions=range(first, first + EXPORT_PAGE), query=query)
            yield await self._pools.costly.read(user.id, read, is_begun=first > 0)

    async def summary(self, user: User, job: Job) -> list[CodeCount]:
        return await self._pools.costly.read(user.id, lambda connection: items.summary(connection, job.id))

    async def in_motion_of(self, user_id: UUID) -> list[Job]:
        """Return a user's jobs that have not ended, or ended lately."""
        async with self._pools.engine.connect() as connection:
            return await store.in_motion(connection, requested_by=user_id)


def require(job: Job | None) -> Job:
    """Raise `NotFound` if it is not there."""
    if job is None:
        raise NotFound("There is no job with this id, or you may not see it.")
    return job


def _visible(user: User, job: Job | None) -> Job:
    return require(job if job is not None and _own_only(user) in {None, job.requested_by} else None)


def _own_only(user: User) -> UUID | None:
    return None if user.is_admin else user.id


def _may_see_tickets(user: User) -> bool:
    return user.role != "requester"


async def _export(connection: AsyncConnection, job: Job, positions: range, query: ExportQuery) -> list[Item]:
    page = await items.export(connection, job.id, positions, query)
    return await _with_lines(ConnectionReader(connection), job, page)


async def _with_lines(reader: Reader, job: Job, found: list[Item]) -> list[Item]:
    """Say of an import's items that failed which line of the file they were."""
    failed = [item.ticket_id for item in found if item.result == "failed"] if "importId" in job.params else []
    lines = await imports.lines_of(reader, failed) if failed else {}
    return [structs.replace(item, line=lines.get(item.ticket_id)) for item in found] if lines else found
