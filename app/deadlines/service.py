from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import Caller
from app.audit import store as audit
from app.audit.models import Action
from app.deadlines import store
from app.deadlines.errors import CalendarInUse, NameTaken, TooMany
from app.deadlines.models import Calendar, Policy, calendars, sla_policies
from app.errors import InvalidRequest, NotFound
from app.jobs.intake import Intake
from app.jobs.models import Job
from app.jobs.operations.bulk_deadlines import BulkDeadlines
from app.jobs.operations.operation import Targets
from app.pools import Pools
from app.tickets.filters import TicketFilter
from app.tickets.status import RUNNING

MOST = 100  # policies, and calendars: each ticket that is written looks through the policies
MINUTES = ("first_answer_minutes", "next_answer_minutes", "solution_minutes")

Found = TypeVar("Found")


class PolicyChanged(NamedTuple):
    policy: Policy | None
    job: Job


class CalendarChanged(NamedTuple):
    calendar: Calendar
    job: Job | None


class Deadlines:
    """Policies and the calendars that they count by.

    Each change is stored together with the job that works out anew when open tickets are due; it is to be launched once
    the client has its answer. New tickets go by the change at once.
    """

    def __init__(self, pools: Pools, intake: Intake) -> None:
        self._engine = pools.engine
        self._intake = intake

    async def policies(self) -> list[Policy]:
        async with self._engine.connect() as connection:
            return await store.all_policies(connection)

    async def calendars(self) -> list[Calendar]:
        async with self._engine.connect() as connection:
            return await store.all_calendars(connection)

    async def policy(self, policy_id: UUID) -> Policy:
        """Raise `NotFound` if there is none."""
        async with self._engine.connect() as connection:
            return _require(await store.find_policy(connection, policy_id))

    async def calendar(self, calendar_id: UUID) -> Calendar:
        """Raise `NotFound` if there is none."""
        async with self._engine.connect() as connection:
            return _require(await store.find_calendar(connection, calendar_id))

    async def add_policy(self, caller: Caller, values: Mapping[str, Any]) -> PolicyChanged:
        """Raise `NameTaken`, `TooMany`, `InvalidRequest` for what makes no sense, and what `Intake.submit` does."""
        async with self._engine.begin() as connection:
            await store.lock(connection)
            _check_minutes(values)
            await _check_calendar(connection, values)
            policy_id = await _add(connection, sla_policies, values)
            return await self._policy_changed(connection, caller, "sla_policy.created", policy_id, values["name"])

    async def change_policy(self, caller: Caller, policy_id: UUID, values: Mapping[str, Any]) -> PolicyChanged:
        """Raise `NotFound`, and what `add_policy` does."""
        async with self._engine.begin() as connection:
            await store.lock(connection)
            policy = _require(await store.find_policy(connection, policy_id))
            _check_minutes({**msgspec.structs.asdict(policy), **values})
            await _check_calendar(connection, values)
            await _change(connection, sla_policies, policy_id, values)
            name = values.get("name", policy.name)
            return await self._policy_changed(connection, caller, "sla_policy.changed", policy_id, name)

    async def remove_policy(self, caller: Caller, policy_id: UUID) -> PolicyChanged:
        """Raise `NotFound`, and what `Intake.submit` does."""
        async with self._engine.begin() as connection:
            await store.lock(connection)
            policy = _require(await store.find_policy(connection, policy_id))
            await store.remove(connection, sla_policies, policy_id)
            return await self._policy_changed(connection, caller, "sla_policy.deleted", policy_id, policy.name)

    async def add_calendar(self, caller: Caller, values: Mapping[str, Any]) -> Calendar:
        """Raise `NameTaken`, `TooMany`, and `InvalidRequest` for an unknown time zone."""
        async with self._engine.begin() as connection:
            await store.lock(connection)
            await _check_time_zone(connection, values)
            calendar_id = await _add(connection, calendars, _stored(values))
            await _record(connection, caller, "calendar.created", calendar_id, values["name"])
            return _require(await store.find_calendar(connection, calendar_id))

    async def change_calendar(self, caller: Caller, calendar_id: UUID, values: Mapping[str, Any]) -> CalendarChanged:
        """Change a calendar; there is a job only where a policy counts by it, and more than its name is another.

        Raises `NotFound`, and what `add_calendar` and `Intake.submit` do.
        """
        async with self._engine.begin() as connection:
            await store.lock(connection)
            calendar = _require(await store.find_calendar(connection, calendar_id))
            await _check_time_zone(connection, values)
            await _change(connection, calendars, calendar_id, _stored(values))
            await _record(connection, caller, "calendar.changed", calendar_id, values.get("name", calendar.name))
            concerns = values.keys() != {"name"} and await store.is_in_use(connection, calendar_id)
            job = await self._recompute(connection, caller) if concerns else None
            return CalendarChanged(_require(await store.find_calendar(connection, calendar_id)), job)

    async def remove_calendar(self, caller: Caller, calendar_id: UUID) -> None:
        """Raise `NotFound`, and `CalendarInUse` where a policy counts by it."""
        async with self._engine.begin() as connection:
            await store.lock(connection)
            calendar = _require(await store.find_calendar(connection, calendar_id))
            if await store.is_in_use(connection, calendar_id):
                raise CalendarInUse
            await store.remove(connection, calendars, calendar_id)
            await _record(connection, caller, "calendar.deleted", calendar_id, calendar.name)

    async def _policy_changed(
        self, connection: AsyncConnection, caller: Caller, action: Action, policy_id: UUID, name: str
    ) -> PolicyChanged:
        await _record(connection, caller, action, policy_id, name)
        job = await self._recompute(connection, caller)
        return PolicyChanged(await store.find_policy(connection, policy_id), job)

    async def _recompute(self, connection: AsyncConnection, caller: Caller) -> Job:
        """All tickets whose clock runs are looked at: which of them a change concerns, is what the job finds out."""
        targets = Targets(filter=TicketFilter(status=[*RUNNING]))
        return await self._intake.submit_within(connection, caller, BulkDeadlines(payload=targets))


