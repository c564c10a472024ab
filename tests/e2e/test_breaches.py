"""Deadlines that pass while nobody looks, with workers as processes: each is told once."""

from collections import Counter
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from arq.connections import ArqRedis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts import tokens
from app.settings import Settings
from app.tickets import events
from tests.support.channel import is_subscribed_to
from tests.support.people import People, add_tickets
from tests.support.system import System
from tests.support.waiting import until
from tests.support.watcher import Watcher, connecting

POLICY = "insert into sla_policies (name, position, solution_minutes) values ('All', 1, 60)"


@pytest.fixture
async def agent(system: System, settings: Settings, redis: ArqRedis, people: People) -> AsyncIterator[Watcher]:
    """An agent's socket; no worker runs yet."""
    await system.start_api()
    await until(lambda: is_subscribed_to(redis, events.CHANNEL))
    token = tokens.issue(people.agent.id, settings.jwt_secret, 600)
    async with connecting(system.url, {"token": token}) as watcher:
        yield watcher


class Desk:
    """Tickets that have an hour to be solved in."""

    def __init__(self, engine: AsyncEngine, people: People) -> None:
        self._engine = engine
        self._people = people

    async def overdue(self, count: int) -> list[UUID]:
        """Add tickets whose deadline passed a while ago."""
        ids = await add_tickets(self._engine, self._people.requester, count)
        statement = text("update tickets set created_at = now() - interval '2 hours' where id = any(:ids)")
        async with self._engine.begin() as connection:
            await connection.execute(statement, {"ids": ids})
        return ids

    async def audited(self) -> Counter[UUID]:
        statement = text("select subject_id from audit_log where action = 'ticket.breached'")
        async with self._engine.connect() as connection:
            return Counter((await connection.execute(statement)).scalars())


@pytest.fixture
async def desk(engine: AsyncEngine, people: People) -> Desk:
    async with engine.begin() as connection:
        await connection.execute(text(POLICY))
    return Desk(engine, people)


def told(watcher: Watcher) -> Counter[UUID]:
    return Counter(UUID(payload["ticketId"]) for name, payload in watcher.told if name == "tickets:breached")


async def test_what_is_missed_while_all_workers_are_dead_is_told_once_when_one_is_back(
    system: System, desk: Desk, agent: Watcher
) -> None:
    worker = system.start_worker()
    before = await desk.overdue(1)
    await until(lambda: told(agent) == Counter(before), seconds=30)
    worker.kill()
    worker.wait()
    missed = await desk.overdue(3)
    assert await desk.audited() == Counter(before)
    system.start_worker()
    await until(lambda: told(agent) == Counter(before + missed), seconds=30)
    after = await desk.overdue(1)  # which is found when it looks again
    await until(lambda: after[0] in told(agent), seconds=30)
    assert told(agent) == await desk.audited() == Counter(before + missed + after)


async def test_two_workers_that_look_at_once_tell_of_each_once(system: System, desk: Desk, agent: Watcher) -> None:
    missed = await desk.overdue(500)
    workers = [system.start_worker() for _ in range(2)]
    await until(lambda: told(agent).keys() >= set(missed), seconds=30)
    for worker in workers:  # both look again, then the second one alone
        after = await desk.overdue(1)
        missed += after
        await until(lambda: after[0] in told(agent), seconds=30)  # noqa: B023 - awaited in the loop
        worker.kill()
        worker.wait()
    assert told(agent) == await desk.audited() == Counter(missed)
