import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text

from app.tickets import events
from tests.support.fakes import RecordedTicketAnnouncer
from tests.support.people import People
from tests.support.workbench import Workbench
from worker import breaches
from worker.breaches import Breaches


class Told(RecordedTicketAnnouncer):
    @property
    def events(self) -> list[events.Event]:
        return [message for message in self.messages if isinstance(message, events.Event)]

    @property
    def ids(self) -> list[UUID]:
        return [event.payload.ticket_id for event in self.events]


async def overdue(bench: Workbench, count: int) -> list[UUID]:
    ids = await bench.tickets(count)
    await bench.execute("update tickets set due_at = now() - interval '1 minute' where id = any(:ids)", ids=ids)
    return ids


async def rows(bench: Workbench, statement: str) -> list[tuple[object, ...]]:
    async with bench.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(statement))]


async def test_what_is_late_is_marked_recorded_and_told_once(bench: Workbench, people: People) -> None:
    [late] = await overdue(bench, 1)
    [early, deleted] = await bench.tickets(2)
    await bench.execute("update tickets set due_at = now() + interval '1 minute' where id = :id", id=early)
    await bench.execute(
        "update tickets set due_at = now() - interval '1 minute', deleted_at = now() where id = :id", id=deleted
    )
    told = Told()
    for _ in range(2):
        await Breaches(bench.engine, told, bench.outbox).sweep()
    [event] = told.events
    assert (event.name, event.payload.ticket_id, event.payload.by) == ("tickets:breached", late, None)
    assert event.requester_id == people.requester.id
    assert await rows(bench, "select id, version from tickets where breached") == [(late, 1)]
    assert await rows(bench, "select action, actor_id, subject_id from audit_log") == [("ticket.breached", None, late)]
    changes = "select ticket_id, actor_id, version, changes from ticket_changes"
    assert await rows(bench, changes) == [(late, None, None, {"breached": [False, True]})]


async def test_two_who_look_at_once_tell_of_each_once(bench: Workbench) -> None:
    ids = await overdue(bench, 300)
    told = Told()
    await asyncio.gather(*(Breaches(bench.engine, told, bench.outbox).sweep() for _ in range(4)))
    assert sorted(told.ids) == sorted(ids)
    assert await rows(bench, "select count(*), count(distinct subject_id) from audit_log") == [(300, 300)]


async def test_many_are_marked_so_many_at_a_time(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaches, "MOST", 10)
    ids = await overdue(bench, 21)
    told = Told()
    await Breaches(bench.engine, told, bench.outbox).sweep()
    assert sorted(told.ids) == sorted(ids)
    assert await rows(bench, "select count(distinct xmin::text) from tickets") == [(3,)]


async def test_a_ticket_that_someone_has_in_hand_is_left_for_the_next_time(bench: Workbench) -> None:
    held, free = await overdue(bench, 2)
    told = Told()
    async with bench.engine.begin() as connection:
        await connection.execute(text("select from tickets where id = :id for update"), {"id": held})
        await Breaches(bench.engine, told, bench.outbox).sweep()
        assert told.ids == [free]
    await Breaches(bench.engine, told, bench.outbox).sweep()
    assert told.ids == [free, held]


async def test_a_later_deadline_can_be_missed_as_well(bench: Workbench) -> None:
    [late] = await overdue(bench, 1)
    told = Told()
    await Breaches(bench.engine, told, bench.outbox).sweep()
    await bench.execute("insert into sla_policies (name, position, solution_minutes) values ('All', 1, 60)")
    await bench.execute("update tickets set priority = 'high'")
    assert await rows(bench, "select breached from tickets") == [(False,)]
    await bench.execute("update tickets set created_at = created_at - interval '1 day'")
    await Breaches(bench.engine, told, bench.outbox).sweep()
    assert told.ids == [late, late]


async def test_a_pause_does_not_make_it_late_a_second_time(bench: Workbench) -> None:
    await bench.execute("insert into sla_policies (name, position, solution_minutes) values ('All', 1, 60)")
    [late] = await bench.tickets(1)
    await bench.execute("update tickets set created_at = created_at - interval '1 day'")
    told = Told()
    await Breaches(bench.engine, told, bench.outbox).sweep()
    for status, is_due in (("resolved", False), ("open", True)):
        await bench.execute("update tickets set status = :status", status=status)
        assert await rows(bench, "select breached, due_at is not null from tickets") == [(True, is_due)]
        await Breaches(bench.engine, told, bench.outbox).sweep()
    assert told.ids == [late]