async def _add(connection: AsyncConnection, table: Table, values: Mapping[str, Any]) -> UUID:
    if await store.count(connection, table) >= MOST:
        raise TooMany
    if await store.has_name(connection, table, values["name"]):
        raise NameTaken
    return await store.add(connection, table, values)


async def _change(connection: AsyncConnection, table: Table, id_: UUID, values: Mapping[str, Any]) -> None:
    if "name" in values and await store.has_name(connection, table, values["name"], besides=id_):
        raise NameTaken
    await store.change(connection, table, id_, values)


def _check_minutes(values: Mapping[str, Any]) -> None:
    if all(values[name] is None for name in MINUTES):
        raise InvalidRequest.at("$", "Give firstAnswerMinutes, nextAnswerMinutes or solutionMinutes")


async def _check_calendar(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    calendar_id = values.get("calendar_id")
    if calendar_id is not None and await store.find_calendar(connection, calendar_id) is None:
        raise InvalidRequest.at("$.calendarId", "There is no calendar with this id")


async def _check_time_zone(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    if "time_zone" in values and not await store.knows_time_zone(connection, values["time_zone"]):
        raise InvalidRequest.at("$.timeZone", "There is no such time zone; give one such as Europe/Berlin")


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, **({"hours": msgspec.to_builtins(values["hours"])} if "hours" in values else {})}


async def _record(connection: AsyncConnection, caller: Caller, action: Action, subject_id: UUID, name: str) -> None:
    await audit.record(
        connection, action, caller.origin, actor_id=caller.user.id, subject_id=subject_id, details={"name": name}
    )


def _require(found: Found | None) -> Found:
    if found is None:
        raise NotFound
    return found
