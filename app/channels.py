"""What processes tell each other through Redis: at once, and lost where nobody listens or Redis is away."""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.metrics import REDIS_LOSSES

WAIT_SECONDS = 1.0  # for a message, again and again

Message = TypeVar("Message")

log = structlog.get_logger(__name__)


class Channel(Generic[Message]):
    """A Redis channel whose messages are of one type, which may be a union."""

    def __init__(self, redis: Redis, name: str, message_type: Any) -> None:
        self._redis = redis
        self._name = name
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(message_type)

    async def announce(self, message: Message) -> None:
        """Tell every process that listens; never raises, for what has been committed is true whether told or not."""
        try:
            await self._redis.publish(self._name, self._encoder.encode(message))
        except (RedisError, OSError) as error:
            log.warning("announcement_lost", channel=self._name, error=type(error).__name__)
            REDIS_LOSSES.labels("announcement").inc()

    async def listen(self, hear: Callable[[Message], Awaitable[None]]) -> None:
        """Let `hear` have what others announce, until Redis goes away."""
        async with self._redis.pubsub(ignore_subscribe_messages=True) as subscription:
            await subscription.subscribe(self._name)
            while True:
                message = await subscription.get_message(timeout=WAIT_SECONDS)
                if message is not None:
                    await hear(self._decoder.decode(message["data"]))
