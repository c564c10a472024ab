"""Whether an API process can serve requests."""

import asyncio
from typing import Final, Literal

from msgspec import UNSET, UnsetType
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import text

from app import revisions
from app.health.errors import NotReady
from app.health.models import Readiness
from app.outages import is_unavailable
from app.reads import Reads, Statement
from app.replica import Replica

SECONDS: Final = 2.0  # what asks for this gives up soon, too

_ANYTHING: Final = Statement(text("select 1"))


class Probes:
    def __init__(self, reads: Reads, redis: Redis, replica: Replica | None = None) -> None:
        self._reads = reads
        self._redis = redis
        self._replica = replica
        self._newest = revisions.head()

    async def ask_postgres(self) -> None:
        """Raise what `Reads.fetch` does when Postgres does not answer."""
        await self._reads.fetch(_ANYTHING)

    async def look(self) -> Readiness:
        """Ask all that requests need, side by side, for two seconds at most.

        Without Redis requests are served, as they are without the replica; and where newer code has migrated the
        database, for that is how it is replaced.

        Raises:
            NotReady: Postgres is away, or its schema is older than this code.
        """
        (postgres, migrations), redis = await asyncio.gather(self._schema(), self._ask_redis())
        if migrations is None or migrations == "behind":
            raise NotReady(postgres=postgres, redis=redis, migrations=migrations)
        replica = self._how_replica_is()
        is_ok = (redis, migrations) == ("ok", "ok") and replica != "left out"
        return Readiness("ok" if is_ok else "degraded", "ok", redis, migrations, replica)

    def _how_replica_is(self) -> Literal["ok", "left out"] | UnsetType:
        if self._replica is None:
            return UNSET
        return "ok" if self._replica.left_out is None else "left out"

    async def _schema(self) -> tuple[Literal["ok", "away"], revisions.State | None]:
        try:
            async with asyncio.timeout(SECONDS):
                return "ok", revisions.state_of(await revisions.at(self._reads), self._newest)
        except Exception as error:
            if not is_unavailable(error):
                raise
            return "away", None

    async def _ask_redis(self) -> Literal["ok", "away"]:
        try:
            async with asyncio.timeout(SECONDS):
                await self._redis.ping()
        except (RedisError, OSError):
            return "away"
        return "ok"
