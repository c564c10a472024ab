from litestar import Controller, get
from litestar.di import NamedDependency

from app.audit.queries import AuditQuery
from app.audit.schemas import EntryPage, EntryResponse
from app.audit.service import Audit
from app.http.answers import answers
from app.http.openapi import protected
from app.http.paging import Cursors
from app.http.query import Reading


class AuditController(Controller):
    path = "/api/audit"
    tags = ("audit",)
    audit: Audit
    cursors: Cursors

    @get(responses=protected(), dependencies={"wanted": Reading(AuditQuery)})
    async def list_audit(self, wanted: NamedDependency[AuditQuery]) -> EntryPage:
        """List who did what, newest first.

        Each action on a job, session, refused login, change of rights, merge of contacts, approval, and item of which
        there is too little in stock.
        """
        found = await self.audit.find_page(wanted, below_id=self.cursors.start_of(wanted, int))
        part = self.cursors.part_of(wanted, found, lambda entry: entry.id)
        return EntryPage(answers(part.items, EntryResponse), part.next_cursor)
