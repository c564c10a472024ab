from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from app.accounts.models import User
from app.errors import BodyTooLarge, NotFound
from app.http.answers import Answer, answer, answers
from app.http.openapi import protected
from app.http.paging import Cursors
from app.http.query import Reading
from app.views.errors import TooManyViews, ViewExists
from app.views.models import Place
from app.views.queries import CountQuery, ViewQuery
from app.views.schemas import CountList, CountResponse, CreateView, PatchView, ViewPage, ViewResponse
from app.views.service import Views

Requesting = Request[User, Any, Any]


class ViewController(Controller):
    path = "/api/views"
    tags = ("views",)
    views: Views
    cursors: Cursors

    @get(responses=protected(), dependencies={"wanted": Reading(ViewQuery)})
    async def list_views(self, request: Requesting, wanted: NamedDependency[ViewQuery]) -> ViewPage:
        """List the views that everyone has, then one's own and those that are shared, by position and name."""
        found = await self.views.find_page(request.user, wanted, after=self.cursors.start_of(wanted, Place))
        part = self.cursors.part_of(wanted, found, lambda view: view.place)
        return ViewPage(answers(part.items, ViewResponse), part.next_cursor)

    @post(responses=protected(BodyTooLarge, ViewExists, TooManyViews))
    async def create_view(self, request: Requesting, data: JSONBody[CreateView]) -> Response[ViewResponse]:
        """Save a filter under a name, to be used as `view` in any filter."""
        view = await self.views.create(request.user, msgspec.structs.asdict(data))
        headers = {"Location": f"/api/views/{view.id}"}
        return Answer(answer(view, ViewResponse), status_code=HTTPStatus.CREATED, headers=headers)

    @get("/counts", responses=protected(), dependencies={"wanted": Reading(CountQuery)})
    async def count_views(self, request: Requesting, wanted: NamedDependency[CountQuery]) -> CountList:
        """Count the tickets that views match, up to 1,000 each, in a tenth of a second for all.

        A count is at most five seconds old, and null where there was no time for it.
        """
        return CountList(answers(await self.views.count(request.user, wanted.view_ids), CountResponse))

    @get("/{view_id:str}", responses=protected(NotFound))
    async def read_view(self, request: Requesting, view_id: FromPath[UUID]) -> ViewResponse:
        return answer(await self.views.get(request.user, view_id), ViewResponse)

    @patch("/{view_id:str}", responses=protected(NotFound, BodyTooLarge, ViewExists))
    async def patch_view(self, request: Requesting, view_id: FromPath[UUID], data: JSONBody[PatchView]) -> ViewResponse:
        """Change a view of one's own."""
        return answer(await self.views.change(request.user, view_id, data.changes()), ViewResponse)

    @delete("/{view_id:str}", responses=protected(NotFound))
    async def delete_view(self, request: Requesting, view_id: FromPath[UUID]) -> None:
        """Delete a view of one's own; jobs that were posted with it keep its filter."""
        await self.views.remove(request.user, view_id)
