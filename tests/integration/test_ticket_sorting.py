import itertools
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.tickets.filters import TicketQuery
from app.tickets.models import Sort
from app.tickets.service import _is_costly
from app.tickets.store import find_page
from tests.integration.conftest import Client
from tests.support.people import add_tickets
from tests.support.workbench import Workbench

SORTS: list[Sort] = ["-created", "created", "-updated", "updated"]


async def page_of(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get("/api/tickets", params=query)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def ids_on(page: dict[str, Any]) -> list[UUID]:
    return [UUID(ticket["id"]) for ticket in page["tickets"]]


@pytest.fixture
async def ids(bench: Workbench) -> list[UUID]:
    """Twelve tickets in order of creation, updated in another order, some at the same moment."""
    ids = await bench.tickets(12)
    await bench.execute("update tickets set updated_at = timestamptz '2026-01-01Z' + (number * 5 % 7) * interval '1 h'")
    return ids


async def expected(bench: Workbench, sort: str) -> list[UUID]:
    column, way = sort.removeprefix("-") + "_at", "desc" if sort.startswith("-") else "asc"
    async with bench.engine.connect() as connection:
        rows = await connection.exec_driver_sql(f"select id from tickets order by {column} {way}, id {way}")
        return list(rows.scalars())


@pytest.mark.parametrize("sort", SORTS)
async def test_pages_and_cursors_hold_each_ticket_once_in_order(
    agent: httpx.AsyncClient, bench: Workbench, ids: list[UUID], sort: str
) -> None:
    in_order = await expected(bench, sort)
    assert sorted(in_order) == sorted(ids)
    pages = [await page_of(agent, sort=sort, limit=5, page=number) for number in (1, 2, 3)]
    assert [id_ for page in pages for id_ in ids_on(page)] == in_order
    by_cursor = [await page_of(agent, sort=sort, limit=5)]
    while by_cursor[-1]["nextCursor"]:
        by_cursor.append(await page_of(agent, sort=sort, limit=5, cursor=by_cursor[-1]["nextCursor"]))
    assert [id_ for page in by_cursor for id_ in ids_on(page)] == in_order


async def test_newest_first_is_what_nobody_has_to_ask_for(
    agent: httpx.AsyncClient, bench: Workbench, ids: list[UUID]
) -> None:
    page = await page_of(agent, limit=5)
    assert page == await page_of(agent, limit=5, sort="-created")
    assert ids_on(page) == ids[:-6:-1]
    assert ids_on(await page_of(agent, limit=5, sort="-created", cursor=page["nextCursor"])) == ids[-6:-11:-1]


async def test_a_cursor_is_good_in_its_own_order_only(agent: httpx.AsyncClient, ids: list[UUID]) -> None:
    cursors = {sort: (await page_of(agent, sort=sort, limit=5))["nextCursor"] for sort in SORTS}
    for of, cursor in cursors.items():
        for sort in SORTS:
            answer = await agent.get("/api/tickets", params={"sort": sort, "limit": 5, "cursor": cursor})
            assert answer.status_code == (200 if sort == of else 400), (of, sort)


async def test_a_change_brings_a_ticket_to_the_top(agent: httpx.AsyncClient, ids: list[UUID]) -> None:
    assert (await agent.patch(f"/api/tickets/{ids[4]}", json={"status": "closed"})).status_code == 200
    assert ids_on(await page_of(agent, sort="-updated"))[0] == ids[4]
    assert ids_on(await page_of(agent, sort="updated"))[-1] == ids[4]


async def test_of_deleted_tickets_the_one_that_was_deleted_last_comes_first(
    agent: httpx.AsyncClient, bench: Workbench, ids: list[UUID]
) -> None:
    one_by_one = [ids[7], ids[2], ids[9]]
    for ticket_id in one_by_one:
        await agent.delete(f"/api/tickets/{ticket_id}")
    job = await bench.submit([ids[5]])
    await bench.lanes().run(job.id)
    page = await page_of(agent, deleted="true", sort="-updated")
    assert ids_on(page) == [ids[5], *one_by_one[::-1]]
    deleted = [ticket["deletedAt"] for ticket in page["tickets"]]
    assert deleted == sorted(deleted, reverse=True)


async def test_a_filter_and_whose_tickets_they_are_hold_in_any_order(
    client: Client, bench: Workbench, ids: list[UUID]
) -> None:
    theirs = await add_tickets(bench.engine, bench.people.other_requester, 2)
    await bench.execute("update tickets set status = 'closed' where id = :id", id=ids[3])
    async with client(bench.people.other_requester) as opened:
        assert ids_on(await page_of(opened, sort="created")) == theirs
    async with client(bench.people.agent) as opened:
        assert ids_on(await page_of(opened, sort="-updated", status="closed")) == [ids[3]]


@pytest.mark.parametrize("sort", ["title", "", "+created", "-number", "createdAt"])
async def test_there_are_no_other_orders(agent: httpx.AsyncClient, sort: str) -> None:
    answer = await agent.get("/api/tickets", params={"sort": sort})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "query.sort")


class Explained:
    """Reads as `Reads` does, and tells the plan instead of the rows."""

    def __init__(self, bench: Workbench) -> None:
        self._engine = bench.engine
        self.plan = ""

    async def fetch(self, statement: Any, **values: Any) -> list[Any]:
        async with self._engine.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            rows = await raw.fetch(f"explain {statement.text}", *statement.arguments(values))
        self.plan = "\n".join(row[0] for row in rows)
        return []


async def test_a_large_table_is_read_in_the_order_of_an_index_or_at_cost(bench: Workbench) -> None:
    await bench.execute(
        """
        insert into tickets (title, requester_id, created_at, updated_at, deleted_at)
        select 'x', :id, now() - n * interval '1 s', now() - (n * 7 % 20000) * interval '1 s',
               case when n % 2 = 0 then now() end
        from generate_series(1, 20000) as n
        """,
        id=bench.people.requester.id,
    )
    await bench.execute("analyze tickets")
    explained = Explained(bench)
    for sort, deleted, page in itertools.product(SORTS, (False, True), (1, 5)):
        query = TicketQuery(sort=sort, deleted=deleted, page=page)
        await find_page(explained, query, requester_id=None, after=None)
        is_whole = "Seq Scan" in explained.plan or "Bitmap" in explained.plan
        is_read_in_order = "Index Scan" in explained.plan and not is_whole
        assert is_read_in_order != _is_costly(query), (query, explained.plan)
