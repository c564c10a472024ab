"""Reads straight over asyncpg: shared within a turn of the event loop, never stale, healed when a connection breaks."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import Integer, bindparam, literal_column, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts import store as accounts
from app.accounts.models import users
from app.outages import is_unavailable
from app.pools import Pools
from app.reads import Reads, Statement
from tests.support import backends
from tests.support.people import People
from tests.support.pools import READS

_PID = Statement(select(literal_column("pg_backend_pid()")))


@pytest.fixture
def reads(pools: Pools) -> Reads:
    return pools.reads


@pytest.fixture
def statements(reads: Reads, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was bound to each statement that was run."""
    ran: list[dict[str, Any]] = []
    fetch = reads.fetch

    async def counting(statement: Statement, **values: Any) -> list[asyncpg.Record]:
        ran.append(values)
        return await fetch(statement, **values)

    monkeypatch.setattr(reads, "fetch", counting)
    return ran


async def test_who_asks_in_one_turn_shares_a_statement(
    reads: Reads, people: People, statements: list[dict[str, Any]]
) -> None:
    by_id = accounts.by_id(reads)
    asked: list[UUID] = [people.admin.id, people.agent.id, people.admin.id, uuid4()]
    assert await asyncio.gather(*map(by_id.find, asked)) == [people.admin, people.agent, people.admin, None]
    assert [set(ran["keys"]) for ran in statements] == [set(asked)]


async def test_many_are_found_with_one_statement_and_none_with_none(
    reads: Reads, people: People, statements: list[dict[str, Any]]
) -> None:
    by_id = accounts.by_id(reads)
    wanted = {people.admin.id: people.admin, people.agent.id: people.agent}
    assert await by_id.find_all({*wanted, uuid4()}) == wanted
    assert await by_id.find_all(set()) == {}
    assert len(statements) == 1


async def test_a_change_is_seen_by_all_who_ask_after_it(reads: Reads, engine: AsyncEngine, people: People) -> None:
    by_id = accounts.by_id(reads)
    before = asyncio.create_task(by_id.find(people.agent.id))
    async with engine.begin() as connection:
        await connection.execute(update(users).where(users.c.id == people.agent.id).values(active=False))
    after = await asyncio.gather(*(by_id.find(people.agent.id) for _ in range(20)))
    assert not any(user is None or user.active for user in after)
    assert await before is not None


async def test_a_connection_that_was_ended_is_replaced(reads: Reads, engine: AsyncEngine) -> None:
    (row,) = await reads.fetch(_PID)
    async with engine.connect() as connection:
        await connection.execute(text("select pg_terminate_backend(:pid, 5000)").bindparams(pid=row[0]))
    (again,) = await reads.fetch(_PID)
    assert again[0] != row[0]


async def test_connections_that_are_cut_off_at_work_are_an_outage_and_nothing_worse(
    reads: Reads, engine: AsyncEngine
) -> None:
    for _ in range(10):
        await asyncio.gather(*(reads.fetch(_PID) for _ in range(8)))
        await backends.end_those_of(engine, READS)
        for _ in range(5):
            try:
                await reads.fetch(_PID)
            except Exception as error:  # noqa: BLE001 - any other is what this looks for
                assert is_unavailable(error), error  # noqa: PT017 - both ways are fine


async def test_a_connection_on_which_something_went_wrong_is_not_used_again(reads: Reads) -> None:
    (row,) = await reads.fetch(_PID)
    with pytest.raises(asyncpg.DivisionByZeroError):
        await reads.fetch(Statement(select(1 / bindparam("by", type_=Integer))), by=0)
    (again,) = await reads.fetch(_PID)
    assert again[0] != row[0]
