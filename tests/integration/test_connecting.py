"""Several servers in one URL, and one that takes no writes any more."""

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
import pytest
from msgspec import structs
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database
from app.accounts import tokens
from app.cli.backups import tools
from app.cli.commands.shell import without_password
from app.connecting import Connector
from app.embedded import binaries
from app.outages import is_unavailable
from app.reads import Reads, Statement
from app.settings import Settings, database_url
from tests.support.http import http_client
from tests.support.people import People
from tests.support.routes import Routes
from tests.support.servers import execute
from tests.support.serving import serving

NOBODY = "127.0.0.1"  # at port 1
SHARE_SECONDS = 1.5
CANCEL = bytes.fromhex("00000010 04D2162E")  # how a request begins that a statement be given up
_PID, _SLEEP = select(func.pg_backend_pid()), select(func.pg_sleep(60))


class Silent:
    """A server that takes connections and says nothing, as one does whose machine is gone behind a firewall."""

    def __init__(self) -> None:
        self.asked = 0

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self._take, NOBODY, 0)
        yield server.sockets[0].getsockname()[1]
        server.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked += await reader.read(len(CANCEL)) not in {CANCEL, b""}
        await reader.read()
        writer.close()


class Fleeting(Silent):
    """A server that answers until its machine is gone."""

    def __init__(self, socket: str) -> None:
        super().__init__()
        self._socket = socket
        self.is_gone = False

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_gone:
            await super()._take(reader, writer)
            return
        from_server, to_server = await asyncio.open_unix_connection(f"{self._socket}/.s.PGSQL.5432")
        await asyncio.gather(pump(reader, to_server), pump(from_server, writer))


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while block := await reader.read(65_536):
        writer.write(block)
    writer.close()


