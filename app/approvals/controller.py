from http import HTTPStatus
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from app.accounts.errors import TooManyAttempts
from app.accounts.models import Caller
from app.accounts.origin import origin_of
from app.approvals.errors import AlreadyDecided, LinkExpired, UnknownLink
from app.approvals.queries import ApproverQuery
from app.approvals.schemas import ApproverList, AskedResponse, RejectRequest
from app.approvals.service import Approvals
from app.errors import BodyTooLarge, InvalidRequest, NotFound
from app.http.openapi import problems, protected
from app.http.query import Reading
from app.tickets.errors import NotTheApprover, TransitionNotAllowed
from app.tickets.schemas import TicketResponse

Anyone = Request[Any, Any, Any]
OF_LINKS = (InvalidRequest, UnknownLink, AlreadyDecided, LinkExpired, TooManyAttempts)
REFUSED_DECISIONS = (NotFound, TransitionNotAllowed, NotTheApprover)


class ApprovalController(Controller):
    """Decisions by whoever is logged in, and by links: those work once, for one ticket, and need no login."""

    path = "/api"
    tags = ("approvals",)
    approvals: Approvals

    @post("/tickets/{ticket_id:str}/approve", status_code=HTTPStatus.OK, responses=protected(*REFUSED_DECISIONS))
    async def approve_ticket(self, caller: NamedDependency[Caller], ticket_id: FromPath[UUID]) -> TicketResponse:
        """Approve a ticket that waits for it, as its assignee or an admin."""
        decided = await self.approvals.decide(caller, ticket_id, "approved")
        return TicketResponse.of(decided, seen_by=caller.user)

    @post(
        "/tickets/{ticket_id:str}/reject",
        status_code=HTTPStatus.OK,
        responses=protected(*REFUSED_DECISIONS, BodyTooLarge),
    )
    async def reject_ticket(
        self, caller: NamedDependency[Caller], ticket_id: FromPath[UUID], data: JSONBody[RejectRequest]
    ) -> TicketResponse:
        """Reject a ticket that waits for approval, as its assignee or an admin, and say why."""
        decided = await self.approvals.decide(caller, ticket_id, "rejected", data.reason)
        return TicketResponse.of(decided, seen_by=caller.user)

    @get("/approvers", responses=protected(), dependencies={"wanted": Reading(ApproverQuery)})
    async def list_approvers(self, wanted: NamedDependency[ApproverQuery]) -> ApproverList:
        """List who can be asked to approve: the names of agents and admins, for everyone who asks for something."""
        return ApproverList(await self.approvals.approvers(wanted.text or ""))

    @get("/approvals/{token:str}", security=[{}], responses=problems(*OF_LINKS))
    async def read_approval(self, token: FromPath[str], request: Anyone) -> AskedResponse:
        """Show what a link asks about."""
        return AskedResponse.of(await self.approvals.asked(token, origin_of(request)))

    @post(
        "/tickets/{ticket_id:str}/approve/{token:str}",
        status_code=HTTPStatus.OK,
        security=[{}],
        responses=problems(*OF_LINKS),
    )
    async def approve_by_link(self, ticket_id: FromPath[UUID], token: FromPath[str], request: Anyone) -> AskedResponse:
        return AskedResponse.of(await self.approvals.decide_by_link(ticket_id, token, origin_of(request), "approved"))

    @post(
        "/tickets/{ticket_id:str}/reject/{token:str}",
        status_code=HTTPStatus.OK,
        security=[{}],
        responses=problems(*OF_LINKS, BodyTooLarge),
    )
    async def reject_by_link(
        self, ticket_id: FromPath[UUID], token: FromPath[str], data: JSONBody[RejectRequest], request: Anyone
    ) -> AskedResponse:
        return AskedResponse.of(
            await self.approvals.decide_by_link(ticket_id, token, origin_of(request), "rejected", data.reason)
        )

    @get(
        "/tickets/{ticket_id:str}/approve/{token:str}",
        status_code=HTTP_303_SEE_OTHER,
        security=[{}],
        responses=problems(InvalidRequest, NotFound),
    )
    async def show_approving(self, ticket_id: FromPath[UUID], token: FromPath[str]) -> Redirect:
        """Send a browser to the page that asks. It decides nothing: programs that look through mail open links."""
        return Redirect(self.approvals.page(ticket_id, "approve", token), status_code=HTTP_303_SEE_OTHER)

    @get(
        "/tickets/{ticket_id:str}/reject/{token:str}",
        status_code=HTTP_303_SEE_OTHER,
        security=[{}],
        responses=problems(InvalidRequest, NotFound),
    )
    async def show_rejecting(self, ticket_id: FromPath[UUID], token: FromPath[str]) -> Redirect:
        """As for approving."""
        return Redirect(self.approvals.page(ticket_id, "reject", token), status_code=HTTP_303_SEE_OTHER)
