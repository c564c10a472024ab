"""Databases of tickets, each made once and then copied, on real servers with fsync on."""

import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import anyio.to_thread
import asyncpg

from app import database
from app.accounts.passwords import hash_password
from app.embedded import layout
from app.settings import Settings
from tests.bench import tickets
from tests.support import embedded
from tests.support.people import PASSWORD, add_people
from tests.support.servers import migrate, settings_for

TICKETS = 2_000_000
QUICK_TICKETS = 100_000

Tell = Callable[[str], None]


class Database:
    """A copy that one contender has to itself, as good as new."""

    def __init__(self, settings: Settings, connection: asyncpg.Connection, ticket_count: int) -> None:
        self.settings = settings
        self.connection = connection
        self.ticket_count = ticket_count
        self._next_rank = ticket_count // tickets.SHARES[tickets.HALF] + 1

    async def random_ids(self, count: int) -> list[UUID]:
        """Return tickets that nobody was given before, at random from the half without the tag `HALF`."""
        ids = await tickets.of_ranks(self.connection, self._next_rank, count)
        assert len(ids) == count, "all tickets are used up"
        self._next_rank += count
        return ids

    def tagged(self, tag: str) -> int:
        """Return how many tickets have one of the tags in `SHARES`."""
        return self.ticket_count // tickets.SHARES[tag]

    async def settle(self) -> None:
        """Write out what is pending, so that nobody pays for what others did."""
        await self.connection.execute("checkpoint")


class Databases:
    def __init__(self, local_dir: Path, tell: Tell, *, is_quick: bool) -> None:
        self.is_quick = is_quick
        self.tickets = QUICK_TICKETS if is_quick else TICKETS
        self.tell = tell
        self._url = layout.database_url(local_dir)
        self._redis_url = layout.redis_url(local_dir)
        self._templates: dict[tuple[int, int], str] = {}

    def rounds(self, full: int, quick: int) -> Iterable[int]:
        """Count the rounds of a benchmark, and tell of each."""
        count = quick if self.is_quick else full
        for number in range(count):
            self.tell(f"round {number + 1} of {count}")
            yield number

    @contextlib.asynccontextmanager
    async def copy(self, ticket_count: int | None = None, items: int = 0) -> AsyncIterator[Database]:
        """Copy the database of so many tickets, 2M unless said otherwise, with `items` recorded long ago."""
        count = ticket_count or self.tickets
        template, name = await self._template(count, items), f"copy_{uuid4().hex}"
        await self._administer(f"create database {name} template {template} strategy file_copy")
        settings = self._settings(name)
        try:
            async with connecting(settings.database_url) as connection:
                yield Database(settings, connection, count)
        finally:
            await self._administer(f"drop database {name} with (force)")

    async def postgres_version(self) -> str:
        async with connecting(self._url) as connection:
            version: str = await connection.fetchval("show server_version")
            return version

    async def _template(self, count: int, items: int) -> str:
        name = self._templates.get((count, items))
        if name is None:
            name = f"template_{count}_{items}"
            basis = await self._template(count, 0) if items else "template0"
            self.tell(f"making {count:,} tickets" + (f" and {items:,} items" if items else ""))
            await self._administer(f"create database {name} template {basis}")
            await self._fill(self._settings(name), count, items)
            self._templates[count, items] = name
        return name

    async def _fill(self, settings: Settings, count: int, items: int) -> None:
        if items == 0:
            await anyio.to_thread.run_sync(migrate, settings.database_url)
            engine = database.create_engine(settings, application_name="bench")
            await add_people(engine, hash_password(PASSWORD))
            await engine.dispose()
        async with connecting(settings.database_url) as connection:
            if items:
                await tickets.add_items(connection, items)
            else:
                await tickets.add(connection, count)

    async def _administer(self, statement: str) -> None:
        async with connecting(self._url.replace("/bulkhead?", "/postgres?")) as connection:
            await connection.execute(statement)

    def _settings(self, name: str) -> Settings:
        return settings_for(self._url.replace("/bulkhead?", f"/{name}?"), self._redis_url)


@contextlib.contextmanager
def opened(tell: Tell, *, is_quick: bool) -> Iterator[Databases]:
    """Start the servers, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="bulkhead-bench-") as folder:
        local_dir = Path(folder)
        local_dir.chmod(0o755)  # the servers' own user must get in
        with embedded.running(local_dir):
            yield Databases(local_dir, tell, is_quick=is_quick)


@contextlib.asynccontextmanager
async def connecting(url: str, **options: Any) -> AsyncIterator[asyncpg.Connection]:
    """Connect as the app does, with plans made for the values at hand."""
    server_settings = {"jit": "off", "plan_cache_mode": "force_custom_plan", "application_name": "bench"}
    connection = await asyncpg.connect(url, server_settings=server_settings, **options)
    try:
        yield connection
    finally:
        await connection.close()
