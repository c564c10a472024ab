"""How a lane somewhere learns that there is something to send: as those of jobs do, through a queue of its own."""

from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

import structlog
from arq.connections import ArqRedis
from redis.exceptions import RedisError

from app.jobs import queue
from app.metrics import REDIS_LOSSES

SEND: Final = "send_deliveries"  # the name of the task in worker/main.py
QUEUE: Final = "bulkhead:deliveries"
CALLS: Final = "bulkhead:deliveries:calls"

log = structlog.get_logger(__name__)


class WakeUps(Protocol):
    async def wake(self, lane_ids: Collection[UUID]) -> None:
        """Ask for each of these lanes, a webhook's by its id; never raises, the sweeper asks again."""

    async def waiting(self) -> Counter[UUID]:
        """Return how many wake-ups for each lane no worker has taken yet."""


class ArqWakeUps:
    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis

    async def wake(self, lane_ids: Collection[UUID]) -> None:
        try:
            for lane_id in lane_ids:
                await queue.enqueue(self._redis, SEND, lane_id, queue_name=QUEUE, due=timedelta())
            if lane_ids:
                await self._redis.publish(CALLS, b"")
        except (RedisError, OSError) as error:
            log.warning("wake_up_lost", error=type(error).__name__)
            REDIS_LOSSES.labels("wake_up").inc()

    async def waiting(self) -> Counter[UUID]:
        """Raise `RedisError` while Redis is away."""
        return await queue.waiting(self._redis, QUEUE)
