"""Empties databases between tests, over connections that it keeps: a new one takes several times as long to do it."""

from collections.abc import Collection
from typing import NamedTuple

import asyncpg

from tests.support.waiting import until

# What a test may have added to the schema, or taken away: tables and their columns, and how many there are of the rest.
# What was taken away and made anew counts: connections that are kept know it as it was.
SHAPE = """
    select (select sum(hashtext(concat_ws(' ', oid, relname, relnatts, pg_get_expr(relpartbound, oid))))
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
# All other sessions of a database: those that are to stay, and do nothing, are left alone.
END_OTHERS = """
    select pid, case when pid = any($1) and state = 'idle' then null else pg_terminate_backend(pid) end as is_ended
    from pg_stat_get_activity(null)
    where datid = (select oid from pg_database where datname = current_database()) and pid <> pg_backend_pid()
"""
AT_ONCE = 0.002  # a session is gone in about as much


class Charge(NamedTuple):
    """A database that is to be emptied again and again, and its shape when it was new."""

    connection: asyncpg.Connection
    shape: asyncpg.Record

    async def close(self) -> None:
        await self.connection.close()


async def charged_with(database_url: str) -> Charge:
    connection = await asyncpg.connect(database_url)
    return Charge(connection, await connection.fetchrow(SHAPE))


async def end_others(charge: Charge, stay: Collection[int]) -> set[int]:
    """End the sessions of a database but those that are to stay; return which of these are there, and idle."""
    left: set[int]

    async def are_ended() -> bool:
        nonlocal left
        found = await charge.connection.fetch(END_OTHERS, stay)
        left = {row["pid"] for row in found}
        return all(row["is_ended"] is None for row in found)

    await until(are_ended, every=AT_ONCE)
    return left


async def empty(charge: Charge) -> bool:
    """Empty a database, unless its schema is another one now."""
    if await charge.connection.fetchrow(SHAPE) != charge.shape:
        return False
    await charge.connection.execute(EMPTY)
    return True
