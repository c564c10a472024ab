from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, structs
from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import store as users
from app.accounts.models import User
from app.changes import store as changes
from app.contacts import store as contacts
from app.counts import Counts
from app.database import COUNT_LIMIT
from app.errors import Forbidden, InvalidRequest, NotFound
from app.events.names import Name
from app.events.outbox import Outbox
from app.pools import Pools
from app.reads import ConnectionReader
from app.tickets import events, moves, records, store
from app.tickets.announcer import Announcer
from app.tickets.errors import ExternalIdTaken, TakenByAnother, VersionMismatch
from app.tickets.filters import TicketQuery, Views, expanded, meant_by
from app.tickets.models import Changed, Place, TagCount, Ticket
from app.tickets.queries import TagQuery
from app.tickets.relevance import RANKED
from app.tickets.types.registry import GENERAL, TYPES

Found = tuple[list[Ticket], int, int]
FOR_STAFF = {"assignee_id", "tags", "contact_id"}
FOR_STAFF_TO_KNOW = {"contactId"}  # of what is changed
UNSEEN = "There is no ticket with this id, or you may not see it."


class Tickets:
    """What one user may do with tickets: requesters with their own, agents and admins with all."""

    def __init__(self, pools: Pools, announcer: Announcer, outbox: Outbox, views: Views | None = None) -> None:
        self._pools = pools
        self._announcer = announcer
        self._outbox = outbox
        self._views = views
        self._by_id = store.by_id(pools.reads)
        self._counts = Counts()

    async def find_page(self, user: User, query: TicketQuery, *, after: Place | None = None) -> Found:
        """Return what `store.find_page` does, how many match in all, and how many are counted at most.

        Raises:
            InvalidRequest: the query names a view that this user cannot use.
            Forbidden: a requester asks for deleted tickets, or by contact.
            TooManyRequests: the user has two costly reads under way; see `_is_costly`.
        """
        if query.view is not UNSET:
            async with self._pools.engine.connect() as connection:
                query = await expanded(connection, user, query, self._views)
        query = meant_by(user, query)
        if user.role == "requester" and query.is_for_staff:
            raise Forbidden
        reads, own = self._pools.reads, _own_only(user)
        if _is_costly(query):
            return await self._find_page_at_cost(user, query, after)
        found = await store.find_page(reads, query, requester_id=own, after=after)
        what = (own, msgspec.json.encode(structs.replace(query, sort="-created", page=1, limit=1, cursor=UNSET)))
        return found, await self._counts.get(what, lambda: store.count(reads, query, requester_id=own)), COUNT_LIMIT

    async def _find_page_at_cost(self, user: User, query: TicketQuery, after: Place | None) -> Found:
        own = _own_only(user)

        async def find(connection: AsyncConnection) -> Found:
            reader = ConnectionReader(connection)
            if query.sort == "relevance":
                found, counted = await store.find_best(reader, query, requester_id=own, after=after)
                return found, counted, RANKED
            found = await store.find_page(reader, query, requester_id=own, after=after)
            return found, await store.count(reader, query, requester_id=own), COUNT_LIMIT

        return await self._pools.costly.read(user.id, find)

    async def frequent_tags(self, query: TagQuery) -> list[TagCount]:
        """Return what `store.frequent_tags` does."""
        return await store.frequent_tags(self._pools.reads, None if query.text is UNSET else query.text)

    async def get(self, user: User, ticket_id: UUID) -> Ticket:
        """Raise `NotFound` for a ticket that is not there, or that this user may not see."""
        ticket = _require(await self._by_id.find(ticket_id))
        return _require(ticket if _own_only(user) in {None, ticket.requester_id} else None)

    async def create(self, user: User, values: Mapping[str, Any]) -> Ticket:
        """Store a ticket, and the contact that it is for where that one is new.

        Raises:
            Forbidden: a requester names a contact by id, or the assignee of what needs no approval.
            InvalidRequest: no contact has this id, or nobody who can be assigned.
        """
        type_ = TYPES[values.get("type", GENERAL)]
        for_staff = {"contact_id"} if type_.needs_approval else {"contact_id", "assignee_id"}
        if _own_only(user) and values.keys() & for_staff:
            raise Forbidden
        async with self._pools.engine.begin() as connection:
            await _check_assignee(connection, values)
            contact = await _held(connection, values)
            stored = {name: value for name, value in values.items() if name != "contact"}
            ticket = await store.add(connection, {**stored, **contact, "requester_id": user.id})
            await records.record(connection, "ticket.created", ticket, actor_id=user.id)
        return await self._announced("tickets:created", ticket, user)

    async def change(
        self, user: User, ticket_id: UUID, values: Mapping[str, Any], versions: frozenset[int] | None
    ) -> Ticket:
        """Write `values` to a ticket; with `versions`, only if it has one of these.

        Raises:
            NotFound: the user sees no such ticket.
            VersionMismatch: the ticket is there, at another version.
            Forbidden: a requester sets what is for staff.
            InvalidRequest: nobody can be assigned who has this id, or no contact has it.
            Others: see `moves.allowed`, and what fulfilling does by the ticket's type.
        """
        own = _own_only(user)
        if own and values.keys() & FOR_STAFF:
            raise Forbidden
        async with self._pools.engine.begin() as connection:
            await _check_assignee(connection, values)
            await _held(connection, values)  # before the ticket is locked, as a merge of contacts does
            if values.keys() & moves.LOOKED_AT:
                locked = await store.lock(connection, [ticket_id], own)
                values = moves.allowed(user, _require(locked.get(ticket_id)), values, versions)
            changed = await store.change(connection, ticket_id, values, requester_id=own, versions=versions)
            if changed is None and versions is not None:
                raise VersionMismatch(_require(await store.find(connection, ticket_id, own)).version)
            ticket = await _recorded(connection, "ticket.updated", user, changed)
            if changed is not None:
                await moves.follow(connection, user, changed)
        return await self._announced("tickets:updated", ticket, user)

    async def take(self, user: User, ticket_id: UUID) -> Ticket:
        """Assign a ticket that nobody has to the user; one that is theirs already stays as it is.

        Raises:
            NotFound: there is no such ticket.
            TakenByAnother: another one has it.
            NotTheApprover: it waits for approval.
        """
        async with self._pools.engine.begin() as connection:
            ticket = _require((await store.lock(connection, [ticket_id])).get(ticket_id))
            if ticket.assignee_id == user.id:
                return ticket
            if ticket.assignee_id is not None:
                raise TakenByAnother(ticket.assignee_id)
            taken = await store.change(connection, ticket_id, moves.allowed(user, ticket, {"assignee_id": user.id}))
            return await _recorded(connection, "ticket.updated", user, taken)

    async def delete(self, user: User, ticket_id: UUID) -> None:
        async with self._pools.engine.begin() as connection:
            deleted_at = {"deleted_at": func.clock_timestamp()}
            changed = await store.change(connection, ticket_id, deleted_at, requester_id=_own_only(user))
            ticket = await _recorded(connection, "ticket.deleted", user, changed)
        await self._announced("tickets:deleted", ticket, user)

    async def restore(self, user: User, ticket_id: UUID) -> Ticket:
        """Bring a deleted ticket back; one that is there stays as it is.

        Raises:
            NotFound: there is no such ticket, not even a deleted one.
            ExternalIdTaken: another ticket has its external id.
        """
        async with self._pools.engine.begin() as connection:
            try:
                changed = await store.restore(connection, ticket_id)
            except IntegrityError as error:  # the one key that a deleted ticket has no part in
                raise ExternalIdTaken from error
            if changed is None:
                return _require(await store.find(connection, ticket_id, _own_only(user)))
            ticket = await _recorded(connection, "ticket.restored", user, changed)
        return await self._announced("tickets:updated", ticket, user)

    async def _announced(self, name: events.Name, ticket: Ticket, user: User) -> Ticket:
        """Tell of what has been committed."""
        await self._announcer.announce(events.of(name, ticket, at=ticket.updated_at, by=user))
        await self._outbox.wake()
        return ticket

    async def count_of(self, connection: AsyncConnection, contact_id: UUID) -> int:
        """Return what `store.count_of` does."""
        return await store.count_of(connection, contact_id)

    async def hand_over(self, connection: AsyncConnection, user: User, contact_id: UUID, into_id: UUID) -> int:
        """Do what `store.hand_over` does."""
        return await store.hand_over(connection, contact_id, into_id, actor_id=user.id)

    async def tell_many_changed(self) -> None:
        """Tell of what was handed over, once that has been committed."""
        await self._announcer.announce(events.ManyChanged())


