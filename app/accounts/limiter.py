import asyncio
import hashlib

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.accounts.errors import TooManyAttempts
from app.metrics import REDIS_LOSSES

ATTEMPTS = 10
WINDOW_SECONDS = 60
PATIENCE_SECONDS = 1.0  # with a Redis that does not answer

log = structlog.get_logger(__name__)


class LoginLimiter:
    """Counts attempts to log in for each pair of user and address, in Redis, so that all API processes agree.

    Without Redis nobody is refused: a locked door would turn a cache's outage into everyone's.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def count(self, login: str, address: str) -> None:
        """Count one attempt.

        Raises:
            TooManyAttempts: it was one more than `ATTEMPTS` within `WINDOW_SECONDS`.
        """
        key = _key(login, address)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._redis.pipeline(transaction=True) as pipeline:
                pipeline.set(key, 0, ex=WINDOW_SECONDS, nx=True)
                pipeline.incr(key)
                pipeline.ttl(key)
                _, attempts, ttl_seconds = await pipeline.execute()
        except (RedisError, OSError) as error:
            _open(error)
            return
        if attempts > ATTEMPTS:
            raise TooManyAttempts(max(ttl_seconds, 1))

    async def clear(self, login: str, address: str) -> None:
        """Forget the attempts that led to a success."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._redis.delete(_key(login, address))
        except (RedisError, OSError) as error:
            _open(error)


def _open(error: Exception) -> None:
    log.warning("login_limiter_open", error=type(error).__name__)
    REDIS_LOSSES.labels("login_attempt").inc()


def _key(login: str, address: str) -> str:
    """Names and addresses are personal data: Redis sees their digest."""
    return "bulkhead:login:" + hashlib.sha256(f"{login.lower()}\0{address}".encode()).hexdigest()
