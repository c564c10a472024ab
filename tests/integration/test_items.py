import json
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.models import User
from app.jobs import items
from app.jobs.models import Job
from tests.integration.conftest import Client
from tests.support.planner import TAKEN_FOR_EMPTY
from tests.support.workbench import Workbench


async def half_done(bench: Workbench, user: User) -> Job:
    """A user's job that was canceled after ten of its 24 tickets; the first and the last one are purged since."""
    ids = await bench.tickets(24)
    job = await bench.submit(ids, user)
    await bench.lanes(slice_seconds=0).run(job.id)
    await bench.cancel(job.id)
    await bench.execute("delete from tickets where id in (:first, :last)", first=ids[0], last=ids[-1])
    return job


async def items_of(client: httpx.AsyncClient, job: Job, **query: Any) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/jobs/{job.id}/items", params={"limit": 100, **query})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def titles(found: list[dict[str, Any]]) -> list[str | None]:
    assert {(item["ticketNumber"] is None) is (item["ticketTitle"] is None) for item in found} == {True}
    return [item["ticketTitle"] for item in found]


async def test_items_have_their_tickets_numbers_and_titles(admin: httpx.AsyncClient, bench: Workbench) -> None:
    job = await half_done(bench, bench.people.admin)
    expected = [None, *(f"Ticket {number}" for number in range(2, 24)), None]
    found = await items_of(admin, job)
    assert titles(found) == expected
    assert titles((await admin.get(f"/api/jobs/{job.id}")).json()["items"]) == expected[:20]
    assert titles(await items_of(admin, job, result="unprocessed")) == expected[10:]
    numbers = [item["ticketNumber"] for item in found if item["ticketNumber"]]
    assert numbers == sorted(set(numbers))


async def test_items_are_what_the_export_has(admin: httpx.AsyncClient, bench: Workbench) -> None:
    job = await half_done(bench, bench.people.admin)
    exported = (await admin.get(f"/api/jobs/{job.id}/items/export", params={"format": "ndjson"})).text
    assert await items_of(admin, job) == [json.loads(line) for line in exported.splitlines()]


@pytest.mark.parametrize("role", ["requester", "agent"])
async def test_who_may_not_see_the_tickets_is_not_told_what_they_are(
    client: Client, bench: Workbench, role: str
) -> None:
    """One who was an admin still sees the jobs of that time."""
    owner: User = getattr(bench.people, role)
    job = await half_done(bench, owner)
    async with client(owner) as opened:
        found = await items_of(opened, job)
        first = (await opened.get(f"/api/jobs/{job.id}")).json()["items"]
    assert first == found[:20]
    assert {title is None for title in titles(found)} == ({True} if role == "requester" else {True, False})


async def make_large(bench: Workbench, job: Job) -> None:
    """Give a job 100,000 items, of which 80,000 are done."""
    await bench.tickets(100_000)
    await bench.execute(
        """
        with numbered as (select id, row_number() over () - 1 as position from tickets limit 100000),
        done as (
            insert into job_items (job_id, position, ticket_id, result, code)
            select cast(:id as uuid), position, id, 'succeeded', 'deleted' from numbered where position < 80000
        )
        insert into job_chunks (job_id, no, first_position, size, ticket_ids)
        select cast(:id as uuid), position / 1000, min(position), count(*), array_agg(id order by position)
        from numbered where position >= 80000 group by position / 1000
        """,
        id=job.id,
    )


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]


async def reads_of(engine: AsyncEngine, relation: str, job: Job, **query: Any) -> list[dict[str, Any]]:
    """Read a page, and return the nodes of its plan that read a table."""
    values = {"job_id": job.id, "limit": 20, "after": -1, "result": None, "code": None, "names_tickets": True} | query
    statement = text(f"explain (analyze, format json) {items._PAGE.element}").bindparams(*items._PARAMETERS)
    async with engine.connect() as connection:
        [explained] = await connection.scalar(statement, values)
    return [node for node in nodes(explained["Plan"]) if node.get("Relation Name", "").startswith(relation)]


async def looked_up(engine: AsyncEngine, job: Job, **query: Any) -> float:
    """Read a page, and return how many tickets Postgres looked at for it, all of them through an index."""
    reads = await reads_of(engine, "tickets", job, **query)
    assert [node["Node Type"] for node in reads] in (["Index Scan"], ["Bitmap Heap Scan"])
    found: float = sum(node["Actual Rows"] * node["Actual Loops"] for node in reads)
    return found


