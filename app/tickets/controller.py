from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter

from app.accounts.models import User
from app.bodies import from_query
from app.errors import BodyTooLarge, InvalidRequest, NotFound, TooManyRequests, VersionMismatch
from app.openapi import protected
from app.paging import DEFAULT_LIMIT, Cursor, Cursors, PageLimit, PageNumber, Pagination, only_one_of
from app.text import PLAIN_TEXT
from app.tickets.filters import TicketFilter
from app.tickets.models import Place, Priority, Status, Tag, Ticket
from app.tickets.schemas import CreateTicket, PatchTicket, ReplaceTicket, TicketPage, TicketResponse
from app.tickets.service import Tickets
from app.times import DATE_TIME

SearchText = Annotated[
    str | None, QueryParameter(min_length=1, max_length=255, pattern=PLAIN_TEXT, description="Part of the title")
]
AssigneeIds = Annotated[list[UUID] | None, QueryParameter(name="assigneeId")]
RequesterIds = Annotated[list[UUID] | None, QueryParameter(name="requesterId")]
CreatedAfter = Annotated[str | None, QueryParameter(format=DATE_TIME, name="createdAfter", description="Inclusive")]
CreatedBefore = Annotated[str | None, QueryParameter(format=DATE_TIME, name="createdBefore", description="Exclusive")]
UpdatedAfter = Annotated[str | None, QueryParameter(format=DATE_TIME, name="updatedAfter", description="Inclusive")]
UpdatedBefore = Annotated[str | None, QueryParameter(format=DATE_TIME, name="updatedBefore", description="Exclusive")]
IfMatch = Annotated[
    str | None, HeaderParameter(name="If-Match", description='Act only on this version, as in the ETag: "3"')
]
Requesting = Request[User, Any, Any]
TicketsService = NamedDependency[Tickets]
MAX_VERSION_DIGITS = 9  # what surely fits the column


class TicketController(Controller):
    path = "/api/tickets"
    tags = ("tickets",)

    @get(responses=protected(TooManyRequests))
    async def list_tickets(
        self,
        request: Requesting,
        tickets: TicketsService,
        cursors: NamedDependency[Cursors],
        page: PageNumber = 1,
        limit: PageLimit = DEFAULT_LIMIT,
        status: FromQuery[list[Status] | None] = None,
        priority: FromQuery[list[Priority] | None] = None,
        assignee_id: AssigneeIds = None,
        requester_id: RequesterIds = None,
        tags: FromQuery[list[Tag] | None] = None,
        text: SearchText = None,
        created_after: CreatedAfter = None,
        created_before: CreatedBefore = None,
        updated_after: UpdatedAfter = None,
        updated_before: UpdatedBefore = None,
        deleted: FromQuery[bool | None] = None,
        cursor: Cursor = None,
    ) -> TicketPage:
        """List tickets, newest first, by page or by cursor. Requesters see their own.

        A parameter that is given twice means either value. Far into a long list a cursor is faster than a page.
        """
        wanted = from_query(
            TicketFilter,
            status=status,
            priority=priority,
            assignee_id=assignee_id,
            requester_id=requester_id,
            tags=tags,
            text=text,
            created_after=created_after,
            created_before=created_before,
            updated_after=updated_after,
            updated_before=updated_before,
            deleted=deleted,
        )
        only_one_of(page, cursor)
        scope = ["tickets", wanted]
        below = Place.from_int(cursors.read(cursor, scope)) if cursor is not None else None
        found, counted = await tickets.page(
            request.user, wanted, limit=limit + 1, offset=(page - 1) * limit, below=below
        )
        shown, is_more = found[:limit], len(found) > limit
        next_cursor = cursors.write(int(shown[-1].place), scope) if is_more else None
        return TicketPage(
            [TicketResponse.of(ticket) for ticket in shown], Pagination.of(page, limit, counted), next_cursor
        )

    @post(responses=protected(BodyTooLarge))
    async def create_ticket(
        self, request: Requesting, tickets: TicketsService, data: JSONBody[CreateTicket]
    ) -> Response[TicketResponse]:
        ticket = await tickets.create(request.user, msgspec.structs.asdict(data))
        return _answer(ticket, HTTPStatus.CREATED, {"Location": f"/api/tickets/{ticket.id}"})

    @get("/{ticket_id:str}", responses=protected(NotFound))
    async def read_ticket(
        self, request: Requesting, tickets: TicketsService, ticket_id: FromPath[UUID]
    ) -> Response[TicketResponse]:
        return _answer(await tickets.get(request.user, ticket_id))

    @put("/{ticket_id:str}", responses=protected(NotFound, VersionMismatch, BodyTooLarge))
    async def replace_ticket(
        self,
        request: Requesting,
        tickets: TicketsService,
        ticket_id: FromPath[UUID],
        data: JSONBody[ReplaceTicket],
        if_match: IfMatch = None,
    ) -> Response[TicketResponse]:
        values = msgspec.structs.asdict(data)
        return _answer(await tickets.change(request.user, ticket_id, values, versions_of(if_match)))

    @patch("/{ticket_id:str}", responses=protected(NotFound, VersionMismatch, BodyTooLarge))
    async def patch_ticket(
        self,
        request: Requesting,
        tickets: TicketsService,
        ticket_id: FromPath[UUID],
        data: JSONBody[PatchTicket],
        if_match: IfMatch = None,
    ) -> Response[TicketResponse]:
        values = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not msgspec.UNSET}
        if not values:
            raise InvalidRequest.at("$", "Name at least one field to change")
        return _answer(await tickets.change(request.user, ticket_id, values, versions_of(if_match)))

    @delete("/{ticket_id:str}", responses=protected(NotFound))
    async def delete_ticket(self, request: Requesting, tickets: TicketsService, ticket_id: FromPath[UUID]) -> None:
        """Delete softly; a second time it is not found."""
        await tickets.delete(request.user, ticket_id)


def versions_of(if_match: str | None) -> frozenset[int] | None:
    """Read If-Match (RFC 9110, 13.1.1): None lets every version through, the empty set none."""
    if if_match is None or if_match.strip() == "*":
        return None
    tags = (tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(","))
    return frozenset(int(tag) for tag in tags if tag.isascii() and tag.isdecimal() and len(tag) <= MAX_VERSION_DIGITS)


def _answer(
    ticket: Ticket, status: HTTPStatus = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> Response[TicketResponse]:
    return Response(
        TicketResponse.of(ticket), status_code=status, headers={"ETag": f'"{ticket.version}"', **(headers or {})}
    )
