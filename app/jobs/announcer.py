from typing import Protocol

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.jobs import events
from app.metrics import REDIS_LOSSES

log = structlog.get_logger(__name__)


class Announcer(Protocol):
    async def announce(self, event: events.Event) -> None:
        """Tell every API process; never raises, for what has been committed is true whether told or not."""


class RedisAnnouncer:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._encoder = msgspec.msgpack.Encoder()

    async def announce(self, event: events.Event) -> None:
        try:
            await self._redis.publish(events.CHANNEL, self._encoder.encode(event))
        except (RedisError, OSError) as error:
            log.warning("announcement_lost", event_name=event.name, error=type(error).__name__)
            REDIS_LOSSES.labels("announcement").inc()
