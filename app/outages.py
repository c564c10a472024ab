"""How to tell an outage of a server that we depend on from a fault of our own or of a client."""

from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

TAKES_NO_WRITES = "25006"  # the server is no primary, or none any more
# No connection, no primary, standing still for too long, no resources, no lock in time, no server.
UNAVAILABLE_SQLSTATES = ("08", TAKES_NO_WRITES, "25P03", "25P04", "53", "55P03", "57P")
QUERY_CANCELED = "57014"  # what a statement time-out says
RETRYABLE_SQLSTATES = frozenset({"40001", "40P01"})  # serialization failure, deadlock: once more, and it may go well


def is_unavailable(error: BaseException) -> bool:
    """Tell whether `error` means that a server we depend on is away, rather than that someone is wrong."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if (sqlstate_of(error) or "").startswith(UNAVAILABLE_SQLSTATES):
        return True
    return isinstance(error, (PoolTimeoutError, RedisError, OSError, TimeoutError))


def sqlstate_of(error: BaseException) -> str | None:
    """Return the SQLSTATE of an error of Postgres, be it SQLAlchemy's or, while connecting, asyncpg's own."""
    return getattr(getattr(error, "orig", error), "sqlstate", None)
