"""Empties databases between tests, over connections that it keeps: a new one takes several times as long to do it."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import asyncpg

from tests.support.waiting import until

T = TypeVar("T")

# What a test may have added to the schema, or taken away: tables by name, and how many there are of the rest.
SHAPE = """
    select (select sum(hashtext(relname || coalesce(pg_get_expr(relpartbound, oid), '')))
            from pg_class where relnamespace = 'public'::regnamespace),
           (select count(*) from pg_proc where pronamespace = 'public'::regnamespace),
           (select count(*) from pg_trigger where not tgisinternal)
"""
# Deleting the few rows of most tests takes a tenth of what truncating does, which makes new files for each table and
# index. Triggers that keep rows from being deleted, and the checks of references, are off meanwhile. What the planner
# knows of a table's size (`relpages`) truncating alone makes forgotten.
EMPTY = """
    do $$
    declare
        used record;
    begin
        set local session_replication_role = replica;
        for used in
            select oid::regclass as name, relpages > 0 or pg_relation_size(oid) > 1000000 as is_known_or_large
            from pg_class
            where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'alembic_version'
                and pg_relation_size(oid) > 0
        loop
            if used.is_known_or_large then
                execute format('truncate %s cascade', used.name);
            else
                execute format('delete from %s', used.name);
            end if;
        end loop;
    end $$;
    select setval(oid::regclass, 1, false) from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'S'
"""
END_OTHERS = """
    select pg_terminate_backend(pid) from pg_stat_get_activity(null)
    where datid = (select oid from pg_database where datname = current_database()) and pid <> pg_backend_pid()
"""


class Charge(NamedTuple):
    """A database that is to be emptied again and again, and its shape when it was new."""

    connection: asyncpg.Connection
    shape: asyncpg.Record


class Janitor:
    """Works in a thread of its own: connections live in one event loop, and nearly each test has another."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._charges: list[Charge] = []

    @contextmanager
    def at_work(self) -> Iterator[None]:
        thread = threading.Thread(target=self._loop.run_forever, name="janitor")
        thread.start()
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

    async def charged_with(self, database_url: str) -> Charge:
        return await self._there(self._connect(database_url))

    async def empties(self, charge: Charge) -> bool:
        """End all other sessions of a database and empty it, unless its schema is another one now."""
        return await self._there(_empty(charge))

    async def leave(self, charge: Charge) -> None:
        await self._there(charge.connection.close())

    async def _there(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _connect(self, database_url: str) -> Charge:
        connection = await asyncpg.connect(database_url)
        charge = Charge(connection, await connection.fetchrow(SHAPE))
        self._charges.append(charge)
        return charge

    async def _close(self) -> None:
        for charge in self._charges:
            await charge.connection.close()


async def _empty(charge: Charge) -> bool:
    async def are_none_left() -> bool:
        return not await charge.connection.fetch(END_OTHERS)

    await until(are_none_left)
    if await charge.connection.fetchrow(SHAPE) != charge.shape:
        return False
    await charge.connection.execute(EMPTY)
    return True
