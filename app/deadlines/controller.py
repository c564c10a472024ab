from http import HTTPStatus
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, patch, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from app.accounts.models import Caller
from app.deadlines.errors import CalendarInUse, NameTaken, TooMany
from app.deadlines.schemas import (
    CalendarChange,
    CalendarList,
    CalendarResponse,
    CreateCalendar,
    CreatePolicy,
    PatchCalendar,
    PatchPolicy,
    PolicyChange,
    PolicyList,
    PolicyResponse,
)
from app.deadlines.service import Deadlines, PolicyChanged
from app.errors import BodyTooLarge, NotFound
from app.http.answers import Answer, answer, answers
from app.http.openapi import protected
from app.jobs.errors import TooManyJobs
from app.jobs.intake import Intake

Calling = NamedDependency[Caller]


class PolicyController(Controller):
    path = "/api/sla-policies"
    tags = ("deadlines",)
    deadlines: Deadlines
    intake: Intake

    @get(responses=protected())
    async def list_policies(self) -> PolicyList:
        """List the policies in the order in which they are tried: the first that fits a ticket counts."""
        return PolicyList(answers(await self.deadlines.policies(), PolicyResponse))

    @post(responses=protected(BodyTooLarge, NameTaken, TooMany, TooManyJobs))
    async def create_policy(self, caller: Calling, data: JSONBody[CreatePolicy]) -> Response[PolicyChange]:
        """Add a policy; a job works out anew when open tickets are due."""
        changed = await self.deadlines.add_policy(caller, msgspec.structs.asdict(data))
        return self._launched(changed, HTTPStatus.CREATED)

    @get("/{policy_id:str}", responses=protected(NotFound))
    async def read_policy(self, policy_id: FromPath[UUID]) -> PolicyResponse:
        return answer(await self.deadlines.policy(policy_id), PolicyResponse)

    @patch("/{policy_id:str}", responses=protected(NotFound, BodyTooLarge, NameTaken, TooManyJobs))
    async def patch_policy(
        self, caller: Calling, policy_id: FromPath[UUID], data: JSONBody[PatchPolicy]
    ) -> Response[PolicyChange]:
        """Change a policy; a job works out anew when open tickets are due."""
        return self._launched(await self.deadlines.change_policy(caller, policy_id, data.changes()))

    @delete("/{policy_id:str}", status_code=HTTPStatus.OK, responses=protected(NotFound, TooManyJobs))
    async def delete_policy(self, caller: Calling, policy_id: FromPath[UUID]) -> Response[PolicyChange]:
        """Delete a policy; a job works out anew when open tickets are due."""
        return self._launched(await self.deadlines.remove_policy(caller, policy_id))

    def _launched(self, changed: PolicyChanged, status: HTTPStatus = HTTPStatus.OK) -> Response[PolicyChange]:
        policy, job = changed
        told = PolicyChange(None if policy is None else answer(policy, PolicyResponse), job.id)
        return Response(told, status_code=status, background=BackgroundTask(self.intake.launch, job))


class CalendarController(Controller):
    path = "/api/calendars"
    tags = ("deadlines",)
    deadlines: Deadlines
    intake: Intake

    @get(responses=protected())
    async def list_calendars(self) -> CalendarList:
        """List the calendars by name."""
        return CalendarList(answers(await self.deadlines.calendars(), CalendarResponse))

    @post(responses=protected(BodyTooLarge, NameTaken, TooMany))
    async def create_calendar(self, caller: Calling, data: JSONBody[CreateCalendar]) -> Response[CalendarResponse]:
        """Add opening hours, which policies can count by."""
        calendar = await self.deadlines.add_calendar(caller, msgspec.structs.asdict(data))
        headers = {"Location": f"/api/calendars/{calendar.id}"}
        return Answer(answer(calendar, CalendarResponse), status_code=HTTPStatus.CREATED, headers=headers)

    @get("/{calendar_id:str}", responses=protected(NotFound))
    async def read_calendar(self, calendar_id: FromPath[UUID]) -> CalendarResponse:
        return answer(await self.deadlines.calendar(calendar_id), CalendarResponse)

    @patch("/{calendar_id:str}", responses=protected(NotFound, BodyTooLarge, NameTaken, TooManyJobs))
    async def patch_calendar(
        self, caller: Calling, calendar_id: FromPath[UUID], data: JSONBody[PatchCalendar]
    ) -> Response[CalendarChange]:
        """Change a calendar; where a policy counts by it, a job works out anew when open tickets are due."""
        calendar, job = await self.deadlines.change_calendar(caller, calendar_id, data.changes())
        told = CalendarChange(answer(calendar, CalendarResponse), None if job is None else job.id)
        return Response(told, background=BackgroundTask(self.intake.launch, job) if job else None)

    @delete("/{calendar_id:str}", responses=protected(NotFound, CalendarInUse))
    async def delete_calendar(self, caller: Calling, calendar_id: FromPath[UUID]) -> None:
        """Delete a calendar that no policy counts by."""
        await self.deadlines.remove_calendar(caller, calendar_id)
