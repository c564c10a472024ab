from typing import Protocol

from redis.asyncio import Redis

from app.channels import Channel
from app.tickets import events


class Announcer(Protocol):
    async def announce(self, message: events.Message, /) -> None:
        """Tell every API process; never raises, for what has been committed is true whether told or not."""


class RedisAnnouncer(Channel[events.Message]):
    def __init__(self, redis: Redis) -> None:
        super().__init__(redis, events.CHANNEL, events.Message)
