import asyncio
import contextlib
import hashlib
import ipaddress
from collections.abc import AsyncIterator

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.accounts.errors import TooManyAttempts
from app.metrics import REDIS_LOSSES

ATTEMPTS = 10  # of one user from one address
# Of one address, whomever it tries. Successes are free, so an office of a thousand behind one address logs in within a
# minute even if one in twenty mistypes; who tries a password on many names gets through 72,000 of them a day.
FAILURES = 50
WINDOW_SECONDS = 60
PATIENCE_SECONDS = 1.0  # with a Redis that does not answer
IPV6_PREFIX = 64  # what one customer of a provider has at least, and can choose addresses from at will

log = structlog.get_logger(__name__)


class LoginLimiter:
    """Counts the attempts of each pair of user and address, and the failures of each address at any door.

    It does so in Redis, so that all API processes agree.
    Without Redis nobody is refused: a locked door would turn a cache's outage into everyone's.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def count(self, login: str, address: str) -> None:
        """Count one attempt, before the password is looked at.

        Raises:
            TooManyAttempts: it was one more than `ATTEMPTS`, or the address has failed `FAILURES` times, within
                `WINDOW_SECONDS`.
        """
        network = _network(address)
        pair, failing = _key(login.lower(), network), _key(network)
        async with _unless_redis_is_away():
            async with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.set(pair, 0, ex=WINDOW_SECONDS, nx=True)
                pipeline.incr(pair)
                pipeline.ttl(pair)
                pipeline.get(failing)
                pipeline.ttl(failing)
                _, attempts, pair_seconds, failures, failing_seconds = await pipeline.execute()
            if int(failures or 0) >= FAILURES:
                raise TooManyAttempts(max(failing_seconds, 1))
            if attempts > ATTEMPTS:
                raise TooManyAttempts(max(pair_seconds, 1))

    async def admit(self, address: str) -> None:
        """Raise `TooManyAttempts` if an address has failed `FAILURES` times within `WINDOW_SECONDS`; count nothing."""
        key = _key(_network(address))
        async with _unless_redis_is_away():
            async with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.get(key)
                pipeline.ttl(key)
                failures, seconds = await pipeline.execute()
            if int(failures or 0) >= FAILURES:
                raise TooManyAttempts(max(seconds, 1))

    async def fail(self, address: str) -> None:
        """Count one failure of an address."""
        key = _key(_network(address))
        async with _unless_redis_is_away(), self._redis.pipeline(transaction=True) as pipeline:
            pipeline.set(key, 0, ex=WINDOW_SECONDS, nx=True)
            pipeline.incr(key)
            await pipeline.execute()

    async def clear(self, login: str, address: str) -> None:
        """Forget a user's attempts that led to a success; the address's failures stay."""
        async with _unless_redis_is_away():
            await self._redis.delete(_key(login.lower(), _network(address)))


@contextlib.asynccontextmanager
async def _unless_redis_is_away() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield
    except (RedisError, OSError) as error:
        log.warning("login_limiter_open", error=type(error).__name__)
        REDIS_LOSSES.labels("login_attempt").inc()


def _network(address: str) -> str:
    """Return the part of an address that its user cannot choose freely."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, IPV6_PREFIX), strict=False))


def _key(*parts: str) -> str:
    """Names and addresses are personal data: Redis sees their digest."""
    return "bulkhead:login:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()
