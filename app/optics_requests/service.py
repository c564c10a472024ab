from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import UNSET

from app.accounts.models import Caller, User
from app.approvals.service import Approvals
from app.errors import InvalidRequest, NotFound
from app.optics.service import Parts
from app.optics_requests.queries import OpticsRequestQuery
from app.tickets.filters import ME, TicketQuery
from app.tickets.models import Place, Ticket
from app.tickets.service import Tickets
from app.tickets.types import optics


class OpticsRequests:
    """Tickets of the type for optics, for those who know nothing of tickets."""

    def __init__(self, tickets: Tickets, approvals: Approvals, parts: Parts) -> None:
        self._tickets = tickets
        self._approvals = approvals
        self._parts = parts

    async def find(self, user: User, query: OpticsRequestQuery, *, after: Place | None) -> list[Ticket]:
        """Return the newest that a user has asked for, for admins those of all; one more than the query's limit."""
        own = UNSET if user.is_admin else ME
        wanted = TicketQuery(type=optics.TYPE.name, status=query.status, requester_id=own, limit=query.limit)
        found, _, _ = await self._tickets.find_page(user, wanted, after=after)
        return found

    async def create(self, user: User, values: Mapping[str, Any]) -> Ticket:
        """Raise `InvalidRequest` for a part that is not in the list, and what `Tickets.create` raises."""
        if values["fields"]["part"] not in await self._parts.all():
            raise InvalidRequest.at("$.part", "Must be one of those that GET /api/optics-parts lists; else `Other`")
        return await self._tickets.create(user, values)

    async def approve(self, caller: Caller, ticket_id: UUID) -> Ticket:
        """Raise `NotFound` for what is no request for optics, here and below, and what `Approvals.decide` raises."""
        await self._require(caller.user, ticket_id)
        return await self._approvals.decide(caller, ticket_id, "approved")

    async def deny(self, caller: Caller, ticket_id: UUID, reason: str | None) -> Ticket:
        await self._require(caller.user, ticket_id)
        return await self._approvals.decide(caller, ticket_id, "rejected", reason)

    async def archive(self, user: User, ticket_id: UUID) -> Ticket:
        """Close what was decided or handed over; raise what `Tickets.change` does."""
        await self._require(user, ticket_id)
        return await self._tickets.change(user, ticket_id, {"status": "closed"}, None)

    async def _require(self, user: User, ticket_id: UUID) -> None:
        if (await self._tickets.get(user, ticket_id)).type != optics.TYPE.name:  # which never changes
            raise NotFound("There is no request for optics with this id.")
