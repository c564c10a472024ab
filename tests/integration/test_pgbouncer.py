"""What sessions keep elsewhere holds in each transaction through PgBouncer, which lends the same few to everybody."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import msgspec
import pytest
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database, pools
from app.cli.doctor import postgres
from app.cli.doctor.patient import Patient, planned
from app.outages import QUERY_CANCELED, sqlstate_of
from app.pools import Pools
from app.reads import Statement
from app.settings import Settings
from tests.support import pgbouncer

SESSIONS = 2
CLIENTS = 8
STATEMENT_SECONDS = 4.0
WANTED = {
    "application_name": "through",
    "TimeZone": "UTC",
    "jit": "off",
    "statement_timeout": "4s",
    "lock_timeout": "4s",
    "transaction_timeout": "8s",
    "idle_in_transaction_session_timeout": "5s",
}
_SETTINGS = text("select name, current_setting(name) as value from unnest(cast(:names as text[])) as name")
_SELF = Statement(select(func.pg_backend_pid(), bindparam("given", type_=JSONB)))


@pytest.fixture
async def through(settings: Settings) -> AsyncIterator[Settings]:
    """Settings by which a process reaches its database through a PgBouncer with two sessions."""
    if pgbouncer.path() is None:
        pytest.skip("no pgbouncer is here, so nobody looked at what comes of us behind one")
    async with pgbouncer.running(settings.database_url, sessions=SESSIONS) as bouncer:
        name = urlsplit(settings.database_url).path.removeprefix("/")
        yield msgspec.structs.replace(settings, pgbouncer_url=bouncer.database(name))


@pytest.fixture
async def engine_through(through: Settings) -> AsyncIterator[AsyncEngine]:
    engine = database.create_engine(through, application_name="through", statement_seconds=STATEMENT_SECONDS)
    yield engine
    await engine.dispose()


@pytest.fixture
async def pools_through(through: Settings) -> AsyncIterator[Pools]:
    opened = pools.opened(through)
    yield opened
    await opened.close()


async def test_each_transaction_has_the_settings_and_none_leaves_any_or_a_statement_behind(
    engine_through: AsyncEngine, engine: AsyncEngine
) -> None:
    async def look(number: int) -> int:
        async with engine_through.begin() as connection:
            rows = await connection.execute(_SETTINGS, {"names": list(WANTED)})
            assert {row.name: row.value for row in rows} == WANTED
            await connection.execute(text("select count(*) from tickets where number = :number"), {"number": number})
            prepared = "select pg_backend_pid(), (select count(*) from pg_prepared_statements)"
            pid, left = (await connection.execute(text(prepared))).one()
            assert left == 0
            return int(pid)

    assert len(set(await asyncio.gather(*map(look, range(CLIENTS))))) <= SESSIONS
    async with engine_through.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        timeout = await connection.scalar(text("select current_setting('statement_timeout')"))
    assert timeout == "0"


async def test_a_statement_has_its_time_and_a_lock_its_transaction(engine_through: AsyncEngine) -> None:
    take = text("select pg_try_advisory_xact_lock(4711)")
    async with engine_through.begin() as one, engine_through.begin() as other:
        assert await one.scalar(take)
        assert not await other.scalar(take)
    async with engine_through.connect() as connection:
        await connection.execute(text("set local statement_timeout = '50ms'"))
        with pytest.raises(DBAPIError) as late:
            await connection.execute(text("select pg_sleep(60)"))
    assert sqlstate_of(late.value) == QUERY_CANCELED
    async with engine_through.begin() as connection:
        assert await connection.scalar(take)
        assert await connection.scalar(text("select current_setting('statement_timeout')")) == "4s"


async def test_single_reads_share_sessions_too(pools_through: Pools) -> None:
    async def read(number: int) -> int:
        for _ in range(3):
            [(pid, given)] = await pools_through.reads.fetch(_SELF, given={"number": number})
            assert given == {"number": number}
        return int(pid)

    assert len(set(await asyncio.gather(*map(read, range(CLIENTS))))) <= SESSIONS


async def test_the_doctor_knows_one_that_is_taken_for_postgres(through: Settings) -> None:
    wrong = {"DATABASE_URL": str(through.pgbouncer_url), "REDIS_URL": through.redis_url}
    for environ, status in ((wrong, "fail"), (wrong | {"PGBOUNCER_URL": wrong["DATABASE_URL"]}, "ok")):
        patient = Patient(planned(environ))
        async with patient.connected():
            finding = await postgres.server(patient)
        assert finding.status == status, finding
        assert ("PGBOUNCER_URL" in finding.todo) is (status == "fail")