async def _check_assignee(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    assignee_id = values.get("assignee_id")
    if assignee_id is not None and not await users.can_be_assigned(connection, assignee_id):
        raise InvalidRequest.at("$.assigneeId", "There is no active agent or admin with this id")


async def _held(connection: AsyncConnection, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the contact that is named, for a ticket; until the transaction ends, nobody deletes it.

    Raises:
        InvalidRequest: no contact has this id.
    """
    if "contact" in values:
        named = values["contact"]
        return {"contact_id": await contacts.hold_with_email(connection, name=named.name, email=named.email)}
    contact_id = values.get("contact_id")
    if contact_id is not None and not await contacts.hold(connection, contact_id):
        raise InvalidRequest.at("$.contactId", "There is no contact with this id")
    return {}


async def _recorded(connection: AsyncConnection, name: Name, user: User, changed: Changed | None) -> Ticket:
    """Return a ticket as it is after a change that is on record; raise `NotFound` where nothing was changed.

    A change that leaves all fields as they were is on record too: its history has no version missing.
    """
    if changed is None:
        raise NotFound(UNSEEN)
    after = changed.after
    hidden = {name: two for name, two in changed.fields.items() if name in FOR_STAFF_TO_KNOW}
    shown = {name: two for name, two in changed.fields.items() if name not in hidden}
    await changes.record(connection, after.id, shown, actor_id=user.id, version=after.version)
    if hidden:
        await changes.record(connection, after.id, hidden, actor_id=user.id, version=after.version, internal=True)
    await records.record(connection, name, after, actor_id=user.id, changes=changed.fields)
    return after


def _is_costly(query: TicketQuery) -> bool:
    """Whether no index has what is asked for in its order, so that every ticket, or every deleted one, is looked at."""
    indexed = {"updated", "-updated"} if query.deleted is True else {"created", "-created"}
    return query.text is not UNSET or query.sort not in indexed


def _own_only(user: User) -> UUID | None:
    return user.id if user.role == "requester" else None


def _require(ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise NotFound(UNSEEN)
    return ticket
