"""What processes tell each other through Redis: at once, and lost where nobody listens or Redis is away."""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from app.metrics import REDIS_LOSSES

SILENT_SECONDS = 5.0  # after as much silence Redis is asked whether it is there, and after as much again it is gone

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

        async def hear_one(data: bytes) -> None:
            await hear(self._decoder.decode(data))

        await listen(self._redis, self._name, hear_one)


async def listen(redis: Redis, name: str, hear: Callable[[bytes], Awaitable[object]]) -> None:
    """Let `hear` have what is published on a channel.

    Raises:
        RedisError, OSError: Redis went away, or it stands still, and another may have taken its place.
    """
    async with redis.pubsub(ignore_subscribe_messages=True) as subscription:
        await subscription.subscribe(name)
        is_asked = False
        while True:
            message = await subscription.get_message(timeout=SILENT_SECONDS)
            if message is not None:
                is_asked = False
                if message["type"] == "message":
                    await hear(message["data"])
            elif is_asked:
                raise RedisConnectionError("Redis does not answer")
            else:
                await subscription.ping()
                is_asked = True
