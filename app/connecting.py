"""How asyncpg connects where there are several servers, of which one takes writes."""

from typing import Any
from weakref import WeakKeyDictionary

import asyncpg

from app.outages import is_unavailable


class Connector:
    """Connects to the first of several servers that takes us; those that did not are asked last the next time.

    asyncpg has one time-out for all of them, and a machine that is gone, rather than a server on it, uses that up: so
    each has its share.
    """

    def __init__(self) -> None:
        self._order: list[int] = []
        self._led_to: WeakKeyDictionary[asyncpg.Connection, int] = WeakKeyDictionary()

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
        self._order = self._order or list(range(len(hosts)))
        for number in tuple(self._order):
            place = {"host": hosts[number], "port": ports[number]}
            try:
                connection = await _connect(**place, timeout=timeout / len(hosts), **options)
            except Exception as error:
                if not is_unavailable(error):
                    raise
                refusal = error
                self._ask_last(number)
            else:
                self._led_to[connection] = number
                return connection
        raise refusal

    def leave(self, connection: asyncpg.Connection) -> None:
        """Ask the server that a connection leads to last the next time, unless another is asked first by now.

        Several connections to it may say so, and some when the others have long found a better one.
        """
        if self._order and self._led_to.get(connection) == self._order[0]:
            self._ask_last(self._order[0])

    def _ask_last(self, number: int) -> None:
        self._order.remove(number)
        self._order.append(number)


async def _connect(**options: Any) -> asyncpg.Connection:
    if "sslmode" in options:  # libpq's word for it
        options["ssl"] = options.pop("sslmode")
    try:
        return await asyncpg.connect(**options)
    except asyncpg.TargetServerAttributeNotMatched as error:
        raise ConnectionError("the server takes no writes") from error
