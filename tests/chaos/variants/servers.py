"""Finds servers wrongly."""

from typing import Any

from redis.asyncio.sentinel import SentinelConnectionPool

from app.connecting import Connector
from tests.chaos.variants.replacing import replace


def knows_one_server() -> None:
    """Connect to the first server that is named, whatever becomes of it."""
    connect = Connector.__call__

    async def connect_to_first(self: Connector, *, host: Any, port: Any, **options: Any) -> Any:
        first = (each[0] if isinstance(each, list) else each for each in (host, port))
        return await connect(self, **dict(zip(("host", "port"), first, strict=True)), **options)

    replace(Connector, "__call__", connect_to_first)


def remembers_the_master() -> None:
    """Ask the Sentinels once."""
    ask = SentinelConnectionPool.get_master_address

    async def remember(self: SentinelConnectionPool) -> Any:
        return self.master_address or await ask(self)  # type: ignore[no-untyped-call]

    replace(SentinelConnectionPool, "get_master_address", remember)