async def done_items_read(engine: AsyncEngine, job: Job, **query: Any) -> float:
    """Read a page, and return how many items that are done Postgres looked at for it."""
    reads = await reads_of(engine, "job_items", job, **query)
    return float(
        sum((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in reads)
    )


async def test_a_page_from_anywhere_reads_the_items_on_it_and_no_others(bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(1))
    await bench.execute("delete from job_chunks")
    await make_large(bench, job)
    await bench.falsify("update job_items set result = 'failed' where position % 1000 = 7")
    await bench.execute("analyze")
    assert await done_items_read(bench.engine, job, after=50_000) == 20
    assert await done_items_read(bench.engine, job, after=79_989) == 10
    assert await done_items_read(bench.engine, job, after=90_000) == 0
    assert await done_items_read(bench.engine, job, after=50_000, result="failed") == 20
    assert await done_items_read(bench.engine, job, after=50_010, result="succeeded") == 20
    assert await done_items_read(bench.engine, job, result="unprocessed") == 0


async def test_a_page_of_a_large_job_looks_up_its_own_tickets_and_no_others(bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(1))
    await bench.execute("delete from job_chunks")
    await make_large(bench, job)
    # Postgres may not know yet how large the table is, or know it, or take it for empty, then and before.
    for prepare in ("select 1", TAKEN_FOR_EMPTY, "analyze", TAKEN_FOR_EMPTY):
        await bench.execute(prepare, name="tickets")
        assert await looked_up(bench.engine, job) == 20
        assert await looked_up(bench.engine, job, after=50_000) == 20
        assert await looked_up(bench.engine, job, after=79_979, limit=101) == 101
        assert await looked_up(bench.engine, job, result="unprocessed") == 20
        assert await looked_up(bench.engine, job, result="failed") == 0


def positions(found: list[dict[str, Any]]) -> list[int]:
    return [item["position"] for item in found]


async def test_a_list_begins_at_any_position(admin: httpx.AsyncClient, bench: Workbench) -> None:
    """Half of the items are done, the others stand in chunks; filters pass over the positions of others."""
    job = await half_done(bench, bench.people.admin)
    await bench.falsify("update job_items set result = 'failed', code = 'already_deleted' where position in (3, 8)")
    starts: dict[tuple[int, str | None], list[int]] = {
        (0, None): [0, 1, 2],
        (8, None): [8, 9, 10],
        (13, None): [13, 14, 15],
        (22, None): [22, 23],
        (24, None): [],
        (2**31 - 1, None): [],
        (4, "failed"): [8],
        (8, "failed"): [8],
        (9, "failed"): [],
        (7, "succeeded"): [7, 9],
        (0, "unprocessed"): [10, 11, 12],
        (21, "unprocessed"): [21, 22, 23],
    }
    for (start, result), expected in starts.items():
        query = {"from": start, "limit": 3} | ({"result": result} if result else {})
        assert positions(await items_of(admin, job, **query)) == expected, query


async def test_from_anywhere_on_cursors_lead_to_the_end(admin: httpx.AsyncClient, bench: Workbench) -> None:
    job = await half_done(bench, bench.people.admin)
    path, query, seen = f"/api/jobs/{job.id}/items", {"limit": 4}, []
    page = (await admin.get(path, params={**query, "from": 7})).json()
    for _ in range(4):
        seen += positions(page["items"])
        page = (await admin.get(path, params={**query, "cursor": page["nextCursor"]})).json()
    assert (seen + positions(page["items"]), page["nextCursor"]) == ([*range(7, 24)], None)


async def test_a_start_and_a_cursor_contradict_each_other(admin: httpx.AsyncClient, bench: Workbench) -> None:
    job = await half_done(bench, bench.people.admin)
    path = f"/api/jobs/{job.id}/items"
    cursor = (await admin.get(path, params={"limit": 4})).json()["nextCursor"]
    both = await admin.get(path, params={"limit": 4, "cursor": cursor, "from": 7})
    assert (both.status_code, both.json()["errors"][0]["message"]) == (400, "Give either `from` or `cursor`")
    paged = await admin.get(path, params={"from": 7, "page": 2})
    assert (paged.status_code, paged.json()["errors"][0]["path"]) == (400, "query.page")


async def test_one_item_is_found_by_its_tickets_number(admin: httpx.AsyncClient, bench: Workbench) -> None:
    job = await half_done(bench, bench.people.admin)
    done, undone = (await items_of(admin, job))[4], (await items_of(admin, job))[17]
    other = await half_done(bench, bench.people.admin)
    of_other = (await items_of(admin, other))[4]
    for item in (done, undone):
        number = item["ticketNumber"]
        assert await items_of(admin, job, number=number) == [item]
        assert await items_of(admin, job, number=number, result=item["result"]) == [item]
        assert await items_of(admin, job, number=number, result="failed") == []
        assert await items_of(admin, job, number=number, **{"from": item["position"] + 1}) == []
        assert await items_of(admin, other, number=number) == []
    assert await items_of(admin, job, number=of_other["ticketNumber"]) == []
    assert await items_of(admin, job, number=2**53 - 1) == []


async def test_requesters_learn_of_no_ticket_by_guessing_its_number(client: Client, bench: Workbench) -> None:
    job = await half_done(bench, bench.people.requester)
    async with client(bench.people.requester) as requester:
        answer = await requester.get(f"/api/jobs/{job.id}/items", params={"number": 5})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