def options_of(url: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(url)
    [socket] = parse_qs(parts.query)["host"]
    return socket, {"user": "bulkhead", "database": parts.path.removeprefix("/")}


async def test_of_several_servers_one_that_answers_is_taken_and_asked_first_the_next_time(settings: Settings) -> None:
    socket, account = options_of(settings.database_url)
    silent, connect = Silent(), Connector()
    async with silent.listening() as port:
        for _ in range(3):
            hosts, ports = [NOBODY, NOBODY, socket], [1, port, 5432]
            connection = await connect(timeout=len(hosts) * SHARE_SECONDS, host=hosts, port=ports, **account)
            assert await connection.fetchval("select 1") == 1
            await connection.close()
    assert silent.asked == 1


async def test_a_server_that_was_left_is_asked_last_however_many_leave_it_and_however_late(settings: Settings) -> None:
    socket, account = options_of(settings.database_url)
    first, connect = Fleeting(socket), Connector()
    async with first.listening() as port:
        place = {"host": [NOBODY, socket], "port": [port, 5432], **account}
        left = [await connect(timeout=2 * SHARE_SECONDS, **place) for _ in range(3)]
        first.is_gone = True
        for connection in left[:2]:
            connect.leave(connection)
        await (await connect(timeout=2 * SHARE_SECONDS, **place)).close()
        connect.leave(left[2])
        await (await connect(timeout=2 * SHARE_SECONDS, **place)).close()
        assert first.asked == 0
        for connection in left:
            await connection.close()


async def test_when_none_answers_that_is_an_outage() -> None:
    with pytest.raises(OSError) as refused:  # noqa: PT011 - which of them is of no matter
        await Connector()(timeout=1, host=[NOBODY, NOBODY], port=[1, 1], user="x", database="x")
    assert is_unavailable(refused.value)


async def test_who_may_not_enter_is_not_let_in_elsewhere(settings: Settings) -> None:
    socket, account = options_of(settings.database_url)
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await Connector()(timeout=1, host=[socket, NOBODY], port=[5432, 1], **account | {"database": "none_of_ours"})


async def test_a_server_that_takes_no_writes_is_passed_over(settings: Settings) -> None:
    socket, account = options_of(settings.database_url)
    await set_read_only(settings, "on")
    with pytest.raises(ConnectionError, match="takes no writes"):
        await Connector()(timeout=5, host=socket, port=5432, target_session_attrs="read-write", **account)
    await set_read_only(settings, "off")


async def test_a_session_that_takes_no_writes_any_more_is_an_outage_and_is_left(
    routes: Routes, settings: Settings, people: People
) -> None:
    await set_read_only(settings, "on")
    async with serving(routes.app(settings)) as url, http_client(url) as client:
        client.headers["Authorization"] = f"Bearer {tokens.issue(people.agent.id, settings.jwt_secret, 60)}"
        assert (await client.get("/api/tickets")).status_code == httpx.codes.OK  # one server may well serve reads alone
        refused = await client.post("/api/tickets", json={"title": "T"})
        assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE, refused.text
        await set_read_only(settings, "off")  # for sessions that begin after it
        taken = await client.post("/api/tickets", json={"title": "T"})
        assert taken.status_code == httpx.codes.CREATED, taken.text


async def test_all_sessions_of_a_pool_are_left_with_the_first_that_takes_no_writes(settings: Settings) -> None:
    await set_read_only(settings, "on")
    engine = database.create_engine(settings, application_name="tests")
    async with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            await connection.execute(text("select 1"))
    with pytest.raises(Exception, match="read-only") as refused:
        async with engine.begin() as connection:
            await connection.execute(text("delete from tickets"))
    assert is_unavailable(refused.value)
    await set_read_only(settings, "off")
    async with engine.begin() as one, engine.begin() as other:
        for connection in (one, other):
            await connection.execute(text("delete from tickets"))
    await engine.dispose()


async def test_a_session_whose_transaction_would_not_end_is_not_lent_again(settings: Settings) -> None:
    engine = database.create_engine(settings, application_name="tests")
    async with engine.connect() as connection:
        first = await connection.scalar(_PID)
        await connection.rollback()
        session = (await connection.get_raw_connection()).driver_connection
        assert session is not None
        await session.execute("begin")  # as it stays after a COMMIT that was given up
    async with engine.begin() as connection:
        assert await connection.scalar(_PID) != first
    async with engine.connect() as connection:
        second = await connection.scalar(_PID)
    async with engine.connect() as connection:
        assert await connection.scalar(_PID) == second
    await engine.dispose()


async def test_all_sessions_are_left_with_the_first_that_does_not_answer_in_time(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LATE_SECONDS", -0.4)  # before Postgres has given up
    late = {"application_name": "tests", "statement_seconds": 0.5}
    engine = database.create_engine(settings, **late)  # type: ignore[arg-type]
    reads = Reads(settings.database_url, size=2, **late)  # type: ignore[arg-type]
    before = {*await pids_of(engine), *await asyncio.gather(pid_of(reads), pid_of(reads))}
    with pytest.raises(TimeoutError):
        async with engine.connect() as connection:
            await connection.execute(_SLEEP)
    with pytest.raises(TimeoutError):
        await reads.fetch(Statement(_SLEEP))
    assert not before & {*await pids_of(engine), await pid_of(reads)}
    await engine.dispose()
    await reads.close()


async def test_nobody_goes_back_to_a_machine_that_is_gone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LATE_SECONDS", -0.4)
    late = {"application_name": "tests", "statement_seconds": 0.5}
    socket, account = options_of(settings.database_url)
    first = Fleeting(socket)
    async with first.listening() as port:
        place = f"host={NOBODY},{socket}&port={port},5432&sslmode=disable"
        url = database_url({"DATABASE_URL": f"postgresql://{account['user']}@/{account['database']}?{place}"})
        engine = database.create_engine(structs.replace(settings, database_url=url), **late)  # type: ignore[arg-type]
        reads = Reads(url, size=2, **late)  # type: ignore[arg-type]
        await pids_of(engine)
        await pid_of(reads)
        first.is_gone = True
        with pytest.raises(TimeoutError):
            async with engine.connect() as connection:
                await connection.execute(_SLEEP)
        with pytest.raises(TimeoutError):
            await reads.fetch(Statement(_SLEEP))
        await pids_of(engine)
        await pid_of(reads)
        assert first.asked == 0
        await engine.dispose()
        await reads.close()


async def pids_of(engine: AsyncEngine) -> list[int]:
    async with engine.connect() as one, engine.connect() as other:
        return [await connection.scalar(_PID) or 0 for connection in (one, other)]


async def pid_of(reads: Reads) -> int:
    [(pid,)] = await reads.fetch(Statement(_PID))
    return int(pid)


async def set_read_only(settings: Settings, is_so: str) -> None:
    """Have all sessions that begin from now on take writes, or not."""
    name = urlsplit(settings.database_url).path.removeprefix("/")
    admin = settings.database_url.replace(f"/{name}?", "/postgres?")
    await execute(admin, f"alter database {name} set default_transaction_read_only = {is_so}")


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(("of_account", "of_query"), [(":secret", ""), ("", "&password=secret")])
async def test_the_programs_of_postgres_find_the_one_that_answers(
    settings: Settings, tmp_path: Path, order: int, of_account: str, of_query: str
) -> None:
    socket, account = options_of(settings.database_url)
    hosts = ",".join([str(tmp_path), socket][::order])
    url = f"postgresql://bulkhead{of_account}@/{account['database']}?host={hosts}&port=5432{of_query}"
    environ = {"DATABASE_URL": url, "REDIS_URL": settings.redis_url, "JWT_SECRET": settings.jwt_secret}
    of_shell, password = without_password(database_url(environ))
    of_backups = await asyncio.to_thread(tools.find, environ, in_docker=False)  # it has an event loop of its own
    assert (password, of_backups.variables["PGPASSWORD"]) == ("secret", "secret")
    assert "secret" not in f"{of_shell} {of_backups.client('psql')}"
    assert of_backups.sql("select current_database()").strip() == account["database"]
    psql = [str(binaries.ensure(tmp_path).psql), of_shell, "-AtXc", "select current_database()"]
    assert subprocess.check_output(psql, text=True).strip() == account["database"]  # noqa: ASYNC221 - it is quick
