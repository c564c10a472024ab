"""What the judge makes of tickets in a database."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.changes import store as changes
from tests.chaos import tickets
from tests.chaos.record import Record, Tried
from tests.support.people import People, add_tickets

Step = Callable[[AsyncConnection, UUID, str], Awaitable[None]]


async def edit(connection: AsyncConnection, ticket_id: UUID, title: str) -> None:
    statement = text("update tickets set title = :title, version = version + 1 where id = :id")
    await connection.execute(statement, {"title": title, "id": ticket_id})


async def put_on_record(connection: AsyncConnection, ticket_id: UUID, title: str) -> None:
    await changes.record(connection, ticket_id, {"title": ("Ticket 1", title)}, actor_id=None, version=2)


async def test_an_edit_whose_answer_was_lost_may_have_been_made_or_not(engine: AsyncEngine, people: People) -> None:
    made, never_made = await add_tickets(engine, people.requester, 2)
    record = Record(tickets=[made, never_made], tried=[Tried(made, "Made"), Tried(never_made, "Never made")])
    async with engine.connect() as connection:
        await edit(connection, made, "Made")
        await put_on_record(connection, made, "Made")
        assert await tickets.judge(connection, record, []) == tickets.Found()


@pytest.mark.parametrize(
    ("steps", "lost", "doubled"), [([edit], 0, 1), ([edit, edit, put_on_record], 0, 1), ([put_on_record], 1, 0)]
)
async def test_it_is_made_once_and_on_record_or_not_at_all(
    engine: AsyncEngine, people: People, steps: list[Step], lost: int, doubled: int
) -> None:
    ticket_ids = await add_tickets(engine, people.requester, 1)
    record = Record(tickets=ticket_ids, tried=[Tried(ticket_ids[0], "New")])
    async with engine.connect() as connection:
        for step in steps:
            await step(connection, ticket_ids[0], "New")
        found = await tickets.judge(connection, record, [])
    assert (found.lost, found.doubled, len(found.changed)) == (lost, doubled, 1)
