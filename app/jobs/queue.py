"""Wake-ups: how a lane somewhere learns that a job has work. The contract with worker/, and all that arq knows of us.

A wake-up names a job and nothing else. Losing one, or having one too many, costs time and never truth.
"""

from collections import Counter
from datetime import timedelta
from typing import Any, Final, Protocol
from uuid import UUID, uuid4

import msgspec
import structlog
from arq.connections import ArqRedis
from arq.constants import in_progress_key_prefix
from redis.asyncio import ConnectionPool
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.exceptions import RedisError

from app import urls
from app.jobs.models import Priority
from app.metrics import REDIS_LOSSES

RUN_LANE: Final = "run_lane"  # the name of the task in worker/main.py
QUEUE: Final = "bulkhead:queue"
CALLS: Final = "bulkhead:calls"  # a channel: there is something in the queue that is due
REDIS_TIMEOUT_SECONDS: Final = 2
TIMEOUTS: Final = {"socket_timeout": REDIS_TIMEOUT_SECONDS, "socket_connect_timeout": REDIS_TIMEOUT_SECONDS}

# How much longer than it did a wake-up counts as having waited: what is urgent comes first, and nothing waits for ever.
HEAD_START_SECONDS: Final[dict[Priority, float]] = {"low": 0, "normal": 30, "high": 60}

log = structlog.get_logger(__name__)


class WakeUps(Protocol):
    async def wake(
        self, job_id: UUID, times: int = 1, *, priority: Priority = "normal", delay_seconds: float = 0
    ) -> None:
        """Ask for `times` lanes for a job, now or after a delay; never raises, the sweeper asks again."""

    async def waiting(self) -> Counter[UUID]:
        """Return how many wake-ups of each job no worker has taken yet."""


class ArqWakeUps:
    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis

    async def wake(
        self, job_id: UUID, times: int = 1, *, priority: Priority = "normal", delay_seconds: float = 0
    ) -> None:
        # arq takes what was due first.
        due = timedelta(seconds=delay_seconds or -HEAD_START_SECONDS[priority])
        try:
            for _ in range(times):
                await enqueue(self._redis, RUN_LANE, job_id, queue_name=QUEUE, due=due)
            if not delay_seconds:
                await self._redis.publish(CALLS, b"")
        except (RedisError, OSError) as error:
            log.warning("wake_up_lost", job_id=str(job_id), error=type(error).__name__)
            REDIS_LOSSES.labels("wake_up").inc()

    async def waiting(self) -> Counter[UUID]:
        """Raise `RedisError` while Redis is away."""
        return await waiting(self._redis, QUEUE)


async def enqueue(redis: ArqRedis, task: str, subject_id: UUID, *, queue_name: str, due: timedelta) -> None:
    """Have a worker run a task on a subject; with a fresh id each time, as arq ignores one that it still remembers."""
    wake_up = f"{subject_id}/{uuid4().hex}"
    await redis.enqueue_job(task, str(subject_id), _job_id=wake_up, _queue_name=queue_name, _defer_by=due)


async def waiting(redis: ArqRedis, queue_name: str) -> Counter[UUID]:
    """Count what `enqueue` put into a queue and no worker has taken yet, by subject.

    Entries stay in arq's queue while they run, so those in progress are left out.

    Raises:
        RedisError: Redis is away.
    """
    ids = [raw.decode() for raw in await redis.zrange(queue_name, 0, -1)]
    if not ids:
        return Counter()
    async with redis.pipeline(transaction=False) as pipeline:
        for wake_up in ids:
            pipeline.exists(in_progress_key_prefix + wake_up)
        taken = await pipeline.execute()
    free = (wake_up for wake_up, is_taken in zip(ids, taken, strict=True) if not is_taken)
    return Counter(UUID(wake_up.partition("/")[0]) for wake_up in free)


def create_redis(url: str) -> ArqRedis:
    """Return a client that connects when it is first used, so that a process can start while Redis is away."""
    pool = _pool_behind_sentinels(url) if urls.is_of_sentinels(url) else ConnectionPool.from_url(url, **TIMEOUTS)
    return ArqRedis(pool, job_serializer=serialize, job_deserializer=deserialize, default_queue_name=QUEUE)


class _PoolBehindSentinels(SentinelConnectionPool):
    """Asks where the master is for each new connection, and leaves one that is none any more."""

    def __init__(self, master: str, sentinel: Sentinel, **options: Any) -> None:
        super().__init__(master, sentinel, **options)  # type: ignore[no-untyped-call]
        self._sentinels = tuple(sentinel.sentinels)

    async def get_master_address(self) -> Any:
        """Ask first who answered last: redis-py sees to that, and loses one that did not where two ask at once."""
        try:
            return await super().get_master_address()  # type: ignore[no-untyped-call]
        finally:
            manager = self.sentinel_manager
            manager.sentinels = list(dict.fromkeys([*manager.sentinels, *self._sentinels]))

    async def disconnect(self, inuse_connections: bool = True) -> None:
        await super().disconnect(inuse_connections)
        if inuse_connections:  # it is closed for good: those to the Sentinels, too, which redis-py forgets
            for sentinel in self.sentinel_manager.sentinels:
                await sentinel.aclose()


def _pool_behind_sentinels(url: str) -> ConnectionPool:
    asked = urls.sentinels(url)
    options = {**TIMEOUTS, "ssl": asked.has_tls}
    return _PoolBehindSentinels(
        asked.master,
        Sentinel(asked.places, sentinel_kwargs=options),  # type: ignore[no-untyped-call]
        username=asked.username,
        password=asked.password,
        db=asked.database,
        **options,
    )


def serialize(value: dict[str, Any]) -> bytes:
    """Msgpack in place of arq's default, pickle, which runs whatever someone put into Redis."""
    return msgspec.msgpack.encode(value, enc_hook=repr)


def deserialize(data: bytes) -> dict[str, Any]:
    return msgspec.msgpack.decode(data, type=dict[str, Any])
