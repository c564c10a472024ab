from typing import get_args

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.events import store
from app.events.models import events
from app.events.names import SENTENCES, Name

# Of five events, four are old, and three of those are planned.
AGE = """
    update events set id = uuidv7(interval '-40 days'), planned_at = case when place < 4 then now() end
    from (select id as old, row_number() over (order by id) as place from events) as numbered
    where id = old and place < 5
"""


async def test_an_event_is_recorded_with_its_transaction(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await store.record(connection, "ticket.created", {"number": 1}, actor_id=None)
        (event,) = await connection.execute(select(events))
    assert (event.type, event.data, event.planned_at) == ("ticket.created", {"number": 1}, None)


async def test_what_was_rolled_back_never_happened(engine: AsyncEngine) -> None:
    async def record_and_fail(connection: AsyncConnection) -> None:
        await store.record(connection, "ticket.created", {}, actor_id=None)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        async with engine.begin() as connection:
            await record_and_fail(connection)
    async with engine.connect() as connection:
        assert list(await connection.execute(select(events))) == []


async def test_old_events_go_once_they_are_planned(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        for _ in range(5):
            await store.record(connection, "ticket.created", {}, actor_id=None)
        await connection.execute(text(AGE))
        assert await store.delete_older_than(connection, age_days=30, limit=2) == 2
        assert await store.delete_older_than(connection, age_days=30, limit=2) == 1
        assert await store.delete_older_than(connection, age_days=30, limit=2) == 0
        assert len(list(await connection.execute(select(events)))) == 2


def test_each_event_has_a_sentence() -> None:
    assert set(SENTENCES) == set(get_args(Name))
