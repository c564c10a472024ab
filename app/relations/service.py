from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User
from app.changes import store as changes
from app.errors import InvalidRequest, NotFound
from app.events.outbox import Outbox
from app.pools import Pools
from app.relations import store
from app.relations.errors import TooManyRelated
from app.tickets import events, records
from app.tickets import store as tickets
from app.tickets.announcer import Announcer
from app.tickets.errors import Merged
from app.tickets.models import Changed, Ticket

MAX_RELATED = 100  # to one ticket


class Relations:
    """What agents and admins say of tickets that have to do with each other."""

    def __init__(self, pools: Pools, announcer: Announcer, outbox: Outbox) -> None:
        self._engine = pools.engine
        self._announcer = announcer
        self._outbox = outbox

    async def merge(self, user: User, ticket_id: UUID, into: UUID) -> Ticket:
        """Close a duplicate and give its comments and tags to the ticket that survives, which is returned.

        A merge is final: a merged ticket neither is reopened nor merged again, and so merges never lead in a circle.

        Raises:
            NotFound: there is no such ticket.
            InvalidRequest: there is none to merge it into, or it is the same.
            Merged: one of them was merged before.
        """
        if ticket_id == into:
            raise InvalidRequest.at("$.into", "A ticket cannot be merged into itself")
        async with self._engine.begin() as connection:
            found = await tickets.lock(connection, [ticket_id, into])
            [duplicate], survivor = _require(found, ticket_id), found.get(into)
            if survivor is None:
                raise InvalidRequest.at("$.into", "There is no ticket with this id")
            for ticket in (duplicate, survivor):
                if ticket.merged_into is not None:
                    raise Merged(ticket.merged_into)
            closed, grown = await _merge(connection, user, duplicate, survivor)
        for ticket in (closed, grown):
            await self._announcer.announce(events.of("tickets:updated", ticket, at=ticket.updated_at, by=user))
        await self._outbox.wake()
        return grown

    async def find_related(self, ticket_id: UUID) -> list[Ticket]:
        """Return what `store.find_related` does; raise `NotFound` if there is no such ticket."""
        async with self._engine.connect() as connection:
            if await tickets.find(connection, ticket_id, None) is None:
                raise NotFound
            return await store.find_related(connection, ticket_id)

    async def relate(self, user: User, ticket_id: UUID, other_id: UUID) -> None:
        """Relate two tickets to each other; a second time nothing changes.

        Raises:
            NotFound: one of them is not there.
            InvalidRequest: they are the same.
            TooManyRelated: one of them has MAX_RELATED.
        """
        if ticket_id == other_id:
            raise InvalidRequest.at("path.other_id", "A ticket cannot be related to itself")
        async with self._engine.begin() as connection:
            _require(await tickets.lock(connection, [ticket_id, other_id]), ticket_id, other_id)
            if await store.link(connection, ticket_id, other_id):
                for each in (ticket_id, other_id):
                    if await store.count(connection, each) > MAX_RELATED:
                        raise TooManyRelated
                await _record(connection, user, ticket_id, other_id, is_related=True)

    async def unrelate(self, user: User, ticket_id: UUID, other_id: UUID) -> None:
        """Take a relation away, if there is one; raise `NotFound` if one of the tickets is not there."""
        async with self._engine.begin() as connection:
            _require(await tickets.lock(connection, [ticket_id, other_id]), ticket_id, other_id)
            if await store.unlink(connection, ticket_id, other_id):
                await _record(connection, user, ticket_id, other_id, is_related=False)


async def _merge(connection: AsyncConnection, user: User, duplicate: Ticket, survivor: Ticket) -> tuple[Ticket, Ticket]:
    """Merge tickets that are locked. Another requester is told nothing of the duplicate: that was not theirs."""
    is_of_another = duplicate.requester_id != survivor.requester_id
    await store.move_comments(connection, duplicate.id, survivor.id, as_internal=is_of_another)
    closed = await _changed(connection, duplicate, status="closed", merged_into=survivor.id)
    await changes.record(connection, duplicate.id, closed.fields, actor_id=user.id, version=closed.after.version)
    grown = await _changed(connection, survivor, tags=list(dict.fromkeys([*survivor.tags, *duplicate.tags])))
    await changes.record(
        connection,
        survivor.id,
        {**grown.fields, "mergedFrom": (None, str(duplicate.id))},
        actor_id=user.id,
        version=grown.after.version,
        internal=is_of_another,
    )
    for changed in (closed, grown):
        await records.record(connection, "ticket.updated", changed.after, actor_id=user.id, changes=changed.fields)
    return closed.after, grown.after


async def _changed(connection: AsyncConnection, locked: Ticket, **values: Any) -> Changed:
    changed = await tickets.change(connection, locked.id, values)
    if changed is None:
        raise LookupError(locked.id)
    return changed


async def _record(connection: AsyncConnection, user: User, one_id: UUID, other_id: UUID, *, is_related: bool) -> None:
    """Record a relation with both tickets; requesters are not told, as the other one need not be theirs."""
    for ticket_id, related_id in ((one_id, str(other_id)), (other_id, str(one_id))):
        told = {"related": (None, related_id) if is_related else (related_id, None)}
        await changes.record(connection, ticket_id, told, actor_id=user.id, internal=True)


def _require(found: dict[UUID, Ticket], *ticket_ids: UUID) -> list[Ticket]:
    if not found.keys() >= set(ticket_ids):
        raise NotFound("There is no ticket with this id, or you may not see it.")
    return [found[ticket_id] for ticket_id in ticket_ids]
