"""A database of its own for whoever asks."""

import contextlib
from collections.abc import AsyncIterator
from typing import NamedTuple
from uuid import uuid4

from tests.support import janitor
from tests.support.janitor import Charge
from tests.support.kept import Kept
from tests.support.servers import Servers, execute, settings_for


class Database(NamedTuple):
    name: str
    url: str
    charge: Charge
    kept: Kept

    async def is_as_new(self) -> bool:
        """End all that is connected and not kept, and empty it; False if its schema is another one now."""
        stay = await self.kept.sessions()
        if await janitor.end_others(self.charge, stay) != stay:
            await self.kept.close()  # some had been ended, and nobody shall meet them
        return await janitor.empty(self.charge)

    async def close(self) -> None:
        await self.kept.close()
        await self.charge.close()


FREE: list[Database] = []  # of this process: they are as the template is, and nobody uses them now


@contextlib.asynccontextmanager
async def a_database(servers: Servers, template: str) -> AsyncIterator[Database]:
    """Lend a database that is as the template is: emptied and lent again, if its schema was left alone."""
    database = FREE.pop() if FREE else await _copied(servers, template)
    yield database
    if await database.is_as_new():
        FREE.append(database)
    else:
        await database.close()
        await execute(servers.database("postgres"), f"drop database {database.name} with (force)")


async def close_all() -> None:
    while FREE:
        await FREE.pop().close()


async def _copied(servers: Servers, template: str) -> Database:
    name = f"test_{uuid4().hex}"
    # Copying its files takes Postgres a quarter of the work that logging each of their pages does.
    await execute(servers.database("postgres"), f"create database {name} template {template} strategy file_copy")
    url = servers.database(name)
    return Database(name, url, await janitor.charged_with(url), Kept(settings_for(url, servers.redis_url)))
