from http import HTTPStatus
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, post, put
from litestar.params import FromPath, JSONBody

from app.accounts.models import User
from app.errors import BodyTooLarge, NotFound
from app.http.answers import Answer, answer, answers
from app.http.openapi import protected
from app.relations.errors import TooManyRelated
from app.relations.schemas import MergeTicket, RelatedTickets
from app.relations.service import Relations
from app.tickets.errors import Merged
from app.tickets.schemas import TicketResponse

Requesting = Request[User, Any, Any]


class RelationController(Controller):
    path = "/api/tickets/{ticket_id:str}"
    tags = ("tickets",)
    relations: Relations

    @post("/merge", status_code=HTTPStatus.OK, responses=protected(NotFound, Merged, BodyTooLarge))
    async def merge_ticket(
        self, request: Requesting, ticket_id: FromPath[UUID], data: JSONBody[MergeTicket]
    ) -> Response[TicketResponse]:
        """Merge a duplicate into the ticket that survives, which is the answer. It cannot be undone.

        The duplicate is closed for good. Its comments and tags go to the survivor; where that is another requester's,
        the comments become internal.
        """
        survivor = await self.relations.merge(request.user, ticket_id, data.into)
        return Answer(answer(survivor, TicketResponse), headers={"ETag": f'"{survivor.version}"'})

    @get("/related", responses=protected(NotFound))
    async def list_related(self, ticket_id: FromPath[UUID]) -> RelatedTickets:
        """List the tickets that this one is related to, by number: at most 100, and no deleted ones."""
        return RelatedTickets(answers(await self.relations.find_related(ticket_id), TicketResponse))

    @put(
        "/related/{other_id:str}",
        status_code=HTTPStatus.NO_CONTENT,
        responses=protected(NotFound, TooManyRelated),
    )
    async def relate_tickets(self, request: Requesting, ticket_id: FromPath[UUID], other_id: FromPath[UUID]) -> None:
        """Relate two tickets, each to the other; a second time nothing changes."""
        await self.relations.relate(request.user, ticket_id, other_id)

    @delete("/related/{other_id:str}", responses=protected(NotFound))
    async def unrelate_tickets(self, request: Requesting, ticket_id: FromPath[UUID], other_id: FromPath[UUID]) -> None:
        """Take the relation of two tickets away; a second time nothing changes."""
        await self.relations.unrelate(request.user, ticket_id, other_id)
