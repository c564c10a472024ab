"""Each figure is held against SQL of its own, over tickets and jobs of all kinds."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.dashboard import service
from app.dashboard.service import Dashboard
from app.pools import Pools
from app.settings import Settings
from tests.support.people import People
from tests.support.pools import pools_beside
from tests.support.waiting import until
from tests.support.workbench import Workbench

PATH = "/api/dashboard/stats"
LIVE = "tickets where deleted_at is null"
RECENT = f"{LIVE} and created_at >= cast(:today as date) - 29"

Json = dict[str, Any]


@pytest.fixture
async def varied(bench: Workbench) -> None:
    """Add agents, more than are told of, and tickets and jobs of 60 days, each kind beside each other kind."""
    await bench.execute("""
        insert into users (username, email, password_hash, role)
        select 'agent ' || number, number || '@example.com', '', 'agent' from generate_series(1, 55) as number
    """)
    await bench.falsify(
        """
        insert into tickets (title, requester_id, status, priority, assignee_id, created_at, first_answered_at,
                             solved_at, breached, deleted_at)
        select 'Ticket ' || number, :requester_id,
               (array['open', 'in_progress', 'pending', 'resolved', 'closed'])[1 + number % 5],
               (array['low', 'normal', 'high', 'urgent'])[1 + number % 4],
               (select id from users where username = 'agent ' || number % 61),
               created_at,
               case when number % 3 > 0 then created_at + number * interval '97 seconds' end,
               case when number % 5 > 2 then created_at + number * interval '397 seconds' end,
               number % 6 = 0,
               case when number % 7 = 0 then now() end
        from generate_series(1, 1400) as number,
             lateral (select now() - number * interval '1 hour') as moment (created_at)
    """,
        requester_id=bench.people.requester.id,
    )
    await bench.falsify(
        """
        insert into jobs (type, requested_by, status, total, succeeded, failed, finished_at)
        select 'bulk-delete', :admin_id, status, 10, 10 - number % 4, number % 4,
               case when number % 6 > 2 then now() - number * interval '1 day' end
        from generate_series(1, 60) as number,
             lateral (select (array['queued', 'running', 'paused', 'completed', 'failed', 'canceled'])[1 + number % 6])
                 as kind (status)
    """,
        admin_id=bench.people.admin.id,
    )


class Sql:
    """Asks the database, where `:today` is the day in UTC of the figures."""

    def __init__(self, engine: AsyncEngine, stats: Json) -> None:
        self._engine = engine
        self._today = datetime.fromisoformat(stats["at"]).date()

    async def rows(self, statement: str) -> list[tuple[Any, ...]]:
        values = {"today": self._today} if ":today" in statement else {}
        async with self._engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(statement), values)]

    async def value(self, what: str) -> Any:
        [[found]] = await self.rows(f"select {what}")
        return found


@pytest.fixture
async def stats(varied: None, agent: httpx.AsyncClient) -> Json:
    return await told(agent)


@pytest.fixture
def sql(stats: Json, engine: AsyncEngine) -> Sql:
    return Sql(engine, stats)


async def told(client: httpx.AsyncClient) -> Json:
    answer = await client.get(PATH)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_tickets_are_counted_by_what_they_are(stats: Json, sql: Sql) -> None:
    assert stats["total"] == await sql.value(f"count(*) from {LIVE}") == 1200
    assert stats["breached"] == await sql.value(f"count(*) from {LIVE} and breached") > 0
    for figure, column, kinds in (("byStatus", "status", 5), ("byPriority", "priority", 4)):
        rows = await sql.rows(f"select {column}, count(*) from {LIVE} group by {column}")
        assert stats[figure] == dict(rows)
        assert len(rows) == kinds


async def test_those_who_have_most_to_do_come_first(stats: Json, sql: Sql) -> None:
    rows = await sql.rows(f"""
        select cast(assignee_id as text), username, count(*)
        from (select * from {LIVE} and status in ('open', 'in_progress', 'pending')) as unsolved
        left join users on users.id = assignee_id
        group by 1, 2 order by count(*) desc, username limit 50
    """)
    busiest = [(each["assigneeId"], each["username"], each["count"]) for each in stats["byAssignee"]]
    assert busiest == rows
    assert busiest[0][:2] == (None, None)
    assert len(busiest) == 50


async def test_what_was_created_and_solved_is_told_by_day(stats: Json, sql: Sql) -> None:
    rows = await sql.rows(f"""
        select cast(day as text), (select count(*) from {LIVE} and cast(created_at as date) = day),
               (select count(*) from {LIVE} and cast(solved_at as date) = day)
        from (select cast(:today as date) - ago as day from generate_series(0, 29) as ago) as days order by day
    """)
    assert [(day["date"], day["created"], day["solved"]) for day in stats["days"]] == rows
    assert len(rows) == 30
    assert all(created for _, created, _ in rows[1:-1])
    assert sum(solved for *_, solved in rows) > 100


@pytest.mark.parametrize(("figure", "column"), [("firstAnswer", "first_answered_at"), ("solution", "solved_at")])
async def test_how_long_it_took(stats: Json, sql: Sql, figure: str, column: str) -> None:
    rows = await sql.rows(f"""
        select extract(epoch from {column} - created_at) as seconds from {RECENT} and {column} is not null
        order by seconds
    """)
    seconds = [float(found) for (found,) in rows]
    assert stats[figure] == {
        "count": len(seconds),
        "medianSeconds": pytest.approx(at(seconds, 0.5)),
        "p90Seconds": pytest.approx(at(seconds, 0.9)),
    }
    assert len(seconds) > 200


def at(ordered: list[float], share: float) -> float:
    """Return the value at a share of the way through, in between two where none is there."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


