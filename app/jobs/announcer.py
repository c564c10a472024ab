from typing import Protocol

from redis.asyncio import Redis

from app.channels import Channel
from app.jobs import events


class Announcer(Protocol):
    async def announce(self, event: events.Event, /) -> None:
        """Tell every API process; never raises, for what has been committed is true whether told or not."""


class RedisAnnouncer(Channel[events.Event]):
    def __init__(self, redis: Redis) -> None:
        super().__init__(redis, events.CHANNEL, events.Event)
