"""A chunk costs as much as its tickets do, however many others there are, and whatever Postgres believes of that."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.jobs import chunks
from app.jobs.operations.operation import Operation
from app.jobs.operations.registry import OPERATIONS
from tests.support.people import People, add_tickets
from tests.support.planner import TAKEN_FOR_EMPTY

# So many that to read them all is dearer than to look up a few. None has an external id: what may go wrong with
# these is said where an import looks them up.
MANY = 5000
TABLES = ("tickets", "comments", "contacts", "import_rows")
READS = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan")
FILL = (
    "insert into contacts (name, email) select title, number || '@example.com' from tickets",
    "insert into comments (ticket_id, author_id, body) select id, requester_id, 'B' from tickets",
    "insert into import_rows (id, import_id, line, title) select id, requester_id, number, title from tickets",
)
# Autovacuum may have looked at them before, or not.
KNOWN = {"statistics": "analyze", "none": "delete from pg_statistic"}
EVERY = [*OPERATIONS.values(), *(each.fulfilling for each in OPERATIONS.values() if each.fulfilling)]


@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize("operation", EVERY, ids=lambda each: f"{each.type} {'+' * bool(each.taking)}")
async def test_no_table_is_read_as_a_whole_that_is_taken_for_empty(
    engine: AsyncEngine, people: People, operation: Operation, known: str
) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(f"truncate {', '.join(TABLES)} cascade"))  # indexes may have grown in other tests
    ids = await add_tickets(engine, people.requester, MANY)
    async with engine.begin() as connection:
        await connection.execute(text("set local session_replication_role = replica"))  # no triggers
        for statement in (*FILL, KNOWN[known]):
            await connection.execute(text(statement))
        for table in TABLES:
            await connection.execute(text(TAKEN_FOR_EMPTY), {"name": table})
    reads = [node for node in await plan_of(engine, operation, ids[:10]) if node["Node Type"] in READS]
    looked_at = [node for node in reads if node.get("Relation Name") in (*TABLES, None)]  # of a bitmap's it is not said
    assert looked_at
    assert [node for node in looked_at if "Index Cond" not in node] == []


async def plan_of(engine: AsyncEngine, operation: Operation, ids: list[UUID]) -> list[dict[str, Any]]:
    """Return the nodes of the plan that a chunk's statement has."""
    async with engine.connect() as connection:
        explain, names = chunks._apply_statement(operation)
        values = {
            "job_id": uuid4(),
            "ids": ids,
            "positions": list(range(len(ids))),
            "succeeding": operation.succeeding_codes,
            "params": json.dumps({"status": "fulfilled", "undoes": str(uuid4()), "body": "B"}),
            "source_first": 0,
            "source_last": len(ids) - 1,
        }
        statement = text(f"explain (format json) {explain.text}").bindparams(*explain._bindparams.values())
        [explained] = await connection.scalar(statement, {name: values[name] for name in names})
    return list(nodes(explained["Plan"]))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)