async def test_jobs_are_counted_by_how_they_ended(stats: Json, sql: Sql) -> None:
    ended = "from jobs where finished_at >= cast(:today as date) - 29"
    expected = {
        "active": await sql.value("count(*) from jobs where status in ('queued', 'running', 'paused')"),
        "succeededItems": await sql.value(f"sum(succeeded) {ended}"),
        "failedItems": await sql.value(f"sum(failed) {ended}"),
    } | {
        status: await sql.value(f"count(*) {ended} and status = '{status}'")
        for status in ("completed", "failed", "canceled")
    }
    assert stats["jobs"] == expected
    assert all(expected.values())


async def test_where_there_is_nothing_all_is_zero(admin: httpx.AsyncClient) -> None:
    stats = await told(admin)
    assert (stats["total"], stats["byStatus"], stats["byPriority"], stats["byAssignee"]) == (0, {}, {}, [])
    assert stats["firstAnswer"] == stats["solution"] == {"count": 0, "medianSeconds": None, "p90Seconds": None}
    assert {day["created"] + day["solved"] for day in stats["days"]} == {0}
    assert set(stats["jobs"].values()) == {0}


async def test_it_is_for_agents_and_admins(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, requester: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    clients = (admin, agent, requester, stranger)
    assert [(await client.get(PATH)).status_code for client in clients] == [200, 200, 403, 401]


async def test_many_who_ask_at_once_are_told_what_was_counted_once(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, varied: None
) -> None:
    answers = await asyncio.gather(*(told(client) for client in (admin, agent) for _ in range(10)))
    assert len({stats["at"] for stats in answers}) == 1


async def test_processes_that_ask_at_once_count_once(
    pools: Pools, engine: AsyncEngine, settings: Settings, people: People
) -> None:
    async with pools_beside(engine, settings) as others:
        dashboards = [Dashboard(pools), Dashboard(others)]
        found = await asyncio.gather(*(dashboard.stats() for dashboard in dashboards for _ in range(3)))
    assert len({stats.at for stats in found}) == 1


async def test_at_says_when_they_were_counted_and_what_happened_since_is_not_in_them(
    agent: httpx.AsyncClient, bench: Workbench
) -> None:
    async def now() -> datetime:
        return datetime.fromisoformat(str(await Sql(bench.engine, first).value("clock_timestamp()")))

    first = {"at": "2026-01-01T00:00:00Z"}
    before = await now()
    first = await told(agent)
    assert before <= datetime.fromisoformat(first["at"]) <= await now()
    await bench.tickets(3)
    assert await told(agent) == first


async def test_old_ones_are_told_while_new_ones_are_counted(
    agent: httpx.AsyncClient, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "FRESH", timedelta(0))
    monkeypatch.setattr(service, "LEAST_REST", 0)
    first = await told(agent)
    await until(lambda: is_newer(agent, first), seconds=30)  # what is fresh is so by the constants from now on
    async with bench.engine.begin() as blocking:
        await blocking.execute(text("lock table tickets in access exclusive mode"))
        added = "insert into tickets (title, requester_id) select 'x', :id from generate_series(1, 3)"
        await blocking.execute(text(added), {"id": bench.people.requester.id})
        assert (await told(agent))["total"] == (await told(agent))["total"] == 0
    await until(lambda: has_total(agent, 3))


async def is_newer(client: httpx.AsyncClient, than: Json) -> bool:
    return bool((await told(client))["at"] > than["at"])


async def has_total(client: httpx.AsyncClient, total: int) -> bool:
    return bool((await told(client))["total"] == total)
