from http import HTTPStatus
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from app.accounts.models import Caller, User
from app.errors import BodyTooLarge, NotFound
from app.http.answers import Answer
from app.http.openapi import protected
from app.http.paging import Cursors
from app.http.query import Reading
from app.optics_requests.queries import OpticsRequestQuery
from app.optics_requests.schemas import CreateOpticsRequest, OpticsRequestPage, PatchOpticsStatus
from app.optics_requests.service import OpticsRequests
from app.tickets.errors import Merged, NotTheApprover, TransitionNotAllowed
from app.tickets.models import Place
from app.tickets.schemas import TicketResponse

Requesting = Request[User, Any, Any]


class OpticsRequestController(Controller):
    path = "/api/optics-requests"
    tags = ("optics",)
    optics_requests: OpticsRequests
    cursors: Cursors

    @get(responses=protected(), dependencies={"wanted": Reading(OpticsRequestQuery)})
    async def list_optics_requests(
        self, request: Requesting, wanted: NamedDependency[OpticsRequestQuery]
    ) -> OpticsRequestPage:
        """List the optics that one has asked for, newest first; admins see everybody's."""
        found = await self.optics_requests.find(request.user, wanted, after=self.cursors.start_of(wanted, Place))
        part = self.cursors.part_of(wanted, found, lambda ticket: ticket.place("-created"))
        shown = [TicketResponse.of(ticket, seen_by=request.user) for ticket in part.items]
        return OpticsRequestPage(shown, part.next_cursor)

    @post(responses=protected(BodyTooLarge))
    async def create_optics_request(
        self, request: Requesting, data: JSONBody[CreateOpticsRequest]
    ) -> Response[TicketResponse]:
        """Ask for an optical module: a ticket that waits for approval."""
        ticket = await self.optics_requests.create(request.user, data.values)
        shown = TicketResponse.of(ticket, seen_by=request.user)
        return Answer(shown, status_code=HTTPStatus.CREATED, headers={"Location": f"/api/tickets/{ticket.id}"})

    @patch(
        "/{ticket_id:str}/status",
        responses=protected(NotFound, TransitionNotAllowed, Merged, NotTheApprover, BodyTooLarge),
    )
    async def patch_optics_status(
        self, caller: NamedDependency[Caller], ticket_id: FromPath[UUID], data: JSONBody[PatchOpticsStatus]
    ) -> TicketResponse:
        """Approve or deny a request, as its assignee or an admin; archive one that was decided or handed over."""
        if data.status == "approve":
            ticket = await self.optics_requests.approve(caller, ticket_id)
        elif data.status == "deny":
            ticket = await self.optics_requests.deny(caller, ticket_id, data.reason or None)
        else:
            ticket = await self.optics_requests.archive(caller.user, ticket_id)
        return TicketResponse.of(ticket, seen_by=caller.user)
