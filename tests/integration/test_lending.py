"""That no test finds what another one left, though both have the same database, and the same connections to it."""

import contextlib

import pytest
from sqlalchemy import text

from tests.support import internals
from tests.support.lending import Database, a_database
from tests.support.people import add_people
from tests.support.servers import Servers


@pytest.fixture
async def used(servers: Servers, template: str) -> Database:
    """One that was lent before, with people in it, and has connections."""
    async with a_database(servers, template) as database:
        await add_people(database.kept.engine, "a hash")
    return database


async def users(database: Database) -> int:
    async with database.kept.engine.connect() as connection:
        return int(await connection.scalar(text("select count(*) from users")) or 0)


async def test_it_is_empty_and_its_connections_are_there(used: Database, servers: Servers, template: str) -> None:
    before = await used.kept.sessions()
    async with a_database(servers, template) as again:
        assert (again, await users(again)) == (used, 0)
        assert await again.kept.sessions() == before != set()


async def test_nobody_meets_one_that_was_lost(used: Database, servers: Servers, template: str) -> None:
    async with a_database(servers, template) as database:
        for session in await database.kept.sessions():
            await database.charge.connection.execute(f"select pg_terminate_backend({session}, 5000)")
    async with a_database(servers, template) as again:
        assert (again, await users(again)) == (used, 0)


async def test_who_still_has_one_loses_it(used: Database, servers: Servers, template: str) -> None:
    async with contextlib.AsyncExitStack() as stack:
        async with a_database(servers, template) as database:
            held = await stack.enter_async_context(database.kept.engine.connect())
            await held.execute(text("lock table users in access exclusive mode"))
        async with a_database(servers, template) as again:
            assert (again, await users(again)) == (used, 0)
            assert internals.in_use(again.kept.engine) == 0
        await held.invalidate()


async def test_one_with_another_schema_is_not_lent_again(used: Database, servers: Servers, template: str) -> None:
    async with a_database(servers, template) as database, database.kept.engine.begin() as connection:
        await connection.execute(text("alter table users add column more int"))
        await connection.execute(text("alter table users drop column more"))
    async with a_database(servers, template) as another:
        assert another != used
        assert await users(another) == 0
