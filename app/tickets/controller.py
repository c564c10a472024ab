from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody

from app.accounts.models import User
from app.errors import BodyTooLarge, NotFound, TooManyRequests
from app.http.answers import Answer, answers
from app.http.openapi import protected
from app.http.paging import Cursors, Pagination
from app.http.query import Reading
from app.inventory.errors import OutOfStock
from app.tickets import store
from app.tickets.errors import (
    ExternalIdTaken,
    FieldsFixed,
    Merged,
    NotTheApprover,
    TakenByAnother,
    TransitionNotAllowed,
    VersionMismatch,
)
from app.tickets.filters import TicketQuery
from app.tickets.models import Place, Ticket
from app.tickets.queries import TagQuery
from app.tickets.schemas import (
    CreateTicket,
    PatchTicket,
    ReplaceTicket,
    TagList,
    TagResponse,
    TicketPage,
    TicketResponse,
)
from app.tickets.service import Tickets

IfMatch = Annotated[
    str | None, HeaderParameter(name="If-Match", description='Act only on this version, as in the ETag: "3"')
]
Requesting = Request[User, Any, Any]
REFUSED_CHANGES = (VersionMismatch, TransitionNotAllowed, Merged, NotTheApprover, OutOfStock)
MAX_VERSION_DIGITS = 9  # what surely fits the column


class TicketController(Controller):
    path = "/api/tickets"
    tags = ("tickets",)
    tickets: Tickets
    cursors: Cursors

    @get(responses=protected(TooManyRequests), dependencies={"wanted": Reading(TicketQuery)})
    async def list_tickets(
        self,
        request: Requesting,
        wanted: NamedDependency[TicketQuery],
    ) -> TicketPage:
        """List tickets, newest first unless sorted otherwise, by page or by cursor. Requesters see their own.

        Those with a `text` are listed by relevance unless sorted otherwise: the newest 500 that match, best first, and
        no more than 500 are counted.

        A parameter that is given twice means either value. Far into a long list a cursor is faster than a page.
        Deleted tickets by `-updated` are those first that were deleted last.
        """
        after = self.cursors.start_of(wanted, Place)
        found, counted, most = await self.tickets.find_page(request.user, wanted, after=after)
        part = self.cursors.part_of(wanted, found, lambda ticket: ticket.place(wanted.sort))
        return TicketPage(
            [TicketResponse.of(ticket, seen_by=request.user) for ticket in part.items],
            Pagination.of(wanted.page, wanted.limit, counted, most),
            part.next_cursor,
        )

    @post(responses=protected(BodyTooLarge))
    async def create_ticket(self, request: Requesting, data: JSONBody[CreateTicket]) -> Response[TicketResponse]:
        ticket = await self.tickets.create(request.user, data.values)
        return _answer(request, ticket, HTTPStatus.CREATED, {"Location": f"/api/tickets/{ticket.id}"})

    @get("/{ticket_id:str}", responses=protected(NotFound))
    async def read_ticket(self, request: Requesting, ticket_id: FromPath[UUID]) -> Response[TicketResponse]:
        return _answer(request, await self.tickets.get(request.user, ticket_id))

    @put("/{ticket_id:str}", responses=protected(NotFound, *REFUSED_CHANGES, BodyTooLarge))
    async def replace_ticket(
        self,
        request: Requesting,
        ticket_id: FromPath[UUID],
        data: JSONBody[ReplaceTicket],
        if_match: IfMatch = None,
    ) -> Response[TicketResponse]:
        return _answer(
            request, await self.tickets.change(request.user, ticket_id, data.changes(), versions_of(if_match))
        )

    @patch("/{ticket_id:str}", responses=protected(NotFound, *REFUSED_CHANGES, FieldsFixed, BodyTooLarge))
    async def patch_ticket(
        self,
        request: Requesting,
        ticket_id: FromPath[UUID],
        data: JSONBody[PatchTicket],
        if_match: IfMatch = None,
    ) -> Response[TicketResponse]:
        return _answer(
            request, await self.tickets.change(request.user, ticket_id, data.changes(), versions_of(if_match))
        )

    @delete("/{ticket_id:str}", responses=protected(NotFound))
    async def delete_ticket(self, request: Requesting, ticket_id: FromPath[UUID]) -> None:
        """Delete softly; a second time it is not found."""
        await self.tickets.delete(request.user, ticket_id)

    @post("/{ticket_id:str}/restore", status_code=HTTPStatus.OK, responses=protected(NotFound, ExternalIdTaken))
    async def restore_ticket(self, request: Requesting, ticket_id: FromPath[UUID]) -> Response[TicketResponse]:
        """Bring a deleted ticket back, as it was; a second time nothing changes."""
        return _answer(request, await self.tickets.restore(request.user, ticket_id))

    @post(
        "/{ticket_id:str}/take",
        status_code=HTTPStatus.OK,
        responses=protected(NotFound, TakenByAnother, NotTheApprover),
    )
    async def take_ticket(self, request: Requesting, ticket_id: FromPath[UUID]) -> Response[TicketResponse]:
        """Assign a ticket that nobody has to oneself; a second time nothing changes.

        It is handed over, or taken from another one, by PATCH with an `assigneeId`.
        """
        return _answer(request, await self.tickets.take(request.user, ticket_id))


class TagController(Controller):
    path = "/api/tags"
    tags = ("tickets",)
    tickets: Tickets

    @get(responses=protected(), dependencies={"wanted": Reading(TagQuery)})
    async def list_tags(self, wanted: NamedDependency[TagQuery]) -> TagList:
        """List tags to suggest, the most frequent ones first, and how many tickets have each.

        Only the newest 5,000 tickets are looked at: rarer tags are missing, and older tickets are not counted.
        """
        return TagList(answers(await self.tickets.frequent_tags(wanted), TagResponse), store.TAGGED)


def versions_of(if_match: str | None) -> frozenset[int] | None:
    """Read If-Match (RFC 9110, 13.1.1): None lets every version through, the empty set none."""
    if if_match is None or if_match.strip() == "*":
        return None
    tags = (tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(","))
    return frozenset(int(tag) for tag in tags if tag.isascii() and tag.isdecimal() and len(tag) <= MAX_VERSION_DIGITS)


def _answer(
    request: Requesting, ticket: Ticket, status: HTTPStatus = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> Response[TicketResponse]:
    shown = TicketResponse.of(ticket, seen_by=request.user)
    return Answer(shown, status_code=status, headers={"ETag": f'"{ticket.version}"', **(headers or {})})
