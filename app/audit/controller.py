from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from app.audit.models import Action, Wanted
from app.audit.schemas import EntryPage, EntryResponse
from app.audit.service import Audit
from app.bodies import from_query
from app.openapi import protected
from app.paging import DEFAULT_LIMIT, Cursor, Cursors, PageLimit
from app.times import DATE_TIME

ActorId = Annotated[UUID | None, QueryParameter(name="actorId", description="Who acted")]
SubjectId = Annotated[UUID | None, QueryParameter(name="subjectId", description="The job or the user acted upon")]
After = Annotated[str | None, QueryParameter(format=DATE_TIME, description="From this time on")]
Before = Annotated[str | None, QueryParameter(format=DATE_TIME, description="Up to this time, exclusive")]


class AuditController(Controller):
    path = "/api/audit"
    tags = ("audit",)

    @get(responses=protected())
    async def list_audit(
        self,
        audit: NamedDependency[Audit],
        cursors: NamedDependency[Cursors],
        action: FromQuery[Action | None] = None,
        actor_id: ActorId = None,
        subject_id: SubjectId = None,
        after: After = None,
        before: Before = None,
        cursor: Cursor = None,
        limit: PageLimit = DEFAULT_LIMIT,
    ) -> EntryPage:
        """List who did what, newest first: each action on a job, each refused login, each change of a user's rights."""
        wanted = from_query(Wanted, action=action, actor_id=actor_id, subject_id=subject_id, after=after, before=before)
        below_id = cursors.read(cursor, wanted) if cursor is not None else None
        found = await audit.page(wanted, below_id=below_id, limit=limit + 1)
        page, is_more = found[:limit], len(found) > limit
        next_cursor = cursors.write(page[-1].id, wanted) if is_more else None
        return EntryPage([EntryResponse.of(entry) for entry in page], next_cursor)
