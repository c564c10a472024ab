"""How asyncpg connects where there are several servers, of which one takes writes."""

from typing import Any

import asyncpg

from app.outages import is_unavailable


class Connector:
    """Connects to the first of several servers that takes us, and asks the one that did last before the others.

    asyncpg has one time-out for all of them, and a machine that is gone, rather than a server on it, uses that up: so
    each has its share.
    """

    def __init__(self) -> None:
        self._latest = 0

    async def __call__(
        self,
        *,
        timeout: float,  # noqa: ASYNC109 - asyncpg's own
        host: Any = None,
        port: Any = None,
        **options: Any,
    ) -> asyncpg.Connection:
        """Raise `OSError`, or what the last server said, when none of them takes us."""
        hosts = host if isinstance(host, list) else [host]
        ports = port if isinstance(port, list) else [port]
        for number in sorted(range(len(hosts)), key=lambda number: number != self._latest):
            try:
                connection = await _connect(
                    host=hosts[number], port=ports[number], timeout=timeout / len(hosts), **options
                )
            except Exception as error:
                if not is_unavailable(error):
                    raise
                refusal = error
            else:
                self._latest = number
                return connection
        raise refusal


async def _connect(**options: Any) -> asyncpg.Connection:
    if "sslmode" in options:  # libpq's word for it
        options["ssl"] = options.pop("sslmode")
    try:
        return await asyncpg.connect(**options)
    except asyncpg.TargetServerAttributeNotMatched as error:
        raise ConnectionError("the server takes no writes") from error
