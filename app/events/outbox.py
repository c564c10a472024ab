from collections.abc import Callable
from typing import Final, Protocol

from redis.asyncio import Redis

from app.channels import Channel

CHANNEL: Final = "bulkhead:outbox"  # the Redis channel from those who record events to the workers


class Outbox(Protocol):
    async def wake(self) -> None:
        """Have what was recorded told at once, after its commit; never raises, for workers look by themselves too."""


class RedisOutbox:
    def __init__(self, redis: Redis) -> None:
        self._channel = Channel[None](redis, CHANNEL, None)

    async def wake(self) -> None:
        await self._channel.announce(None)

    async def listen(self, hear: Callable[[], object]) -> None:
        """Call `hear` whenever someone has recorded events, until Redis goes away."""

        async def hear_one(_: None) -> None:
            hear()

        await self._channel.listen(hear_one)
