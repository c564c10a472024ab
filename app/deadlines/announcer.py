from collections.abc import Sequence
from typing import Final, Protocol

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.deadlines.models import Breach
from app.metrics import REDIS_LOSSES

CHANNEL: Final = "bulkhead:breaches"  # the Redis channel between workers and the API's sockets: a list of Breach each

log = structlog.get_logger(__name__)


class Announcer(Protocol):
    async def announce(self, breaches: Sequence[Breach]) -> None:
        """Tell every API process; never raises, for what has been committed is true whether told or not."""


class RedisAnnouncer:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._encoder = msgspec.msgpack.Encoder()

    async def announce(self, breaches: Sequence[Breach]) -> None:
        try:
            await self._redis.publish(CHANNEL, self._encoder.encode(breaches))
        except (RedisError, OSError) as error:
            log.warning("announcement_lost", event_name="tickets:breached", error=type(error).__name__)
            REDIS_LOSSES.labels("announcement").inc()
