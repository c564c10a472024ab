from http import HTTPStatus
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from app.accounts.models import User
from app.comments.queries import CommentQuery
from app.comments.schemas import CommentPage, CommentResponse, CreateComment, PatchComment
from app.comments.service import Comments
from app.errors import BodyTooLarge, NotFound
from app.http.answers import Answer, answer, answers
from app.http.openapi import protected
from app.http.paging import Cursors
from app.http.query import Reading
from app.tickets.errors import Merged

Requesting = Request[User, Any, Any]


class CommentController(Controller):
    path = "/api/tickets/{ticket_id:str}/comments"
    tags = ("comments",)
    comments: Comments
    cursors: Cursors

    @get(responses=protected(NotFound), dependencies={"wanted": Reading(CommentQuery)})
    async def list_comments(
        self, request: Requesting, ticket_id: FromPath[UUID], wanted: NamedDependency[CommentQuery]
    ) -> CommentPage:
        """List a ticket's comments, oldest first unless sorted otherwise. To requesters there are no internal ones."""
        after = self.cursors.start_of(wanted, UUID, ticket_id)
        found = await self.comments.find_page(request.user, ticket_id, wanted, after=after)
        part = self.cursors.part_of(wanted, found, lambda comment: comment.id, ticket_id)
        return CommentPage(answers(part.items, CommentResponse), part.next_cursor)

    @post(responses=protected(NotFound, Merged, BodyTooLarge))
    async def create_comment(
        self, request: Requesting, ticket_id: FromPath[UUID], data: JSONBody[CreateComment]
    ) -> Response[CommentResponse]:
        """Answer on a ticket, or leave a note for agents and admins alone: an internal comment."""
        comment = await self.comments.create(request.user, ticket_id, data.body, internal=data.internal)
        headers = {"Location": f"/api/tickets/{ticket_id}/comments/{comment.id}"}
        return Answer(answer(comment, CommentResponse), status_code=HTTPStatus.CREATED, headers=headers)

    @get("/{comment_id:str}", responses=protected(NotFound))
    async def read_comment(
        self, request: Requesting, ticket_id: FromPath[UUID], comment_id: FromPath[UUID]
    ) -> CommentResponse:
        return answer(await self.comments.get(request.user, ticket_id, comment_id), CommentResponse)

    @patch("/{comment_id:str}", responses=protected(NotFound, BodyTooLarge))
    async def patch_comment(
        self,
        request: Requesting,
        ticket_id: FromPath[UUID],
        comment_id: FromPath[UUID],
        data: JSONBody[PatchComment],
    ) -> CommentResponse:
        """Change the text of a comment of one's own, or as an admin of any; the old text is in the ticket's history."""
        return answer(await self.comments.edit(request.user, ticket_id, comment_id, data.body), CommentResponse)

    @delete("/{comment_id:str}", responses=protected(NotFound))
    async def delete_comment(self, request: Requesting, ticket_id: FromPath[UUID], comment_id: FromPath[UUID]) -> None:
        """Delete a comment of one's own, or as an admin any; its text stays in the ticket's history."""
        await self.comments.remove(request.user, ticket_id, comment_id)
