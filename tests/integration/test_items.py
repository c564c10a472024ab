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
    await bench.execute(
        "insert into tickets (title, requester_id) select 'x', :id from generate_series(1, 100000)",
        id=bench.people.requester.id,
    )
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


async def looked_up(engine: AsyncEngine, job: Job, **query: Any) -> float:
    """Read a page, and return how many tickets Postgres looked at for it, all of them through an index."""
    values = {"job_id": job.id, "limit": 20, "after": -1, "result": None, "code": None, "names_tickets": True} | query
    statement = text(f"explain (analyze, format json) {items._PAGE.element}").bindparams(*items._PARAMETERS)
    async with engine.connect() as connection:
        [explained] = await connection.scalar(statement, values)
    reads = [node for node in nodes(explained["Plan"]) if node.get("Relation Name") == "tickets"]
    assert [node["Node Type"] for node in reads] == ["Index Scan"]
    found: float = sum(node["Actual Rows"] * node["Actual Loops"] for node in reads)
    return found


async def test_a_page_of_a_large_job_looks_up_its_own_tickets_and_no_others(bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(1))
    await bench.execute("delete from job_chunks")
    await make_large(bench, job)
    for prepare in ("select 1", "analyze"):  # Postgres may know how large these tables are, or not yet
        await bench.execute(prepare)
        assert await looked_up(bench.engine, job) == 20
        assert await looked_up(bench.engine, job, after=50_000) == 20
        assert await looked_up(bench.engine, job, after=79_979, limit=101) == 101
        assert await looked_up(bench.engine, job, result="unprocessed") == 20
        assert await looked_up(bench.engine, job, result="failed") == 0
