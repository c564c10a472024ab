from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts import store as users
from app.accounts.models import User
from app.costly import CostlyReads
from app.errors import Forbidden, InvalidRequest, NotFound
from app.tickets import store
from app.tickets.errors import VersionMismatch
from app.tickets.filters import TicketQuery, Views, expanded
from app.tickets.models import Place, Ticket

FOR_STAFF = {"assignee_id", "tags"}


class Tickets:
    """What one user may do with tickets: requesters with their own, agents and admins with all."""

    def __init__(self, engine: AsyncEngine, costly: CostlyReads, views: Views | None = None) -> None:
        self._engine = engine
        self._costly = costly
        self._views = views

    async def find_page(
        self, user: User, query: TicketQuery, *, below: Place | None = None
    ) -> tuple[list[Ticket], int]:
        """Return what `store.find_page` does.

        Raises:
            InvalidRequest: the query names a view that this user cannot use.
            Forbidden: a requester asks for deleted tickets.
        """
        query = await expanded(user, query, self._views)
        if query.deleted is True and user.role == "requester":
            raise Forbidden
        opening = self._engine.connect() if query.text is UNSET else self._costly.connect(user.id)
        async with opening as connection:
            return await store.find_page(connection, query, requester_id=_own_only(user), below=below)

    async def get(self, user: User, ticket_id: UUID) -> Ticket:
        async with self._engine.connect() as connection:
            return _require(await store.find(connection, ticket_id, _own_only(user)))

    async def create(self, user: User, values: Mapping[str, Any]) -> Ticket:
        async with self._engine.begin() as connection:
            return await store.add(connection, {**values, "requester_id": user.id})

    async def change(
        self, user: User, ticket_id: UUID, values: Mapping[str, Any], versions: frozenset[int] | None
    ) -> Ticket:
        """Write `values` to a ticket; with `versions`, only if it has one of these.

        Raises:
            NotFound: the user sees no such ticket.
            VersionMismatch: the ticket is there, at another version.
            Forbidden: a requester sets what is for staff.
            InvalidRequest: nobody can be assigned who has this id.
        """
        own = _own_only(user)
        if own and values.keys() & FOR_STAFF:
            raise Forbidden
        async with self._engine.begin() as connection:
            assignee_id = values.get("assignee_id")
            if assignee_id is not None and not await users.can_be_assigned(connection, assignee_id):
                raise InvalidRequest.at("$.assigneeId", "There is no active agent or admin with this id")
            ticket = await store.change(connection, ticket_id, values, requester_id=own, versions=versions)
            if ticket is None and versions is not None:
                raise VersionMismatch(_require(await store.find(connection, ticket_id, own)).version)
        return _require(ticket)

    async def delete(self, user: User, ticket_id: UUID) -> None:
        async with self._engine.begin() as connection:
            deleted_at = {"deleted_at": func.clock_timestamp()}
            _require(await store.change(connection, ticket_id, deleted_at, requester_id=_own_only(user)))


def _own_only(user: User) -> UUID | None:
    return user.id if user.role == "requester" else None


def _require(ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise NotFound("There is no ticket with this id, or you may not see it.")
    return ticket
