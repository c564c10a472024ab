from typing import Any
from uuid import UUID

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.accounts.models import User
from app.errors import NotFound, TooManyRequests
from app.history.models import Place
from app.history.queries import HistoryQuery
from app.history.schemas import ChangeResponse, HistoryPage
from app.history.service import Histories
from app.http.answers import answers
from app.http.openapi import protected
from app.http.paging import Cursors
from app.http.query import Reading


class HistoryController(Controller):
    path = "/api/tickets/{ticket_id:str}/history"
    tags = ("tickets",)
    histories: Histories
    cursors: Cursors

    @get(responses=protected(NotFound, TooManyRequests), dependencies={"wanted": Reading(HistoryQuery)})
    async def list_history(
        self,
        request: Request[User, Any, Any],
        ticket_id: FromPath[UUID],
        wanted: NamedDependency[HistoryQuery],
    ) -> HistoryPage:
        """List what was changed of a ticket, by hand or by a bulk job, newest first; of deleted ones too, for staff.

        What bulk jobs changed is known as long as the jobs are: JOB_RETENTION_DAYS. Where a later one has gone already,
        it may be unknown what a change led to; it is listed then as one of the ticket's `version`.
        """
        after = self.cursors.start_of(wanted, Place, ticket_id)
        found = await self.histories.find_page(request.user, ticket_id, wanted, after=after)
        part = self.cursors.part_of(wanted, found, lambda change: change.place, ticket_id)
        return HistoryPage(answers(part.items, ChangeResponse), part.next_cursor)
